import { ConfigError } from '@hasura-auth/core';
import type { HasuraAuthWebSocketOptions } from '@hasura-auth/graphql-ws';
import { sessionOf } from '@hasura-auth/graphql-ws';
import type { Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { RawSocket } from './raw-socket.js';
import { startSocketApp, type SocketApp, type SocketAppOptions } from './socket-app.js';
import { userToken } from './tokens.js';

let app: SocketApp;
afterEach(() => app.close());

const headersOf = (token: string, more: object = {}): object => ({
  headers: { authorization: `Bearer ${token}`, ...more },
});

async function connect(token: string, more: object = {}): Promise<[RawSocket, unknown]> {
  const socket = await RawSocket.open(app.url, 'graphql-transport-ws');
  const answer = await socket.ask({ type: 'connection_init', payload: headersOf(token, more) });
  return [socket, answer];
}

async function open(token: string, more: object = {}): Promise<RawSocket> {
  const [socket, answer] = await connect(token, more);
  expect(answer).toEqual({ type: 'connection_ack' });
  return socket;
}

const ping = (socket: RawSocket | undefined, token: string, more: object = {}): unknown =>
  socket?.ask({ type: 'ping', payload: { connectionParams: headersOf(token, more) } });

async function role(socket: RawSocket): Promise<unknown> {
  const answer = await socket.ask({ id: '1', type: 'subscribe', payload: { query: '{ role }' } });
  if (Array.isArray(answer)) return answer;
  expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
  return (answer as { payload?: { data?: { role?: string } } }).payload?.data?.role;
}

describe('disconnect', () => {
  beforeEach(async () => {
    app = await startSocketApp();
  });

  test('closes connections by role, session variable, token, or several of them', async () => {
    const { connections } = app.auth;
    const [one, two] = [await userToken('1'), await userToken('2')];
    const peers = [
      await open(one),
      await open(one, { 'x-hasura-role': 'editor' }),
      await open(two),
      await open(await userToken('2')),
    ];
    expect(connections.size).toBe(4);
    expect(connections.disconnect({ role: 'user', token: one })).toBe(1);
    expect(connections.disconnect({ role: 'editor' })).toBe(1);
    expect(connections.disconnect({ token: two }, { code: 4401, reason: 'Logged out' })).toBe(1);
    const sessionVariable = { name: 'X-Hasura-User-Id', value: '2' };
    expect(connections.disconnect({ sessionVariable })).toBe(1);
    expect(connections.size).toBe(0);
    expect(await Promise.all(peers.map(({ closed }) => closed))).toEqual([
      [4403, 'The session has ended'],
      [4403, 'The session has ended'],
      [4401, 'Logged out'],
      [4403, 'The session has ended'],
    ]);
  });

  test('without a criterion is a ConfigError', async () => {
    await open(await userToken('1'));
    expect(() => app.auth.connections.disconnect({})).toThrow(ConfigError);
    expect(app.auth.connections.size).toBe(1);
  });
});

describe('re-authentication', () => {
  const paramsOfPing: NonNullable<HasuraAuthWebSocketOptions['paramsOfPing']> = (payload) =>
    payload?.['connectionParams'];
  const start = async (more: SocketAppOptions['auth'] = {}): Promise<void> => {
    app = await startSocketApp({ auth: { paramsOfPing, ...more } });
  };

  test('with a fresh token of the same user moves the end of the connection', async () => {
    await start();
    const endsAt = Date.now() + 400;
    const peer = await open(await userToken('1', 400));
    expect(await ping(peer, await userToken('1'))).toMatchObject({ type: 'pong' });
    while (Date.now() < endsAt + 100) expect(await role(peer)).toBe('user');
    expect(app.auth.connections.size).toBe(1);
  });

  test('is not done by a ping without a token', async () => {
    await start();
    const peer = await open(await userToken('1'));
    expect(await peer.ask({ type: 'ping' })).toEqual({ type: 'pong' });
  });

  test('may read the ping with an async function, and closes the socket if that rejects', async () => {
    const later: typeof paramsOfPing = async (payload) => {
      if (payload?.['broken'] === true) throw new Error('broken');
      return Promise.resolve(payload?.['connectionParams']);
    };
    app = await startSocketApp({ auth: { paramsOfPing: later } });
    const peer = await open(await userToken('1'));
    expect(await ping(peer, await userToken('1'))).toMatchObject({ type: 'pong' });
    const printed = jest.spyOn(console, 'error').mockReturnValue(); // what graphql-ws prints of it
    expect(await peer.ask({ type: 'ping', payload: { broken: true } })).toEqual([
      4500,
      expect.any(String),
    ]);
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
  });

  test('with a wrong token in a ping closes the socket', async () => {
    await start();
    const peer = await open(await userToken('1'));
    expect(await ping(peer, await userToken('1', -1))).toEqual([
      4403,
      'Could not verify JWT: JWTExpired',
    ]);
    expect(app.auth.connections.size).toBe(0);
  });

  const changed = [4403, 'The role or the user of an open connection may not change'];

  test('with another role or user in a ping closes the socket', async () => {
    await start();
    const peers = [await open(await userToken('1')), await open(await userToken('1'))];
    expect(await ping(peers[0], await userToken('2'))).toEqual(changed);
    expect(await ping(peers[1], await userToken('1'), { 'x-hasura-role': 'editor' })).toEqual(
      changed,
    );
  });

  test('may change the role, but not the user, with same-user', async () => {
    await start({ reauthentication: 'same-user' });
    const peer = await open(await userToken('1'));
    await ping(peer, await userToken('1'), { 'x-hasura-role': 'editor' });
    expect(await role(peer)).toBe('editor');
    expect(await ping(peer, await userToken('2'))).toEqual(changed);
  });

  test('by a call of the app rejects if the token is refused, and leaves the socket open', async () => {
    let ctx: Context<Record<string, unknown>, Extra> | undefined;
    app = await startSocketApp({
      server: {
        onConnect: (context) => {
          ctx = context;
          expect(sessionOf(context).role).toBe('user');
        },
      },
    });
    const peer = await open(await userToken('1'));
    if (ctx === undefined) throw new Error('not connected');
    const { auth } = app;
    const params = (token: string): object => ({ headers: { authorization: `Bearer ${token}` } });
    await expect(auth.reauthenticate(ctx, params('wrong'))).rejects.toMatchObject({
      code: 'invalid-jwt',
    });
    const session = await auth.reauthenticate(ctx, params(await userToken('1', 120_000)));
    expect(sessionOf(ctx)).toBe(session);
    expect(await role(peer)).toBe('user');
    auth.connections.disconnect({ role: 'user' });
    await peer.closed;
    await expect(auth.reauthenticate(ctx, {})).rejects.toMatchObject({ kind: 'session-ended' });
  });
});

test('onConnect of the app can refuse a client with false', async () => {
  app = await startSocketApp({
    server: {
      onConnect: (ctx) => {
        if (sessionOf(ctx).role !== 'admin') return false;
        return { hello: sessionOf(ctx).role };
      },
    },
  });
  expect((await connect(await userToken('1')))[1]).toEqual([4403, 'Forbidden']);
  const admin = {
    'x-hasura-admin-secret': 'the admin secret of the tests',
    authorization: 'Basic eA==',
  };
  expect((await connect('', admin))[1]).toEqual({
    type: 'connection_ack',
    payload: { hello: 'admin' },
  });
});

test('a context without a connection has no session', () => {
  app = { close: async () => undefined } as SocketApp; // nothing was started
  expect(() => sessionOf({ extra: {} })).toThrow('The session has ended');
});
