import { deepStrictEqual } from 'node:assert';
import {
  decision,
  type SessionParts,
  gatherVariables,
  isSecretVariable,
  isSessionVariable,
  variablesFor,
} from '../src/session.js';

const made = (more: Partial<SessionParts> = {}, headers?: Parameters<typeof decision>[1]) =>
  decision({ role: 'user', variables: gatherVariables([]), method: 'jwt', ...more }, headers);
const session = (more: Partial<SessionParts> = {}) => made(more).session;

describe('a session', () => {
  it('has no member that is not known', () => {
    expect(session()).toStrictEqual({
      role: 'user',
      sessionVariables: { 'x-hasura-role': 'user' },
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
    const decided = made();
    const { session } = decided;
    expect([decided, session, session.sessionVariables].every(Object.isFrozen)).toBe(true);
  });
});

describe('a decision', () => {
  it('has response headers to pass on, by default none', () => {
    expect(made().headers).toEqual([]);
    expect(Object.isFrozen(made().headers)).toBe(true);
    const headers = [['Set-Cookie', 'a=1']] as const;
    expect(made({}, headers).headers).toBe(headers);
  });
});

// ── Session variables ────────────────────────────────────────────────────────────────────────────

const gathered = (...entries: [string, string][]) => gatherVariables(entries);

it('session variables begin with x-hasura-', () => {
  expect(['x-hasura-a', 'x-hasura-', 'x-hasura-role'].every(isSessionVariable)).toBe(true);
  expect(['x-hasura', 'hasura-a', 'X-Hasura-A', 'a', ''].some(isSessionVariable)).toBe(false);
});

it('secrets among them are known by their names', () => {
  expect(['x-hasura-admin-secret', 'x-hasura-access-key'].every(isSecretVariable)).toBe(true);
  expect(['x-hasura-admin', 'x-hasura-role', ''].some(isSecretVariable)).toBe(false);
});

describe('gathered variables', () => {
  it('have names in lower case, and only those that are meant for it', () => {
    expect(gathered(['X-Hasura-User-Id', '1'], ['accept', '*/*'], ['x-hasurb-a', '2'])).toEqual({
      'x-hasura-user-id': '1',
    });
  });

  it('never hold a secret', () => {
    expect(
      gathered(
        ['x-hasura-admin-secret', 's'],
        ['X-Hasura-Admin-Secret', 's'],
        ['x-hasura-access-key', 's'],
        ['X-Hasura-Access-Key', 's'],
      ),
    ).toEqual({});
  });
});

describe('the variables of a session', () => {
  it('contain its role, also if they named another', () => {
    const named = gatherVariables([
      ['x-hasura-role', 'admin'],
      ['X-Hasura-Role', 'admin'],
    ]);
    expect(variablesFor('user', named)).toStrictEqual({ 'x-hasura-role': 'user' });
  });

  it('are an ordinary object for comparisons and template strings', () => {
    const variables = variablesFor('user', gatherVariables([['x-hasura-user-id', '1']]));
    const expected = { 'x-hasura-role': 'user', 'x-hasura-user-id': '1' };
    expect(variables).toStrictEqual(expected);
    deepStrictEqual(variables, expected);
    expect(() => `${variables as unknown as string}`).not.toThrow();
    expect(structuredClone(variables)).toStrictEqual(expected);
  });

  it('have names of their own only, none of which changes an object', () => {
    const entries: [string, string][] = [
      ['__proto__', 'a'],
      ['constructor', 'a'],
      ['x-hasura-__proto__', 'a'],
      ['x-hasura-constructor', 'a'],
    ];
    const variables = variablesFor('user', gatherVariables(entries));
    expect(Object.keys(variables)).toEqual([
      'x-hasura-__proto__',
      'x-hasura-constructor',
      'x-hasura-role',
    ]);
    expect(Object.getPrototypeOf(variables)).toBe(Object.prototype);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(variablesFor('user', gatherVariables([])))).toBe(true);
  });
});
