import { createAuthenticator } from '../../src/authenticator.js';
import { inBatches } from '../../src/connection/connections.js';
import type { DisconnectionEnd } from '../../src/connection/disconnection.js';
import type { ConnectionRules } from '../../src/connection/rules.js';
import { mistake, rejection } from '../thrown.js';
import { hook, registry, tick, withToken } from './registry.js';

describe('disconnect', () => {
  it('ends the connections that match every criterion', async () => {
    const { connections, closes, open, token } = registry();
    const [one, two] = [await token('1'), await token('2')];
    await open().authenticate(withToken(one));
    await open().authenticate(withToken(one, { 'x-hasura-role': 'editor' }));
    await open().authenticate(withToken(two));
    const undecided = open();
    expect(connections.disconnect({ role: 'admin' })).toBe(0);
    expect(connections.disconnect({ role: 'user', token: one })).toBe(1);
    const sessionVariable = { name: 'X-Hasura-User-ID', value: '2' };
    expect(connections.disconnect({ sessionVariable }, { code: 4401, reason: 'bye' })).toBe(1);
    expect(connections.disconnect({ role: 'editor' }, { code: 1000, reason: '' })).toBe(1);
    await tick();
    expect(closes).toEqual([
      [4403, 'The session has ended'],
      [4401, 'bye'],
      [1000, ''],
    ]);
    expect(connections.size).toBe(1);
    undecided.closed();
  });

  it('by token ends a connection that is being authenticated with it', async () => {
    const { connections, closes, open } = registry(undefined, hook({ 'x-hasura-role': 'user' }));
    const deciding = rejection(open().authenticate(withToken('a')));
    expect(connections.disconnect({ token: 'a' })).toBe(1);
    expect((await deciding).kind).toBe('session-ended');
    await tick();
    expect(closes).toEqual([[4403, 'The session has ended']]);
  });

  it('ends a connection that is being authenticated if the session that it gets matches', async () => {
    const answers: ((response: Response) => void)[] = [];
    const fetch = () => new Promise<Response>((resolve) => answers.push(resolve));
    const { connections, closes, open } = registry({ reauthentication: () => true }, hook(fetch));
    const answerAs = (...ids: string[]): void => {
      for (const id of ids)
        answers.shift()?.(Response.json({ 'x-hasura-role': 'user', 'x-hasura-user-id': id }));
    };
    const sessionVariable = { name: 'x-hasura-user-id', value: '7' };

    const matching = rejection(open().authenticate(withToken('a')));
    const other = open();
    const otherId = other.authenticate(withToken('b'));
    const byBoth = rejection(open().authenticate(withToken('c')));
    const otherToken = open().authenticate(withToken('d'));
    expect(connections.disconnect({ sessionVariable, role: 'admin' })).toBe(0);
    expect(connections.disconnect({ sessionVariable, token: 'c' })).toBe(0);
    expect(connections.size).toBe(4);
    answers.splice(2, 2).forEach((answer) => {
      answer(Response.json({ 'x-hasura-role': 'user', 'x-hasura-user-id': '7' }));
    });
    expect((await byBoth).kind).toBe('session-ended');
    expect((await otherToken).role).toBe('user');
    expect(connections.disconnect({ sessionVariable }, { code: 4401, reason: 'bye' })).toBe(1);
    answerAs('7', '8');
    expect((await matching).kind).toBe('session-ended');
    expect((await otherId).role).toBe('user');
    await tick();
    expect(closes).toEqual([
      [4403, 'The session has ended'],
      [4401, 'bye'],
      [4401, 'bye'],
    ]);

    // What was ended before an attempt does not concern it; what is ended during it does.
    const again = other.reauthenticate(withToken('e'));
    answerAs('7');
    expect((await again).sessionVariables['x-hasura-user-id']).toBe('7');
    const back = other.reauthenticate(withToken('f'));
    answerAs('8');
    await back;
    const ended = rejection(other.reauthenticate(withToken('g')));
    expect(connections.disconnect({ sessionVariable })).toBe(0);
    answerAs('7');
    expect((await ended).kind).toBe('session-ended');
    expect(connections.size).toBe(0);
  });

  it('by token ends the connections of a JWS whatever form its signature has', async () => {
    const { connections, open, token } = registry();
    const text = await token('1');
    await open().authenticate(withToken(text));
    const otherForm = `${text.slice(0, text.lastIndexOf('.'))}.AAAA`;
    expect(connections.disconnect({ token: otherForm })).toBe(1);
  });

  it('by token works in every mode, by the bearer token', async () => {
    const authenticator = createAuthenticator({
      adminSecret: 'a secret of the tests',
      unauthorizedRole: 'anonymous',
    });
    const connections = authenticator.connections();
    const connection = connections.open(() => undefined);
    await connection.authenticate(withToken('x y')); // is no token
    expect(connections.disconnect({ token: 'x y' })).toBe(0);
    expect(connections.disconnect({ role: 'anonymous' })).toBe(1);
  });

  it.each<[object, DisconnectionEnd, string]>([
    [{}, {}, 'disconnect'],
    [{ token: undefined }, {}, 'disconnect'],
    [{ roles: 'user' }, {}, 'disconnect'],
    [{ role: '' }, {}, 'disconnect.role'],
    [{ token: '' }, {}, 'disconnect.token'],
    [{ sessionVariable: 'x-hasura-user-id' }, {}, 'disconnect.sessionVariable'],
    [{ sessionVariable: { name: 'user-id', value: '1' } }, {}, 'disconnect.sessionVariable.name'],
    [{ sessionVariable: { name: '', value: 'x' } }, {}, 'disconnect.sessionVariable.name'],
    [{ sessionVariable: { name: 'x' } }, {}, 'disconnect.sessionVariable.value'],
    [{ role: 'user' }, { codes: 4401 } as object, 'disconnect'],
    [{ role: 'user' }, { code: 1001 }, 'disconnect.code'],
    [{ role: 'user' }, { code: 5000 }, 'disconnect.code'],
    [{ role: 'user' }, { code: 4000.5 }, 'disconnect.code'],
    [{ role: 'user' }, { code: '4401' as never }, 'disconnect.code'],
    [{ role: 'user' }, { reason: 7 as never }, 'disconnect.reason'],
    [{ role: 'user' }, { code: 2999 }, 'disconnect.code'],
  ])('throws a ConfigError for %j with %j', (which, end, option) => {
    const { connections } = registry();
    const { option: named, message } = mistake(() => connections.disconnect(which, end));
    expect(named).toBe(option);
    expect(message).toMatch(/expected|unknown/);
  });

  it.each([1000, 3000, 4999])('takes the close code %d', async (code) => {
    const { connections, closes, open, token } = registry();
    await open().authenticate(withToken(await token('1')));
    expect(connections.disconnect({ role: 'user' }, { code })).toBe(1);
    await tick();
    expect(closes).toEqual([[code, 'The session has ended']]);
  });
});

