import { decision, type SessionParts } from '../src/session.js';
import { gatherVariables } from '../src/session-variables.js';

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
