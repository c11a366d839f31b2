import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ConfigError } from '@hasura-auth/core';
import {
  hasuraAuth,
  legacyHandler,
  type HasuraAuthWebSocketOptions,
  type LegacyOptions,
} from '@hasura-auth/graphql-ws';
import type { Context } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RawSocket, type Message } from './raw-socket.js';
import { startSocketApp, type SocketApp, type SocketAppOptions } from './socket-app.js';
import { jwtSecret, userToken } from './tokens.js';

const modern = 'graphql-transport-ws';
const legacy = 'graphql-ws';

let app: SocketApp;
let acknowledge: () => void;

/** An app that acknowledges its clients when the test says so. */
async function start(options: SocketAppOptions = {}): Promise<void> {
  const acknowledged = new Promise<void>((resolve) => (acknowledge = resolve));
  app = await startSocketApp({
    auth: { unauthorizedRole: 'anonymous', ...options.auth },
    server: { onConnect: () => acknowledged, ...options.server },
    legacy: { keepAliveMs: 0, ...options.legacy },
  });
}
afterEach(() => app.close());

const init = { type: 'connection_init', payload: {} };
const query = (id: string, text = '{ role }'): object => ({
  type: 'start',
  id,
  payload: { query: text },
});

/** The next messages, by the ids of their operations. */
async function answers(socket: RawSocket, count: number): Promise<Record<string, Message>> {
  const found: Record<string, Message> = {};
  while (Object.keys(found).length < count) {
    const message = await socket.next();
    if (message.id !== undefined && message.type !== 'complete') found[message.id] = message;
  }
  return found;
}

const rejected = (message: string): object => ({ type: 'error', payload: { message } });

