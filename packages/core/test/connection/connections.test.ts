import type { AuthOptions } from '../../src/config/options.js';
import { createAuthenticator } from '../../src/authenticator.js';
import type {
  ConnectionRules,
  Connections,
  DisconnectionEnd,
} from '../../src/connection/connections.js';
import type { Connection } from '../../src/connection/open-connection.js';
import { virtualClock, type Clock } from '@hasura-auth/testkit';

import { mistake, refusal, rejected, rejection } from '../thrown.js';
import { mintToken, secretText, type Json } from '../tokens.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Place {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly closes: unknown[][];
  readonly log: string[];
  open(): Connection;
  token(user: string, endsAfter?: number, more?: Record<string, Json>): Promise<string>;
}

function place(rules?: ConnectionRules, more: Partial<AuthOptions> = {}): Place {
  const clock = virtualClock();
  const log: string[] = [];
  const say = (message: string): unknown => log.push(message);
  const authenticator = createAuthenticator({
    adminSecret: 's',
    ...(more.authHook === undefined && { jwtSecret: { type: 'HS256', key: secretText('hs') } }),
    runtime: { now: clock.now, setTimeout: clock.setTimeout },
    logger: { warn: say, error: say },
    ...more,
  });
  const connections = authenticator.connections(rules);
  const closes: unknown[][] = [];
  return {
    clock,
    connections,
    closes,
    log,
    open: () => connections.open((...close) => closes.push(close)),
    token: (user, endsAfter = 60, others = {}) =>
      mintToken(
        {
          sign: { key: 'hs', alg: 'HS256' },
          claims: {
            sub: user,
            exp: clock.now() / 1000 + endsAfter,
            'https://hasura.io/jwt/claims': {
              'x-hasura-allowed-roles': ['user', 'editor'],
              'x-hasura-default-role': 'user',
              'x-hasura-user-id': user,
            },
            ...others,
          },
        },
        clock.now(),
      ),
  };
}

const bearing = (
  token: string,
  more: object = {},
): { connectionParams: object; headers: object } => ({
  connectionParams: { headers: { authorization: `Bearer ${token}`, ...more } },
  headers: {},
});
const bring = (token: string, more?: object): Parameters<Connection['authenticate']>[0] =>
  bearing(token, more) as Parameters<Connection['authenticate']>[0];

test('a connection ends with its session: closed once, and forgotten at once', async () => {
  const { clock, connections, closes, open, token } = place();
  const connection = open();
  expect(refusal(() => connection.session).kind).toBe('session-ended');
  const session = await connection.authenticate(bring(await token('1', 2)));
  expect(connection.session).toBe(session);
  clock.advance(1999);
  expect([connections.size, closes]).toEqual([1, []]);
  clock.advance(1);
  expect(closes).toEqual([]); // in a while, a few at a time
  expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
  await turn();
  expect([connections.size, closes]).toEqual([0, [[4403, 'Could not verify JWT: JWTExpired']]]);
  expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
  connection.closed();
  connection.closed();
});

test('what is over is over, although the timer is late', async () => {
  const { clock, open, token } = place();
  const connection = open();
  await connection.authenticate(bring(await token('1', 2)));
  clock.set(clock.now() + 2000);
  expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
});

test('a refused connection is forgotten, and nothing is closed for it', async () => {
  const { connections, closes, open } = place();
  const { kind } = await rejection(open().authenticate({ headers: {} }));
  expect([kind, connections.size]).toEqual(['missing-token', 0]);
  const malformed = open().authenticate({ connectionParams: 7, headers: {} });
  expect((await rejection(malformed)).kind).toBe('bad-connection-params');
  await turn();
  expect([connections.size, closes]).toEqual([0, []]);
});

test('a failure that is no refusal is handed on, and nothing is held back', async () => {
  const { connections, open } = place({
    allowedOrigins: () => {
      throw new Error('lookup failed');
    },
  });
  const headers = { cookie: 'a=b', origin: 'https://app.example.com' };
  expect(await rejected(open().authenticate({ headers }))).toEqual(new Error('lookup failed'));
  expect(connections.size).toBe(0);
});

