import { requestedRole } from '../src/request.js';
import { backendOnly, chooseRole } from '../src/role.js';
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

// ── Backend-only permissions ─────────────────────────────────────────────────────────────────────

describe('whether backend-only permissions are asked for', () => {
  const asked = (value: string) => view({ 'X-Hasura-Use-Backend-Only-Permissions': value });

  it('is false without the header', () => {
    expect(backendOnly(view())).toBe(false);
  });

  it.each(['true', 't', 'yes', 'y', 'TRUE', 'Yes'])('%s is true', (value) => {
    expect(backendOnly(asked(value))).toBe(true);
  });

  it.each(['false', 'f', 'no', 'n', 'FALSE', 'No'])('%s is false', (value) => {
    expect(backendOnly(asked(value))).toBe(false);
  });

  it.each(['', '1', '0', 'on', 'true ', 'true, true', 'perhaps'])('%j is refused', (value) => {
    const { kind, status, message } = refusal(() => backendOnly(asked(value)));
    expect({ kind, status, message }).toEqual({
      kind: 'bad-backend-only',
      status: 400,
      message:
        'x-hasura-use-backend-only-permissions:  Not a valid boolean text. True values are ["true","t","yes","y"] and  False values are ["false","f","no","n"]. All values are case insensitive',
    });
  });
});