it('an unknown member among the rules of connections is a ConfigError', () => {
  const { authenticator } = registry();
  const rules = { allowedOrigin: ['https://app.example.com'] } as ConnectionRules;
  expect(mistake(() => authenticator.connections(rules)).message).toMatch(/did you mean/);
});

describe('a socket that cannot be closed is logged', () => {
  it.each<[string, () => unknown, string]>([
    [
      'if closing throws',
      () => {
        throw new Error('gone');
      },
      'Error: gone',
    ],
    [
      'if closing throws something that is no error',
      () => {
        throw Object.create(null);
      },
      'threw an object',
    ],
    ['if closing rejects', () => Promise.reject(new TypeError('gone')), 'TypeError: gone'],
  ])('%s', async (_how, close, reason) => {
    const { clock, connections, log, open, token } = registry();
    await open(close).authenticate(withToken(await token('1')));
    await open(close).authenticate(withToken(await token('2', 2)));
    connections.disconnect({ sessionVariable: { name: 'x-hasura-user-id', value: '1' } });
    clock.advance(2000);
    await tick();
    expect(log).toEqual([
      `closing a connection failed: ${reason}`,
      `closing a connection failed: ${reason}`,
    ]);
    expect(connections.size).toBe(0);
  });

  it('even if the error itself cannot be read', () => {
    const { connections, log } = registry();
    const unreadable = Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    connections.reportFailure('onClose', unreadable);
    expect(log).toEqual(['onClose failed: threw an object']);
  });
});

describe('functions that are deferred in batches', () => {
  it('run a few in each tick of the event loop, in order, none at once', async () => {
    const soon = inBatches(() => undefined);
    const ran: number[] = [];
    for (let index = 0; index < 120; index++) soon(() => ran.push(index));
    const after: number[] = [ran.length];
    for (let ticks = 0; ticks < 3; ticks++) {
      await tick();
      after.push(ran.length);
    }
    expect(after).toEqual([0, 50, 100, 120]);
    expect(ran).toEqual(Array.from({ length: 120 }, (_, index) => index));
    soon(() => ran.push(-1));
    await tick();
    expect(ran.at(-1)).toBe(-1);
  });

  it('are reported if they throw, and the others run', async () => {
    const failed: unknown[] = [];
    const soon = inBatches((error) => failed.push(error));
    const ran: string[] = [];
    const error = new Error('socket gone');
    soon(() => {
      throw error;
    });
    soon(() => ran.push('next'));
    await tick();
    expect([failed, ran]).toEqual([[error], ['next']]);
  });
});

describe('authenticateConnection', () => {
  it('resolves one connection and does not watch its end', async () => {
    const authenticator = createAuthenticator({
      adminSecret: 'a secret of the tests',
      unauthorizedRole: 'anonymous',
    });
    const connectionParams = { headers: { 'x-hasura-admin-secret': 'a secret of the tests' } };
    const admin = await authenticator.authenticateConnection({ connectionParams, headers: {} });
    expect(admin.role).toBe('admin');
    expect((await authenticator.authenticateConnection({})).role).toBe('anonymous');
    const malformed = authenticator.authenticateConnection({ connectionParams: [], headers: {} });
    expect((await rejection(malformed)).kind).toBe('bad-connection-params');
  });

  const jwtSecret = { type: 'HS256', key: 'x'.repeat(32) } as const;
  it.each([
    ['authorization', { unauthorizedRole: 'anonymous' }],
    ['cookie', { jwtSecret: { ...jwtSecret, header: { type: 'Cookie', name: 'session' } } }],
    ['x-hasura-role', { unauthorizedRole: 'anonymous' }],
    ['x-hasura-admin-secret', { unauthorizedRole: 'anonymous' }],
    ['x-token', { jwtSecret: { ...jwtSecret, header: { type: 'CustomHeader', name: 'X-Token' } } }],
    ['x-key', { authHook: { url: 'https://hook.example/', cache: { headers: ['X-Key'] } } }],
  ] as const)('refuses a value of another type in %s, in both styles', async (name, options) => {
    const anonymous = 'authHook' in options ? {} : { unauthorizedRole: 'anonymous' };
    const authenticator = createAuthenticator({
      adminSecret: 'a secret of the tests',
      ...anonymous,
      ...options,
    });
    for (const value of [7, true, [], {}, [['x']]])
      for (const connectionParams of [{ [name]: value }, { headers: { [name]: value } }]) {
        const { message } = await rejection(
          authenticator.authenticateConnection({ connectionParams }),
        );
        expect(message).toMatch(`${name} must be a string, got`);
      }
  });
});
