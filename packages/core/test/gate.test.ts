import { createAuthenticator } from '../src/authenticator.js';
import { AuthError } from '../src/errors.js';
import { createGate, presentSession, refuseByDefault, roleGuard } from '../src/adapter.js';
import type { HasuraAuthOptions } from '../src/adapter.js';
import { decision, type Session, type SessionMethod } from '../src/session.js';
import { gatherVariables } from '../src/session-variables.js';
import { mistake, refusal } from './thrown.js';

const loose = (options: unknown) => createGate(options as HasuraAuthOptions); // what JavaScript passes
const request = { headers: {} };

describe('a gate', () => {
  it('makes its own authenticator from options', () => {
    const gate = createGate({ adminSecret: 'secret' });
    expect(gate.owned).toBe(true);
    expect(refusal(() => gate.resolve(request)).kind).toBe('missing-secret');
    expect(gate.resolve({ headers: { 'x-hasura-admin-secret': 'secret' } })).toMatchObject({
      session: { role: 'admin' },
    });
  });

  it('takes one that is shared', () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret', errorResponse: 'engine' });
    const gate = createGate({ authenticator });
    expect(gate.authenticator).toBe(authenticator);
    expect(gate.owned).toBe(false);
  });

  it('reads the environment where it is given nothing', () => {
    const name = 'HASURA_GRAPHQL_ADMIN_SECRET';
    const before = process.env[name];
    process.env[name] = 'from-the-environment';
    try {
      const headers = { 'x-hasura-admin-secret': 'from-the-environment' };
      expect(createGate().resolve({ headers })).toMatchObject({ session: { role: 'admin' } });
      process.env[name] = '';
      expect(mistake(() => createGate()).message).toContain(name);
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
  });

  it('has defaults from its adapter, behind the app’s own', () => {
    const lines: string[] = [];
    const logger = (name: string) => ({
      warn: (message: string) => void lines.push(`${name} ${message}`),
      error: () => undefined,
    });
    const stranger = {
      adminSecret: 'secret',
      jwtSecret: JSON.stringify({ type: 'HS256', key: 'a'.repeat(32), stranger: 1 }),
    };
    createGate(stranger, { logger: logger('framework') });
    createGate({ ...stranger, logger: logger('app') }, { logger: logger('framework') });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['framework', 'app']);
  });

  it('refuses options that hide each other, and what is no authenticator', () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret' });
    expect(mistake(() => loose({ authenticator, adminSecret: 'other' })).message).toBe(
      'options: "adminSecret" is unknown; known are authenticator, errorResponse',
    );
    expect(mistake(() => loose({ authenticator, errorResponce: 'http' })).message).toBe(
      'options: "errorResponce" is unknown; did you mean errorResponse?',
    );
    for (const wrong of [undefined, null, {}, 'a', { resolve: true }, []])
      expect(mistake(() => loose({ authenticator: wrong })).message).toBe(
        'authenticator: expected what createAuthenticator returns',
      );
    for (const wrong of ['secret', 5, [], true])
      expect(mistake(() => loose(wrong)).message).toContain('options: expected an object');
    expect(mistake(() => loose({ authenticator, errorResponse: 'json' })).message).toBe(
      'errorResponse: expected one of http, engine, graphql, metadata, problem, forward',
    );
  });
});

describe('a refusal', () => {
  const error = new AuthError('missing-token');
  const status = (options: HasuraAuthOptions) => createGate(options).refuse(error, request)?.status;

  it('is answered in the style of the app', () => {
    expect(status({ adminSecret: 'a' })).toBe(401);
    expect(status({ adminSecret: 'a', errorResponse: 'engine' })).toBe(400);
    expect(status({ adminSecret: 'a', errorResponse: 'graphql' })).toBe(200);
    expect(status({ adminSecret: 'a', errorResponse: 'forward' })).toBeUndefined();
  });

  it('is answered as the shared authenticator does, unless this app says otherwise', () => {
    const authenticator = createAuthenticator({ adminSecret: 'a', errorResponse: 'engine' });
    expect(status({ authenticator })).toBe(400);
    expect(status({ authenticator, errorResponse: 'http' })).toBe(401);
  });

  it('is told the request where the app answers itself', () => {
    const own = jest.fn(() => ({ status: 418 }));
    expect(status({ adminSecret: 'a', errorResponse: own })).toBe(418);
    expect(own).toHaveBeenCalledWith(error, request);
  });

  it('is the only error that is answered', () => {
    expect(createGate({ adminSecret: 'a' }).refuse(new Error('no'), request)).toBeUndefined();
    expect(refuseByDefault(new Error('no'), request)).toBeUndefined();
  });

  it('is answered by HTTP’s rules where no gate stands', () => {
    expect(refuseByDefault(error, request)?.status).toBe(401);
  });

  it('is answered as where no gate stands, if the gate says so', () => {
    const byDefault = (options: HasuraAuthOptions) => createGate(options).refusesByDefault;
    expect(byDefault({ adminSecret: 'a' })).toBe(true);
    expect(byDefault({ adminSecret: 'a', errorResponse: 'http' })).toBe(true);
    expect(byDefault({ adminSecret: 'a', errorResponse: 'problem' })).toBe(false);
    expect(byDefault({ adminSecret: 'a', errorResponse: () => ({ status: 418 }) })).toBe(false);
    const authenticator = createAuthenticator({ adminSecret: 'a', errorResponse: 'engine' });
    expect(byDefault({ authenticator })).toBe(false);
    expect(byDefault({ authenticator, errorResponse: 'http' })).toBe(true);
  });
});

describe('the role guard', () => {
  const session = (role: string, method: SessionMethod = 'jwt'): Session =>
    decision({ role, variables: gatherVariables([]), method }).session;

  it('lets its roles pass', () => {
    const check = roleGuard(['editor', 'admin']);
    expect(check(session('editor'))).toBeUndefined();
    expect(check(session('admin'))).toBeUndefined();
  });

  it.each(['user', 'Editor', '', 'editor '])('refuses %j', (role) => {
    const error = refusal(() => roleGuard(['editor'])(session(role)));
    expect({ kind: error.kind, headers: error.headers }).toEqual({
      kind: 'role-guard',
      headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
    });
  });

  it.each(['admin-secret', 'webhook', 'unauthenticated', 'unsecured'] as const)(
    'asks for no token where none was: %s',
    (method) => {
      expect(refusal(() => roleGuard(['editor'])(session('user', method))).headers).toEqual({});
    },
  );

  it('refuses where there is no session', () => {
    for (const nothing of [undefined, null]) {
      const error = refusal(() => roleGuard(['editor'])(nothing));
      expect(error.kind).toBe('role-guard');
      expect(error.headers).toEqual({});
    }
  });

  it('needs roles', () => {
    const message = 'requireRole: expected at least one role, each a non-empty string';
    for (const wrong of [[], [''], ['editor', ''], [5], [undefined], [['editor']]])
      expect(mistake(() => roleGuard(wrong as string[])).message).toBe(message);
  });
});

it('a session that is not there is a mistake in the app', () => {
  const { session } = decision({ role: 'user', variables: gatherVariables([]), method: 'jwt' });
  expect(presentSession(session)).toBe(session);
  for (const nothing of [undefined, null])
    expect(() => presentSession(nothing)).toThrow(
      'there is no session on this request: hasuraAuth did not run before this handler',
    );
});