describe('before the acknowledgement, in the older protocol', () => {
  test('eight operations wait, and each further one is rejected', async () => {
    await start();
    const socket = await RawSocket.open(app.url, legacy);
    socket.say(init);
    for (let id = 1; id <= 10; id++) socket.say(query(String(id)));
    const early = await answers(socket, 2);
    const tooMany = rejected('Too many operations before the connection is acknowledged');
    expect(early).toMatchObject({ 9: tooMany, 10: tooMany });
    acknowledge();
    const run = await answers(socket, 8);
    expect(Object.values(run).map(({ type }) => type)).toEqual(Array(8).fill('data'));
  });

  test('a stop ends a waiting operation, and one that names none is dropped', async () => {
    await start();
    const socket = await RawSocket.open(app.url, legacy);
    socket.say({ type: 'stop', id: 'unknown' });
    socket.say(init);
    for (let round = 0; round < 100; round++) {
      socket.say(query('1'));
      socket.say({ type: 'stop', id: '1' });
      socket.say({ type: 'stop', id: String(round) });
    }
    for (let id = 2; id <= 10; id++) socket.say(query(String(id)));
    const tooMany = rejected('Too many operations before the connection is acknowledged');
    expect(await answers(socket, 1)).toMatchObject({ 10: tooMany }); // the server has read all messages
    acknowledge();
    expect(Object.keys(await answers(socket, 8))).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('what waits is at most 24 KiB together, or as much as the options say', async () => {
    await start();
    const large = (id: string): object => query(id, `{ role } #${'x'.repeat(12_000)}`);
    const socket = await RawSocket.open(app.url, legacy);
    socket.say(init);
    for (const id of ['1', '2', '3']) socket.say(large(id));
    expect(await answers(socket, 1)).toMatchObject({ 3: { type: 'error' } });
    socket.say({ type: 'stop', id: '1' });
    socket.say(large('4'));
    socket.say(query('2')); // takes the place of the one with the same id
    for (const id of ['5', '6']) socket.say(large(id));
    expect(await answers(socket, 1)).toMatchObject({ 6: { type: 'error' } });
    acknowledge();
    expect(Object.keys(await answers(socket, 3)).sort()).toEqual(['2', '4', '5']);
    await app.close();

    await start({ legacy: { maxWaitingMessages: 1, maxWaitingBytes: 100_000 } });
    const other = await RawSocket.open(app.url, legacy);
    other.say(init);
    other.say(query('1', `{ role } #${'x'.repeat(50_000)}`));
    other.say(query('2'));
    expect(await answers(other, 1)).toMatchObject({ 2: { type: 'error' } });
    acknowledge();
    expect(await answers(other, 1)).toMatchObject({ 1: { type: 'data' } });
  });

  test('an operation that comes before connection_init is rejected with the engine’s message', async () => {
    await start();
    const socket = await RawSocket.open(app.url, legacy);
    expect(await socket.ask(query('1'))).toEqual({
      type: 'error',
      id: '1',
      payload: {
        message: 'start received before the connection is initialised',
        extensions: { path: '$', code: 'start-failed' },
      },
    });
  });

  test('what waited for a client that is refused is rejected with the engine’s message', async () => {
    await start();
    const socket = await RawSocket.open(app.url, legacy);
    const authorization = `Bearer ${await userToken('1', -1)}`;
    // A hook that answers late would let the operation wait; the refusal of a token seen before does, too.
    await RawSocket.open(app.url, legacy).then((first) =>
      first.ask({ ...init, payload: { headers: { authorization } } }),
    );
    socket.say({ ...init, payload: { headers: { authorization } } });
    socket.say(query('1'));
    expect(await socket.next()).toMatchObject({ type: 'connection_error' });
    expect(await socket.next()).toEqual({
      type: 'error',
      id: '1',
      payload: {
        message: 'cannot start as connection_init failed with: Could not verify JWT: JWTExpired',
        extensions: { path: '$', code: 'start-failed' },
      },
    });
    expect(await socket.closed).toEqual([4403, 'Could not verify JWT: JWTExpired']);
  });

  test('a message of more than 64 KiB is not parsed', async () => {
    await start();
    const padding = ' '.repeat(65_536);
    const first = await RawSocket.open(app.url, legacy);
    first.say(`{"type":"connection_init"${padding}}`);
    expect(await first.next()).toMatchObject({
      type: 'connection_error',
      payload: { message: 'Malformed connection parameters: the message is too long' },
    });
    expect((await first.closed)[0]).toBe(4403);
    const second = await RawSocket.open(app.url, legacy);
    second.say(init);
    second.say(`{"type":"stop","id":"1"${padding}}`);
    expect(await second.closed).toEqual([1009, 'Message is too big']);
  });

  test('a client that sends no connection_init is closed after the timeout', async () => {
    await start({ server: { connectionInitWaitTimeout: 1 } });
    const socket = await RawSocket.open(app.url, legacy);
    expect(await socket.closed).toEqual([4408, 'Connection initialisation timed out']);
  });
});

describe('an id', () => {
  test.each([
    ['a number', 1],
    ['null', null],
    ['absent', undefined],
    ['an object without a text', { toString: 0 }],
    ['a list', ['1']],
    ['empty', ''],
    ['longer than 256 characters', 'x'.repeat(257)],
  ])(
    'that is %s closes the socket with 4400, before and after connection_init',
    async (_name, id) => {
      await start();
      acknowledge();
      for (const type of ['start', 'stop'])
        for (const first of [undefined, init]) {
          const socket = await RawSocket.open(app.url, legacy);
          if (first !== undefined) await socket.ask(first);
          socket.say({ type, id, payload: { query: '{ role }' } });
          expect(await socket.closed).toEqual([4400, 'Invalid message received']);
        }
    },
  );

  test('of 256 characters is used, also twice', async () => {
    await start();
    acknowledge();
    const socket = await RawSocket.open(app.url, legacy);
    await socket.ask(init);
    const id = 'é'.repeat(256);
    socket.say(query(id));
    expect(await answers(socket, 1)).toMatchObject({ [id]: { type: 'data' } });
    socket.say(query(id, 'subscription { endless }'));
    socket.say(query(id, 'subscription { endless }'));
    expect((await socket.closed)[0]).toBe(4409);
  });
});

/** Sends messages without reading what the server answers, until the server has closed the socket. */
async function withoutReading(protocol: string, message: (index: number) => object): Promise<void> {
  const socket = new WebSocket(app.url, protocol);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify(init));
  await once(socket, 'message');
  socket.pause();
  for (let index = 0; app.openSockets() > 0; index++) {
    if (socket.bufferedAmount < 1_000_000) socket.send(JSON.stringify(message(index)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.terminate();
}

describe('the socket of a client that does not read is closed', () => {
  const text = 'x'.repeat(100_000);
  const note = (type: string) => (index: number) => ({
    type,
    id: String(index),
    payload: { query: `mutation { note(text: "${text}") }` },
  });

  test('when it starts operations, in the older protocol', async () => {
    await start({ legacy: { maxUnreadBytes: 1000 } });
    acknowledge();
    await withoutReading(legacy, note('start'));
    expect(app.auth.connections.size).toBe(0);
  });

  test('when it starts operations, in the newer protocol', async () => {
    await start({ auth: { maxUnreadBytes: 1000 } });
    acknowledge();
    await withoutReading(modern, note('subscribe'));
    expect(app.auth.connections.size).toBe(0);
  });

  test('when it pings, in the newer protocol', async () => {
    await start({ auth: { maxUnreadBytes: 1000 } });
    acknowledge();
    await withoutReading(modern, () => ({ type: 'ping', payload: { text } }));
    expect(app.auth.connections.size).toBe(0);
  });

  test('before the acknowledgement, in the older protocol', async () => {
    await start();
    const socket = new WebSocket(app.url, legacy);
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.pause();
    const message = JSON.stringify(query('x'.repeat(256)));
    while (app.openSockets() > 0) {
      if (socket.bufferedAmount < 1_000_000)
        for (let count = 0; count < 1000; count++) socket.send(message);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.terminate();
    expect(app.auth.connections.size).toBe(0);
  });
});

describe('a ping before connection_init, in the newer protocol,', () => {
  test('is answered with its payload', async () => {
    await start();
    const socket = await RawSocket.open(app.url, modern);
    expect(await socket.ask({ type: 'ping', payload: { a: 1 } })).toEqual({
      type: 'pong',
      payload: { a: 1 },
    });
  });

  test('closes the socket if its payload is larger than connectionParams may be', async () => {
    await start();
    const socket = await RawSocket.open(app.url, modern);
    socket.say({ type: 'ping', payload: { filler: 'x'.repeat(40_000) } });
    expect(await socket.closed).toEqual([4400, 'Too much in pings before connection_init']);
  });
});

test('a refusal that is delayed keeps nothing of the client’s message', async () => {
  await start();
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // A delay that does not end: a connection that ends later would be counted in another test of this process.
  const timers: unknown[] = [];
  const setTimeout = (run: () => void): unknown => timers.push(run);
  const auth = hasuraAuth({ adminSecret: false, jwtSecret, runtime: { setTimeout } });
  const server = auth.server<Record<string, unknown>>({});
  const authorization = `Bearer ${await userToken('7', -1)}`;
  const closes: unknown[][] = [];
  const refused = (): { params: WeakRef<object>; outcome: WeakRef<object> } => {
    const connectionParams = { headers: { authorization } };
    const extra = { socket: { close: (...close: unknown[]) => closes.push(close) } };
    const ctx = { connectionParams, extra } as never as Context<Record<string, unknown>, never>;
    const outcome = server.onConnect?.(ctx) as Promise<unknown>;
    return { params: new WeakRef(connectionParams), outcome: new WeakRef(outcome) };
  };
  refused();
  while (closes.length < 1) await new Promise((resolve) => setImmediate(resolve));
  const { params, outcome } = refused();
  const freed = (): boolean => params.deref() === undefined && outcome.deref() === undefined;
  for (let round = 0; !freed() && closes.length < 2; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  expect([freed(), closes.length]).toEqual([true, 1]);
  expect(auth.connections.size).toBe(1);
});

describe('a limit that is no number of at least 1 is a ConfigError', () => {
  test.each<[keyof LegacyOptions, unknown, string]>([
    ['maxMessageBytes', 0, '0'],
    ['maxOperations', NaN, 'NaN'],
    ['maxWaitingMessages', '8', 'a value of type string'],
    ['maxWaitingBytes', -1, '-1'],
    ['maxUnreadBytes', null, 'a value of type object'],
  ])('%s: %p', async (option, value, got) => {
    await start();
    const wrong = (): unknown => legacyHandler({}, { [option]: value });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(`${option}: expected a number of at least 1, got ${got}`);
  });

  test('a misspelt one is a ConfigError too', async () => {
    await start();
    const misspelt = { maxOperation: 3 } as LegacyOptions;
    expect(() => legacyHandler({}, misspelt)).toThrow(/did you mean maxOperations/);
  });

  test.each([
    { keepAliveMs: NaN },
    { keepAliveMs: -1 },
    { keepAliveMs: '5000' },
    { errorPayload: {} },
  ])('an option of another type is a ConfigError: %j', async (wrong) => {
    await start();
    expect(() => legacyHandler({}, wrong as LegacyOptions)).toThrow(ConfigError);
  });

  test('paramsOfPing of hasuraAuth is a function', async () => {
    await start();
    const options = { adminSecret: 'a-long-admin-secret', paramsOfPing: 'params' };
    expect(() => hasuraAuth(options as unknown as HasuraAuthWebSocketOptions)).toThrow(
      'paramsOfPing: expected a function, got a string',
    );
  });

  test('maxUnreadBytes of hasuraAuth', async () => {
    await start();
    expect(() => hasuraAuth({ adminSecret: 's', maxUnreadBytes: 0 })).toThrow(ConfigError);
  });
});
