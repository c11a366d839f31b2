import { createAuthenticator, type Authenticator } from '../src/authenticator.js';
import type { AuthOptions } from '../src/config/options.js';
import { AuthError, type ConfigError } from '../src/errors.js';
import { roleGuard } from '../src/guards.js';
import { deny, type OnSession } from '../src/on-session.js';
import { mistake, refusal, rejected, rejection } from './thrown.js';
import { goodToken, spki } from './tokens.js';

const adminSecret = 'a-secret-of-some-length';
const secret = { 'x-hasura-admin-secret': adminSecret, 'x-hasura-user-id': '7' };
const jwtSecret = { type: 'RS256', key: spki('rsa') } as const;
const make = (onSession: unknown, options: AuthOptions = {}): Authenticator =>
  createAuthenticator({ adminSecret, ...options, onSession } as AuthOptions); // what JavaScript passes
const withToken = async () => ({ authorization: `Bearer ${await goodToken()}` });

describe('onSession', () => {
  it('adds variables, names in any case, to a new frozen session', async () => {
    for (const onSession of [
      () => ({ 'X-Hasura-Org-Id': '5', 'x-hasura-user-id': '8' }),
      async () => ({ 'X-Hasura-Org-Id': '5', 'x-hasura-user-id': '8' }),
    ]) {
      const session = await make(onSession).authenticate({ headers: secret });
      expect(session.sessionVariables).toEqual({
        'x-hasura-role': 'admin',
        'x-hasura-user-id': '8',
        'x-hasura-org-id': '5',
      });
      expect(session).toMatchObject({ role: 'admin', method: 'admin-secret', backendOnly: false });
      expect([Object.isFrozen(session), Object.isFrozen(session.sessionVariables)]).toEqual([
        true,
        true,
      ]);
    }
  });

  it('decides at once if it is not async', () => {
    expect(make(() => undefined).decide({ headers: secret })).toMatchObject({
      session: { role: 'admin' },
    });
  });

  it.each([undefined, null, {}])(
    'that returns %j leaves the session as it is',
    async (returned) => {
      const authenticator = make(() => returned, { jwtSecret });
      const headers = await withToken();
      const first = await authenticator.authenticate({ headers });
      expect(await authenticator.authenticate({ headers })).toBe(first);
    },
  );

  it('waits for what has a `then`, whatever that returns', async () => {
    const thenable = {
      then: (resolve: (added: object) => void) => resolve({ 'x-hasura-org-id': '1' }),
    };
    const onSession = (): never => thenable as never; // what JavaScript passes
    const { sessionVariables } = await createAuthenticator({
      adminSecret: 'a-secret-for-onsession',
      unauthorizedRole: 'anonymous',
      onSession,
    }).authenticate({ headers: {} });
    expect(sessionVariables['x-hasura-org-id']).toBe('1');
  });

  it('gets the session and the request', async () => {
    const asked = jest.fn();
    const request = { headers: secret, url: '/a' };
    const session = await make(asked).authenticate(request);
    expect(asked.mock.calls).toEqual([[session, request]]);
    expect(asked.mock.calls[0]?.[1]).toBe(request);
  });

  it('rejects with deny, thrown, returned from a promise or given back as a value', async () => {
    const denied = { kind: 'denied', status: 403, code: 'access-denied', message: 'not today' };
    for (const onSession of [
      () => deny('not today'),
      async () => deny('not today'),
      () => new AuthError('denied', { detail: 'not today' }),
    ])
      expect(await rejection(make(onSession).authenticate({ headers: secret }))).toMatchObject(
        denied,
      );
  });

  it('runs for a WebSocket too', async () => {
    const authenticator = make(() => ({ 'x-hasura-org-id': '5' }));
    const session = await authenticator.authenticateConnection({ headers: secret });
    expect(session.sessionVariables['x-hasura-org-id']).toBe('5');
  });

  it('leaves to guards how a session without credentials is refused', async () => {
    const authenticator = make(() => ({ 'x-hasura-org-id': '5' }), { unauthorizedRole: 'a' });
    const session = await authenticator.authenticate({ headers: {} });
    expect(session.sessionVariables['x-hasura-org-id']).toBe('5');
    expect(refusal(() => roleGuard(['b'])(session)).kind).toBe('missing-secret');
  });

  it.each<[string, unknown]>([
    ['expected a name that begins with x-hasura-, got "org"', { org: '5' }],
    ['"X-Hasura-Role" cannot be added', { 'X-Hasura-Role': 'admin' }],
    ['"x-hasura-admin-secret" cannot be added', { 'x-hasura-admin-secret': 'a' }],
    ['expected a string for "x-hasura-a", got a number', { 'x-hasura-a': 5 }],
    ['two names are the same', { 'x-hasura-a': '1', 'X-Hasura-A': '2' }],
    ['must return an object of session variables or nothing, got a string', 'x-hasura-a'],
    ['must return an object of session variables or nothing, got a list', [['x-hasura-a', '1']]],
    ['must return an object of session variables or nothing, got a boolean', true],
    [
      'must return an object of session variables or nothing, got an object of a class',
      new Map([['x-hasura-a', '1']]),
    ],
  ])('that returns another thing is an error of the app: %s', async (message, returned) => {
    for (const onSession of [() => returned, async () => returned]) {
      const error = await rejected(make(onSession).authenticate({ headers: secret }));
      expect(error).toMatchObject({ name: 'Error' });
      expect((error as Error).message).toMatch(/^onSession: /);
      expect((error as Error).message).toContain(message);
    }
  });

  it.each<[unknown, string]>([
    ['a', 'onSession: expected an object, got a string'],
    [null, 'onSession: expected an object, got null'],
    [{ run: 'a', cacheFor: 'token' }, 'onSession.run: expected a function, got a string'],
    [{ run: () => undefined }, "onSession.cacheFor: expected 'token'"],
    [{ run: () => undefined, cacheFor: 'ever' }, "onSession.cacheFor: expected 'token'"],
    [{ run: () => undefined, cachefor: 'token' }, 'onSession: "cachefor" is unknown'],
  ])('is checked at start: %j', (value, message) => {
    const error: ConfigError = mistake(() => make(value));
    expect(error.message).toContain(message);
  });
});

