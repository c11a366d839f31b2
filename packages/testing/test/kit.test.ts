import { createAuthenticator } from '@hasura-auth/core';
import { createTestHook, createTestIssuer, sessionFor } from '@hasura-auth/testing';
import { warnInProduction } from '../src/production.js';

describe('sessionFor', () => {
  it('has the members that a session of a token has', async () => {
    const issuer = await createTestIssuer();
    const { jwtSecret, fetch } = issuer;
    const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret, fetch });
    const token = await issuer.signAs('user', { 'x-hasura-user-id': '7' });
    const real = await authenticate({ headers: { authorization: `Bearer ${token}` } });
    const made = sessionFor('user', { 'x-hasura-user-id': '7' }, { expiresAt: 1 });
    expect(Object.keys(made).sort()).toEqual(Object.keys(real).sort());
    expect({ ...made.sessionVariables }).toEqual({ ...real.sessionVariables });
    expect(made.allowedRoles).toEqual(real.allowedRoles);
  });

  it('is deeply frozen, and does not freeze what it was made of', () => {
    const claims = { tags: ['a'] };
    const session = sessionFor('user', {}, { claims });
    expect(Object.isFrozen(session.sessionVariables)).toBe(true);
    expect(Object.isFrozen(session.claims?.['tags'])).toBe(true);
    expect(Object.isFrozen(claims.tags)).toBe(false);
  });

  it('of another method has neither claims nor allowed roles', () => {
    const session = sessionFor('admin', {}, { method: 'admin-secret' });
    expect(session).toStrictEqual({
      role: 'admin',
      sessionVariables: { 'x-hasura-role': 'admin' },
      method: 'admin-secret',
      backendOnly: false,
    });
  });

  it.each([
    ['', {}, 'expected a role'],
    ['user', { 'X-Hasura-User-Id': '7' }, 'is not a session variable'],
    ['user', { 'user-id': '7' }, 'is not a session variable'],
  ])('of %j with %j is a mistake in the test', (role, variables, message) => {
    expect(() => sessionFor(role, variables)).toThrow(message);
  });
});

describe('a test hook', () => {
  const ask = (hook: ReturnType<typeof createTestHook>, mode: 'GET' | 'POST') => {
    const { url, fetch } = hook;
    const logger = { warn: () => undefined, error: () => undefined };
    const { authenticate } = createAuthenticator({
      adminSecret: false,
      authHook: { url, mode },
      fetch,
      logger,
    });
    return authenticate({ headers: { 'x-a': 'b' } });
  };

  it('refuses until it is given another answer', async () => {
    const hook = createTestHook();
    await expect(ask(hook, 'GET')).rejects.toThrow('Authentication hook unauthorized this request');
    hook.answerAs('user', { 'x-hasura-user-id': '7' });
    expect((await ask(hook, 'GET')).sessionVariables['x-hasura-user-id']).toBe('7');
    hook.answerWith(500);
    await expect(ask(hook, 'GET')).rejects.toThrow('Invalid response from authorization hook');
  });

  it('records what it was sent, in both modes', async () => {
    const hook = createTestHook();
    hook.answerAs('user');
    await ask(hook, 'GET');
    await ask(hook, 'POST');
    expect(hook.calls.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(hook.calls[0]?.headers).toMatchObject({ 'x-a': 'b' });
    expect(hook.calls[1]?.body).toMatchObject({ headers: { 'x-a': 'b' }, request: null });
  });
});

describe('importing the kit', () => {
  const warned = (environment: string | undefined): unknown[] => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      warnInProduction(environment);
      return emit.mock.calls;
    } finally {
      emit.mockRestore();
    }
  };

  it('warns in production, and nowhere else', () => {
    expect(warned('production')).toEqual([
      [expect.stringContaining('belongs in devDependencies'), 'HasuraAuthWarning'],
    ]);
    expect([warned('test'), warned(undefined)]).toEqual([[], []]);
  });
});
