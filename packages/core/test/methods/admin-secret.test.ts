import { inspect } from 'node:util';
import { AdminSecrets, adminSession, checkSecret } from '../../src/methods/admin-secret.js';
import type { DecisionStep } from '../../src/request.js';
import { view } from '../request-view.js';
import { refusal } from '../thrown.js';

describe('admin secrets', () => {
  const secrets = new AdminSecrets(['first', 'second']);

  it.each(['first', 'second'])('include %s', (secret) => {
    expect(secrets.include(secret)).toBe(true);
  });

  it.each(['', 'third', 'First', 'firs', 'first ', 'first, second'])(
    'do not include %j',
    (sent) => {
      expect(secrets.include(sent)).toBe(false);
    },
  );

  it('may be none, so that every secret is wrong', () => {
    expect(new AdminSecrets([]).include('')).toBe(false);
  });

  it('are compared as UTF-8', () => {
    expect(new AdminSecrets(['pässwort']).include('pässwort')).toBe(true);
    expect(new AdminSecrets(['pässwort']).include('p\u00e4sswort')).toBe(true);
    expect(new AdminSecrets(['pässwort']).include('passwort')).toBe(false);
  });

  it('cannot be read back', () => {
    const shown = inspect(secrets, { showHidden: true, depth: Infinity });
    expect(shown).not.toContain('first');
    expect(JSON.stringify(secrets)).toBe('{}');
  });
});

describe('the check', () => {
  const check = checkSecret(new AdminSecrets(['right']), undefined);

  it('leaves requests without a secret, and those with a right one, to the other methods', () => {
    expect(check(view())).toBeUndefined();
    expect(check(view({ 'X-Hasura-Admin-Secret': 'right' }))).toBeUndefined();
    expect(check(view({ 'x-hasura-access-key': 'right' }))).toBeUndefined();
  });

  it('uses the first header present, even if it is empty', () => {
    const both = (first: string, second: string) =>
      view({ 'x-hasura-admin-secret': first, 'x-hasura-access-key': second });
    expect(check(both('right', 'wrong'))).toBeUndefined();
    expect(refusal(() => check(both('wrong', 'right'))).kind).toBe('wrong-secret');
    expect(refusal(() => check(both('', 'right'))).kind).toBe('wrong-secret');
  });

  it.each(['x-hasura-admin-secret', 'x-hasura-access-key'])(
    'rejects a wrong secret in %s',
    (name) => {
      for (const wrong of ['', 'wrong', 'Right', 'right, right']) {
        const error = refusal(() => check(view({ [name]: wrong })));
        expect({ kind: error.kind, headers: error.headers }).toEqual({
          kind: 'wrong-secret',
          headers: { 'WWW-Authenticate': 'HasuraAdminSecret' },
        });
      }
    },
  );

  it('challenges for a token in JWT mode', () => {
    const inJwtMode = checkSecret(new AdminSecrets(['right']), 'none');
    const error = refusal(() => inJwtMode(view({ 'x-hasura-admin-secret': 'wrong' })));
    expect(error.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="hasura"' });
  });

  it('is one step for an observer', () => {
    const steps: DecisionStep[] = [];
    const observe = (step: DecisionStep) => void steps.push(step);
    void check(view({}, observe));
    void check(view({ 'x-hasura-admin-secret': 'right' }, observe));
    refusal(() => check(view({ 'x-hasura-admin-secret': 'wrong' }, observe)));
    expect(steps).toEqual([
      { step: 'admin-secret', outcome: 'absent' },
      { step: 'admin-secret', outcome: 'right' },
      { step: 'admin-secret', outcome: 'wrong' },
    ]);
  });
});

describe('the admin session', () => {
  it('shows an observer whether the role was requested', () => {
    const steps: DecisionStep[] = [];
    const observe = (step: DecisionStep) => void steps.push(step);
    void adminSession(view({}, observe));
    void adminSession(view(secret, observe));
    void adminSession(view({ ...secret, 'x-hasura-role': 'user' }, observe));
    expect(steps).toEqual([
      { step: 'role', outcome: 'default' },
      { step: 'role', outcome: 'requested' },
    ]);
  });

  const secret = { 'x-hasura-admin-secret': 'right' };
  const session = (headers: Readonly<Record<string, string>>) => {
    const decided = adminSession(view(headers));
    if (decided === undefined || decided instanceof Promise) throw new Error('it decides at once');
    return decided.session;
  };

  it('is given to no request without a secret', () => {
    expect(adminSession(view({ 'x-hasura-role': 'admin' }))).toBeUndefined();
  });

  it('has the role admin by default', () => {
    expect(session(secret)).toEqual({
      role: 'admin',
      sessionVariables: Object.assign(Object.create(null), { 'x-hasura-role': 'admin' }),
      method: 'admin-secret',
      backendOnly: false,
    });
    expect(session({ 'x-hasura-access-key': 'right' }).role).toBe('admin');
    expect(session({ ...secret, 'x-hasura-role': '' }).role).toBe('admin');
  });

  it('has the requested role and the variables of the request, without the secrets', () => {
    const posing = session({
      ...secret,
      'X-Hasura-Access-Key': 'other',
      'X-Hasura-Role': 'user',
      'X-Hasura-User-Id': '7',
      accept: '*/*',
    });
    expect(posing.role).toBe('user');
    expect({ ...posing.sessionVariables }).toEqual({
      'x-hasura-role': 'user',
      'x-hasura-user-id': '7',
    });
  });

  it('has backend-only permissions if it asks for them', () => {
    const asking = (value: string) => ({
      ...secret,
      'x-hasura-use-backend-only-permissions': value,
    });
    expect(session(asking('true')).backendOnly).toBe(true);
    expect(session(asking('false')).backendOnly).toBe(false);
    expect(refusal(() => adminSession(view(asking('perhaps')))).kind).toBe('bad-backend-only');
  });
});
