import { decision, isSessionVariable, type SessionParts } from '../src/session.js';

const parts: SessionParts = { role: 'user', variables: [], method: 'jwt' };
const session = (more: Partial<SessionParts> = {}) => decision({ ...parts, ...more }).session;
const variables = (...entries: [string, string][]) => ({
  ...session({ variables: entries }).sessionVariables,
});

it('session variables begin with x-hasura-', () => {
  expect(['x-hasura-a', 'x-hasura-', 'x-hasura-role'].every(isSessionVariable)).toBe(true);
  expect(['x-hasura', 'hasura-a', 'X-Hasura-A', 'a', ''].some(isSessionVariable)).toBe(false);
});

describe('the variables of a session', () => {
  it('hold the role', () => {
    expect(variables()).toEqual({ 'x-hasura-role': 'user' });
  });

  it('have names in lower case, and only those that are meant for it', () => {
    expect(variables(['X-Hasura-User-Id', '1'], ['accept', '*/*'], ['x-hasurb-a', '2'])).toEqual({
      'x-hasura-role': 'user',
      'x-hasura-user-id': '1',
    });
  });

  it('never hold another role, nor a secret', () => {
    expect(
      variables(
        ['x-hasura-role', 'admin'],
        ['X-Hasura-Role', 'admin'],
        ['x-hasura-admin-secret', 's'],
        ['X-Hasura-Admin-Secret', 's'],
        ['x-hasura-access-key', 's'],
        ['X-Hasura-Access-Key', 's'],
      ),
    ).toEqual({ 'x-hasura-role': 'user' });
  });

  it('have no prototype, so that nothing is found that is not there', () => {
    const { sessionVariables } = session({ variables: [['x-hasura-__proto__', 'a']] });
    expect(Object.getPrototypeOf(sessionVariables)).toBeNull();
    expect(sessionVariables['constructor']).toBeUndefined();
    expect(sessionVariables['x-hasura-__proto__']).toBe('a');
  });
});

describe('a session', () => {
  it('has no member that is not known', () => {
    expect(session()).toEqual({
      role: 'user',
      sessionVariables: Object.assign(Object.create(null), { 'x-hasura-role': 'user' }),
      method: 'jwt',
      backendOnly: false,
    });
    expect(Object.keys(session())).toEqual(['role', 'sessionVariables', 'method', 'backendOnly']);
    expect(
      Object.keys(session({ expiresAt: undefined, claims: undefined, allowedRoles: undefined })),
    ).toEqual(Object.keys(session()));
  });

  it('has the members that are', () => {
    const claims = { sub: 'me' };
    const allowedRoles = ['user'];
    expect(session({ expiresAt: 5, claims, allowedRoles, backendOnly: true })).toMatchObject({
      expiresAt: 5,
      claims: { sub: 'me' },
      allowedRoles: ['user'],
      backendOnly: true,
    });
    expect(session({ expiresAt: 0 }).expiresAt).toBe(0);
  });

  it('has no end beyond what a Date can hold', () => {
    const last = 8.64e15;
    expect(new Date(last).getTime()).toBe(last);
    expect(new Date(last + 1).getTime()).toBeNaN();
    expect(session({ expiresAt: last }).expiresAt).toBe(last);
    expect(session({ expiresAt: last + 1 })).not.toHaveProperty('expiresAt');
    expect(session({ expiresAt: Infinity })).not.toHaveProperty('expiresAt');
  });

  it('cannot be changed', () => {
    const made = decision(parts);
    expect([made, made.session, made.session.sessionVariables].every(Object.isFrozen)).toBe(true);
  });
});

describe('a decision', () => {
  it('has response headers to pass on, by default none', () => {
    expect(decision(parts).headers).toEqual([]);
    expect(Object.isFrozen(decision(parts).headers)).toBe(true);
    const headers = [['Set-Cookie', 'a=1']] as const;
    expect(decision(parts, headers).headers).toBe(headers);
  });
});