test('the session of a webhook has its own words at its end', async () => {
  const { clock, closes, open } = place(undefined, {
    authHook: 'http://hook.example/',
    fetch: () =>
      Promise.resolve(
        new Response(JSON.stringify({ 'x-hasura-role': 'user', 'cache-control': 'max-age=5' })),
      ),
  });
  await open().authenticate(bring('whatever the hook knows'));
  clock.advance(5000);
  await turn();
  expect(closes).toEqual([[4403, 'The session has ended']]);
});

describe('a refusal of the same token', () => {
  test('is held back until its time, and not where the socket goes away', async () => {
    const { clock, open, token } = place();
    const expired = bring(await token('1', -1));
    await rejection(open().authenticate(expired));
    const told: string[] = [];
    const second = rejection(open().authenticate(expired)).then(() => told.push('second'));
    const leaving = open();
    const third = rejection(leaving.authenticate(expired)).then(() => told.push('third'));
    await turn();
    clock.advance(999);
    await turn();
    expect(told).toEqual([]);
    leaving.closed();
    await third;
    clock.advance(1);
    await second;
    expect(told).toEqual(['third', 'second']);
  });

  test('is not held back on a socket that has gone', async () => {
    const { open, token } = place();
    const expired = bring(await token('1', -1));
    await rejection(open().authenticate(expired));
    const gone = open();
    const answer = rejection(gone.authenticate(expired));
    gone.closed();
    expect((await answer).code).toBe('invalid-jwt');
  });
});

describe('disconnect', () => {
  test('ends those that fit every member given', async () => {
    const { connections, closes, open, token } = place();
    const [one, two] = [await token('1'), await token('2')];
    await open().authenticate(bring(one));
    await open().authenticate(bring(one, { 'x-hasura-role': 'editor' }));
    await open().authenticate(bring(two));
    const undecided = open();
    expect(connections.disconnect({ role: 'admin' })).toBe(0);
    expect(connections.disconnect({ role: 'user', token: one })).toBe(1);
    const sessionVariable = { name: 'X-Hasura-User-ID', value: '2' };
    expect(connections.disconnect({ sessionVariable }, { code: 4401, reason: 'bye' })).toBe(1);
    expect(connections.disconnect({ role: 'editor' }, { code: 1000 })).toBe(1);
    await turn();
    expect(closes).toEqual([
      [4403, 'The session has ended'],
      [4401, 'bye'],
      [1000, 'The session has ended'],
    ]);
    expect(connections.size).toBe(1);
    undecided.closed();
  });

  test('by token reaches a connection that is being authenticated with it', async () => {
    const { connections, closes, open } = place(undefined, {
      authHook: 'http://hook.example/',
      fetch: () => Promise.resolve(new Response('{"x-hasura-role":"user"}')),
    });
    const deciding = rejection(open().authenticate(bring('a')));
    expect(connections.disconnect({ token: 'a' })).toBe(1);
    expect((await deciding).kind).toBe('session-ended');
    await turn();
    expect(closes).toEqual([[4403, 'The session has ended']]);
  });

  test('a socket that cannot be closed is reported', async () => {
    const { connections, log, token } = place();
    const connection = connections.open(() => {
      throw new Error('gone');
    });
    await connection.authenticate(bring(await token('1')));
    connections.disconnect({ role: 'user' });
    await turn();
    expect(log).toEqual(['closing a connection failed: Error: gone']);
  });

  test.each<[object, DisconnectionEnd, string]>([
    [{}, {}, 'disconnect'],
    [{ token: undefined }, {}, 'disconnect'],
    [{ roles: 'user' }, {}, 'disconnect'],
    [{ token: '' }, {}, 'disconnect.token'],
    [{ sessionVariable: { name: '', value: 'x' } }, {}, 'disconnect.sessionVariable.name'],
    [{ sessionVariable: { name: 'x' } }, {}, 'disconnect.sessionVariable.value'],
    [{ role: 'user' }, { code: 1001 }, 'disconnect.code'],
    [{ role: 'user' }, { code: 5000 }, 'disconnect.code'],
    [{ role: 'user' }, { code: 4000.5 }, 'disconnect.code'],
  ])('%j with %j is a mistake', (which, end, option) => {
    const { connections } = place();
    expect(mistake(() => connections.disconnect(which, end)).option).toBe(option);
  });
});

