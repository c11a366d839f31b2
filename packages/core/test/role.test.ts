import { chooseRole, requestedRole } from '../src/role.js';
import { view } from './request-view.js';
import { refusal } from './thrown.js';

it('the requested role is that of the header, and an empty one is none', () => {
  expect(requestedRole(view({ 'X-Hasura-Role': 'user' }))).toBe('user');
  expect(requestedRole(view({ 'x-hasura-role': '' }))).toBeUndefined();
  expect(requestedRole(view())).toBeUndefined();
  expect(requestedRole(view({ 'x-hasura-role': ' ' }))).toBe(' ');
});

describe('the role of a session', () => {
  it('is the requested one, else the default', () => {
    expect(chooseRole('editor', 'user', ['user', 'editor'])).toBe('editor');
    expect(chooseRole(undefined, 'user', ['user', 'editor'])).toBe('user');
  });

  it.each(['User', 'user ', 'use', '', 'admin'])(
    'is allowed letter for letter, so not %j',
    (role) => {
      const error = refusal(() => chooseRole(role, 'user', ['user', 'editor']));
      expect({ kind: error.kind, headers: error.headers }).toEqual({
        kind: 'role-not-allowed',
        headers: { 'WWW-Authenticate': 'Bearer realm="hasura", error="insufficient_scope"' },
      });
    },
  );

  it('must be allowed, the default too', () => {
    expect(refusal(() => chooseRole(undefined, 'user', ['editor'])).kind).toBe('role-not-allowed');
    expect(refusal(() => chooseRole(undefined, 'user', [])).kind).toBe('role-not-allowed');
    expect(chooseRole('editor', 'user', ['editor'])).toBe('editor');
  });
});
