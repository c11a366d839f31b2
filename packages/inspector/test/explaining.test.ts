import { createAuthenticator, type Explanation } from '@hasura-auth/core';
import { createTestHook, createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import { decodeJwt, SignJWT } from 'jose';
import { serveInspector, type TestServer } from './inspector-server.js';

interface Body {
  readonly explanation: Explanation;
  readonly warnings: readonly string[];
  readonly signed?: { readonly by: string; readonly token?: string };
  readonly error?: string;
}

const key = 'a-shared-secret-of-at-least-32-bytes';
const hs256 = JSON.stringify({ type: 'HS256', key });
const namespace = 'https://hasura.io/jwt/claims';
const claims = { 'x-hasura-default-role': 'user', 'x-hasura-allowed-roles': ['user', 'editor'] };

const signed = (payload: Record<string, unknown>): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(key));

let issuer: TestIssuer;
const servers: TestServer[] = [];
beforeAll(async () => {
  issuer = await createTestIssuer();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

async function asking(
  options: Parameters<typeof serveInspector>[0] = {},
): Promise<(question: object) => Promise<Body & { readonly status: number }>> {
  const server = await serveInspector(options);
  servers.push(server);
  return async (question) => {
    const { status, body } = await server.ask<Body>('explain', question);
    return { status, ...body };
  };
}

describe('an explanation', () => {
  test('is of the pasted configuration', async () => {
    const ask = await asking();
    const request = await signed({ sub: 'ada', [namespace]: claims });
    const { explanation } = await ask({ request, configuration: hs256 });
    expect(explanation).toMatchObject({ outcome: 'accepted', session: { role: 'user' } });
    const other = JSON.stringify({ type: 'HS256', key: 'another-secret-of-at-least-32-bytes!' });
    expect((await ask({ request, configuration: other })).explanation.outcome).toBe('refused');
  });

  test('is of the authenticator that the app passed, if none is pasted', async () => {
    const authenticator = createAuthenticator({
      adminSecret: 'app-admin-secret-1',
      jwtSecret: hs256,
    });
    const ask = await asking({ authenticator });
    const { explanation } = await ask({ request: 'x-hasura-admin-secret: app-admin-secret-1' });
    expect(explanation.session?.role).toBe('admin');
  });

  test('is of the options that the app passed, and the warnings about them are part of it', async () => {
    const ask = await asking({ options: { adminSecret: 'short', jwtSecret: hs256 } });
    const { explanation, warnings } = await ask({ request: 'x-hasura-admin-secret: short' });
    expect(explanation.session?.role).toBe('admin');
    expect(warnings).toEqual([expect.stringContaining('adminSecret')]);
  });

  test('is of the development issuer if the app passed nothing else', async () => {
    const ask = await asking({ issuer });
    const { explanation } = await ask({ request: await issuer.signAs('editor') });
    expect(explanation.session?.role).toBe('editor');
  });

  test('of a pasted configuration with the key set of the issuer asks that issuer, also without a port', async () => {
    const ask = await asking({ issuer, options: { adminSecret: 'another-app-secret' } });
    const request = await issuer.signAs('editor');
    const configuration = JSON.stringify(issuer.jwtSecret);
    expect((await ask({ request, configuration })).explanation.session?.role).toBe('editor');
  });

  test('needs a configuration', async () => {
    const { status, error } = await (await asking())({ request: 'a.b.c' });
    expect([status, error]).toEqual([
      400,
      'Paste a configuration: this server has none of its own.',
    ]);
  });

  test.each([
    ['nothing', '', hs256],
    ['a curl command that is none', "curl -H 'Authorization", hs256],
    ['a configuration that is no JSON', 'a.b.c', '{"type":'],
    ['a configuration with a short key', 'a.b.c', '{"type":"HS256","key":"short"}'],
    ['a configuration of no kind', 'a.b.c', 'hello'],
  ])('of %s is one sentence about the mistake', async (_, request, configuration) => {
    const { status, error } = await (await asking())({ request, configuration });
    expect(status).toBe(400);
    expect(error).toMatch(/^[^\n]{20,}\.$/);
  });

  test('names the mistake in the options of the app', async () => {
    const ask = await asking({ options: { adminSecret: '' } });
    const { status, error } = await ask({ request: 'a.b.c' });
    expect([status, error]).toEqual([400, expect.stringMatching(/^adminSecret: /)]);
  });
});

describe('a change', () => {
  test('of the role is explained with the same token', async () => {
    const ask = await asking();
    const request = `Authorization: Bearer ${await signed({ [namespace]: claims })}\nX-Hasura-Role: user`;
    const as = async (role: string): Promise<Body> =>
      ask({ request, configuration: hs256, changes: { role } });
    expect((await as('editor')).explanation.session?.role).toBe('editor');
    expect((await as('')).explanation.session?.role).toBe('user');
    const refused = await as('owner');
    expect(refused.explanation.refusal?.code).toBe('access-denied');
    expect(refused.signed).toBeUndefined();
  });

  test('of the claims is signed with the shared secret, and the app accepts that token', async () => {
    const ask = await asking();
    const payload = { sub: 'ada', [namespace]: { ...claims, 'x-hasura-org': '7' } };
    const { explanation, signed: by } = await ask({
      request: await signed({ sub: 'ada' }),
      configuration: hs256,
      changes: { payload },
    });
    expect(explanation.session?.sessionVariables['x-hasura-org']).toBe('7');
    expect(by).toEqual({ by: 'secret', token: expect.any(String) });
    expect(decodeJwt(by?.token ?? '')).toEqual(payload);
    const app = createAuthenticator({ adminSecret: false, jwtSecret: hs256 });
    const headers = { authorization: `Bearer ${by?.token ?? ''}` };
    await expect(app.authenticate({ headers })).resolves.toMatchObject({ role: 'user' });
  });

  test('of the claims is explained by the own secret of the app, and that token is not given away', async () => {
    const options = { adminSecret: false as const, jwtSecret: hs256 };
    const ask = await asking({ options });
    const payload = { sub: 'ada', [namespace]: { ...claims, 'x-hasura-org': '7' } };
    const { explanation, signed: by } = await ask({
      request: await signed({ sub: 'ada' }),
      changes: { payload },
    });
    expect(explanation.session?.sessionVariables['x-hasura-org']).toBe('7');
    expect(by).toEqual({ by: 'secret' });
  });

  test('of the claims of a development token is signed by its issuer, with those claims and no others', async () => {
    const ask = await asking({ issuer });
    const token = await issuer.signAs('user');
    const { aud, exp } = decodeJwt(token);
    const payload = { iss: issuer.issuer, aud, exp, [namespace]: claims };
    const { explanation, signed: by } = await ask({ request: token, changes: { payload } });
    expect(explanation.token?.isVerified).toBe(true);
    expect(by?.by).toBe('issuer');
    expect(decodeJwt(by?.token ?? '')).toEqual(payload);
  });

  describe('of the claims of a provider’s token', () => {
    const own = async (payload: object, more: object = {}): Promise<Body> => {
      const ask = await asking();
      const provider = await createTestIssuer();
      const configuration = JSON.stringify({
        jwk_url: 'http://127.0.0.1:1/unreachable',
        audience: 'api',
        issuer: 'https://provider.example/',
        ...more,
      });
      return ask({ request: await provider.signAs('user'), configuration, changes: { payload } });
    };
    const valid = { iss: 'https://provider.example/', aud: 'api', [namespace]: claims };

    test('is marked as signed by nobody, holds no token, and goes on to the claims', async () => {
      const { explanation, signed: by } = await own(valid);
      expect(by).toEqual({ by: 'nobody' });
      expect(explanation.session?.role).toBe('user');
      expect(JSON.stringify(explanation)).not.toContain('127.0.0.1:1');
    });

    test.each([
      ['another audience', { ...valid, aud: 'other' }],
      ['another issuer', { ...valid, iss: 'https://other.example/' }],
      ['no Hasura claims', { iss: valid.iss, aud: valid.aud }],
      ['an expired time', { ...valid, exp: 1 }],
    ])('is refused with %s', async (_, payload) => {
      expect((await own(payload)).explanation.outcome).toBe('refused');
    });

    test('keeps the other rules of the configuration', async () => {
      const map = { 'x-hasura-default-role': 'member', 'x-hasura-allowed-roles': ['member'] };
      const { explanation } = await own({ iss: valid.iss, aud: 'api' }, { claims_map: map });
      expect(explanation.session?.role).toBe('member');
    });

    test('does not hide a mistake in the configuration', async () => {
      const { error } = await own(valid, { audience: '' });
      expect(error).toMatch(/^jwtSecret\.audience: /);
    });
  });

  test('of the claims is possible for two configurations of one issuer that differ in their keys', async () => {
    const ask = await asking();
    const options = {
      adminSecret: false,
      jwtSecrets: ['ES256', 'EdDSA'].map((algorithm) => ({
        jwk_url: `http://127.0.0.1:1/${algorithm}`,
        algorithms: [algorithm],
        issuer: 'https://provider.example/',
      })),
    };
    const { signed: by, explanation } = await ask({
      request: await issuer.signAs('user'),
      configuration: JSON.stringify(options),
      changes: { payload: { iss: 'https://provider.example/', [namespace]: claims } },
    });
    expect([by?.by, explanation.session?.role]).toEqual(['nobody', 'user']);
  });

  test('of the claims is not possible with an authenticator alone, and the page says what to do', async () => {
    const authenticator = createAuthenticator({ adminSecret: false, jwtSecret: hs256 });
    const ask = await asking({ authenticator });
    const { status, error } = await ask({
      request: await signed({ sub: 'ada' }),
      changes: { payload: {} },
    });
    expect([status, error]).toEqual([
      400,
      expect.stringMatching(/choose another configuration and paste it\.$/),
    ]);
  });

  test.each([
    ['a list of claims', { payload: [] }],
    ['a role that is no text', { role: 1 }],
    ['a text', 'role'],
  ])('that is %s is rejected', async (_, changes) => {
    const { status } = await (await asking())({ request: 'a.b.c', configuration: hs256, changes });
    expect(status).toBe(400);
  });

  test('of the claims of a request without a token is rejected', async () => {
    const { error } = await (
      await asking()
    )({
      request: 'x-hasura-role: user',
      configuration: hs256,
      changes: { payload: {} },
    });
    expect(error).toBe('The request has no token whose claims could be edited.');
  });

  test('reaches a webhook in POST mode, whose headers are sent as they were written', async () => {
    const hook = createTestHook();
    hook.answerAs('editor');
    const ask = await asking({
      options: {
        adminSecret: 'a-long-random-admin-secret',
        authHook: { url: hook.url, mode: 'POST' },
        fetch: hook.fetch,
      },
    });
    const { explanation } = await ask({
      request: 'X-Hasura-Role: user\nX-Kept: yes',
      changes: { role: 'editor' },
    });
    expect(explanation.session?.role).toBe('editor');
    expect(hook.calls).toHaveLength(1);
    expect(JSON.stringify(hook.calls[0]?.body)).toMatch(/editor/);
    expect(JSON.stringify(hook.calls[0]?.body)).not.toMatch(/"user"/);
  });

  test('of a bare token is in the place where the configuration reads it', async () => {
    const ask = await asking();
    const header = { type: 'CustomHeader', name: 'x-token' };
    const { explanation } = await ask({
      request: await signed({ sub: 'ada' }),
      configuration: JSON.stringify({ type: 'HS256', key, header }),
      changes: { payload: { [namespace]: claims } },
    });
    expect(explanation.session?.role).toBe('user');
  });

  test('replaces the token in a cookie and leaves its neighbours', async () => {
    const ask = await asking();
    const configuration = JSON.stringify({
      type: 'HS256',
      key,
      header: { type: 'Cookie', name: 'session' },
    });
    const token = await signed({ sub: 'ada' });
    const { explanation } = await ask({
      request: `Cookie: theme=dark; session=${token}; lang=en`,
      configuration,
      changes: { payload: { [namespace]: claims } },
    });
    expect(explanation.session?.role).toBe('user');
  });
});