describe('onSession with its result kept for the token', () => {
  function counted(run: OnSession, options: AuthOptions = {}) {
    const asked = jest.fn(run);
    const authenticator = make({ run: asked, cacheFor: 'token' }, { jwtSecret, ...options });
    return { asked, authenticator };
  }

  it.each<[string, OnSession]>([
    ['at once', () => ({ 'x-hasura-org-id': '5' })],
    ['later', async () => ({ 'x-hasura-org-id': '5' })],
  ])('asks once for each token and role, %s', async (_, run) => {
    const { asked, authenticator } = counted(run);
    const headers = await withToken();
    const sessions = await Promise.all([1, 2].map(() => authenticator.authenticate({ headers })));
    sessions.push(await authenticator.authenticate({ headers }));
    expect(new Set(sessions).size).toBe(1);
    expect(sessions[0]?.sessionVariables['x-hasura-org-id']).toBe('5');
    expect(asked).toHaveBeenCalledTimes(1);
    await authenticator.authenticate({ headers: { ...headers, 'x-hasura-role': 'editor' } });
    expect(asked).toHaveBeenCalledTimes(2);
    authenticator.clear();
    await authenticator.authenticate({ headers });
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('keeps no rejection, and no other method’s session', async () => {
    let isDenied = true;
    const { asked, authenticator } = counted(async () => (isDenied ? deny('no') : undefined), {
      unauthorizedRole: 'anonymous',
    });
    const headers = await withToken();
    expect((await rejection(authenticator.authenticate({ headers }))).kind).toBe('denied');
    isDenied = false;
    expect((await authenticator.authenticate({ headers })).role).toBe('user');
    expect(asked).toHaveBeenCalledTimes(2);
    for (const others of [secret, {}])
      for (let time = 0; time < 2; time++) await authenticator.authenticate({ headers: others });
    expect(asked).toHaveBeenCalledTimes(6);
  });

  it('asks for each request with a fifth role of a token, and without a token cache', async () => {
    const roles = ['a', 'b', 'c', 'd', 'e'];
    const claims = { 'x-hasura-default-role': 'a', 'x-hasura-allowed-roles': roles };
    const token = await goodToken({ 'https://hasura.io/jwt/claims': claims });
    const askedWith = async (options: AuthOptions): Promise<number> => {
      const { asked, authenticator } = counted(() => undefined, options);
      for (const role of [...roles, ...roles])
        await authenticator.authenticate({
          headers: { authorization: `Bearer ${token}`, 'x-hasura-role': role },
        });
      return asked.mock.calls.length;
    };
    expect(await askedWith({})).toBe(6);
    expect(await askedWith({ tokenCache: false })).toBe(10);
  });
});
