import { presentSession, roleGuard } from '../src/guards.js';
import { decision, type Session, type SessionMethod } from '../src/session.js';
import { gatherVariables } from '../src/session-variables.js';
import { mistake, refusal } from './thrown.js';

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
      headers: { 'WWW-Authenticate': 'Bearer realm="hasura", error="insufficient_scope"' },
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

  it('is called with roles, not with what a framework passes to a handler', () => {
    const request = { headers: {} };
    expect(
      mistake(() => roleGuard([request, {}, () => undefined] as unknown as string[])).message,
    ).toBe("requireRole: it makes a handler and is none: call it, as in requireRole('editor')");
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