describe('re-authentication', () => {
  test('moves the end, and the token it is known by', async () => {
    const { clock, connections, closes, open, token } = place();
    const connection = open();
    const [first, second] = [await token('1', 2), await token('1', 10)];
    await connection.authenticate(bring(first));
    const session = await connection.reauthenticate(bring(second));
    expect(connection.session).toBe(session);
    clock.advance(9999);
    expect(connections.size).toBe(1);
    expect(connections.disconnect({ token: first })).toBe(0);
    clock.advance(1);
    await turn();
    expect(closes).toEqual([[4403, 'Could not verify JWT: JWTExpired']]);
  });

  test('at the very end still counts', async () => {
    const { clock, connections, closes, open, token } = place();
    const connection = open();
    await connection.authenticate(bring(await token('1', 2)));
    const fresh = bring(await token('1', 10));
    const going = connection.reauthenticate(fresh);
    clock.advance(2000);
    await going;
    await turn();
    expect([connections.size, closes]).toEqual([1, []]);
  });

  test('that is refused leaves the session that was there', async () => {
    const { open, token } = place();
    const connection = open();
    const session = await connection.authenticate(bring(await token('1')));
    expect((await rejection(connection.reauthenticate(bring('x')))).code).toBe('invalid-jwt');
    const other = connection.reauthenticate(bring(await token('2')));
    expect(await rejection(other)).toMatchObject({ kind: 'session-change', status: 403 });
    expect(connection.session).toBe(session);
  });

  test('whose rule fails is told so, and leaves the session that was there', async () => {
    const { open, token } = place({
      reauthentication: () => {
        throw new Error('rule failed');
      },
    });
    const connection = open();
    const session = await connection.authenticate(bring(await token('1')));
    const again = bring(await token('1'));
    expect(await rejected(connection.reauthenticate(again))).toEqual(new Error('rule failed'));
    expect(await rejected(connection.authenticate(again))).toEqual(new Error('rule failed'));
    expect(connection.session).toBe(session);
  });

  test('needs a session to go on with', async () => {
    const { open, token } = place();
    const fresh = bring(await token('1'));
    expect((await rejection(open().reauthenticate(fresh))).kind).toBe('session-ended');
  });

  test('of two at once the later counts', async () => {
    const answers: ((response: Response) => void)[] = [];
    const { open } = place(
      { reauthentication: () => true },
      {
        authHook: 'http://hook.example/',
        fetch: () => new Promise((resolve) => answers.push(resolve)),
      },
    );
    const answer = async (index: number, role: string): Promise<void> => {
      while (answers[index] === undefined) await turn();
      answers[index](new Response(JSON.stringify({ 'x-hasura-role': role })));
    };
    const connection = open();
    const authenticated = connection.authenticate(bring('a'));
    await answer(0, 'user');
    await authenticated;
    const earlier = connection.reauthenticate(bring('b'));
    const later = connection.reauthenticate(bring('c'));
    await answer(2, 'later');
    expect((await later).role).toBe('later');
    await answer(1, 'earlier');
    expect((await earlier).role).toBe('later');
  });
});

test('authenticateConnection resolves one connection and watches over nothing', async () => {
  const authenticator = createAuthenticator({ adminSecret: 's', unauthorizedRole: 'anonymous' });
  const connectionParams = { headers: { 'x-hasura-admin-secret': 's' } };
  expect((await authenticator.authenticateConnection({ connectionParams, headers: {} })).role).toBe(
    'admin',
  );
  expect((await authenticator.authenticateConnection({ headers: {} })).role).toBe('anonymous');
  const malformed = authenticator.authenticateConnection({ connectionParams: [], headers: {} });
  expect((await rejection(malformed)).kind).toBe('bad-connection-params');
});

test('a connection is known by its bearer token in every mode', async () => {
  const authenticator = createAuthenticator({ adminSecret: 's', unauthorizedRole: 'anonymous' });
  const connections = authenticator.connections();
  const connection = connections.open(() => undefined);
  await connection.authenticate(bring('x y')); // no token can be read
  expect(connections.disconnect({ token: 'x y' })).toBe(0);
  expect(connections.disconnect({ role: 'anonymous' })).toBe(1);
});
