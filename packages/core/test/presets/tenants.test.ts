import { createAuthenticator, presets, type JwtSecret } from '@hasura-auth/core';
import { startJwksServer, type JwksServer, type Json } from '@hasura-auth/testkit';

import { goodClaims, mintToken, secretText, testKey } from '../tokens.js';

/** One key for every provider and every tenant: only the configuration distinguishes them. */
let server: JwksServer;
beforeAll(async () => {
  server = await startJwksServer({ keys: [testKey('rsa').publicJwk] });
});
afterAll(() => server.close());

type Claims = Readonly<Record<string, Json>>;

const guid = '8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6';
const other = '00000000-3c4b-4d5e-9f60-718293a4b5c6';
const namespaced = goodClaims['https://hasura.io/jwt/claims'];
const claims = {
  claims_map: {
    'x-hasura-allowed-roles': ['user', 'editor'],
    'x-hasura-default-role': 'user',
    'x-hasura-user-id': { path: '$.sub' },
  },
} as const;

interface Tenant {
  readonly name: string;
  readonly secret: JwtSecret;
  readonly own: Claims;
  /** The same with one thing changed: tokens of others that the same keys sign. */
  readonly others: Readonly<Record<string, Claims>>;
}

const tenants: readonly Tenant[] = [
  {
    name: 'auth0',
    secret: presets.auth0({ domain: 'a.eu.auth0.com', audience: 'https://a.example' }),
    own: { iss: 'https://a.eu.auth0.com/', aud: ['https://a.example', 'userinfo'] },
    others: {
      'an issuer without the slash': { iss: 'https://a.eu.auth0.com', aud: 'https://a.example' },
      'another API': { iss: 'https://a.eu.auth0.com/', aud: 'https://b.example' },
    },
  },
  {
    name: 'firebase',
    secret: presets.firebase({ projectId: 'project-a' }),
    own: { iss: 'https://securetoken.google.com/project-a', aud: 'project-a' },
    others: {
      'another project': { iss: 'https://securetoken.google.com/project-b', aud: 'project-b' },
      'another audience': { iss: 'https://securetoken.google.com/project-a', aud: 'project-b' },
    },
  },
  {
    name: 'cognito, an access token',
    secret: presets.cognito({ userPoolId: 'eu-west-1_A' }),
    own: {
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
      client_id: 'app',
      'https://hasura.io/jwt/claims': JSON.stringify(namespaced),
    },
    others: { 'another pool': { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_B' } },
  },
  {
    name: 'cognito, an access token of a pool with the updated issuer',
    secret: presets.cognito({ userPoolId: 'eu-west-1_A', issuer: 'updated', audience: 'api' }),
    own: {
      iss: 'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
      aud: 'api',
      'https://hasura.io/jwt/claims': JSON.stringify(namespaced),
    },
    others: {
      'the original issuer': { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A' },
      'another audience': { aud: 'other' },
    },
  },
  {
    name: 'betterAuth',
    secret: presets.betterAuth({ url: 'https://a.example' }),
    own: { iss: 'https://a.example', aud: 'https://a.example' },
    others: {
      'another app': { iss: 'https://b.example', aud: 'https://b.example' },
      'another audience': { aud: 'https://b.example' },
    },
  },
  {
    name: 'kinde',
    secret: presets.kinde({ domain: 'a.kinde.com', audience: 'hasura' }),
    own: { iss: 'https://a.kinde.com', aud: ['hasura'] },
    others: {
      'another business': { iss: 'https://b.kinde.com' },
      'no API': { aud: [] },
      'another API': { aud: ['other'] },
    },
  },
  {
    name: 'logto',
    secret: presets.logto({ endpoint: 'https://a.logto.app', audience: 'https://a.example' }),
    own: { iss: 'https://a.logto.app/oidc', aud: 'https://a.example' },
    others: {
      'another tenant': { iss: 'https://b.logto.app/oidc' },
      'another resource': { aud: 'https://b.example' },
    },
  },
  {
    name: 'fusionAuth',
    secret: presets.fusionAuth({ url: 'https://a.example', issuer: 'a', audience: 'app-a' }),
    own: { iss: 'a', aud: 'app-a' },
    others: { 'another tenant': { iss: 'b' }, 'another application': { aud: 'app-b' } },
  },
  {
    name: 'workos',
    secret: presets.workos({ clientId: 'client_A' }),
    own: { iss: 'https://api.workos.com/user_management/client_A' },
    others: {
      'another application': { iss: 'https://api.workos.com/user_management/client_B' },
      'the older issuer': { iss: 'https://api.workos.com' },
    },
  },
  {
    name: 'entraId, External ID',
    secret: presets.entraId({ tenantId: guid, audience: 'api-a', cloud: 'external-id', claims }),
    own: { iss: `https://${guid}.ciamlogin.com/${guid}/v2.0`, aud: 'api-a' },
    others: {
      'another tenant': { iss: `https://${other}.ciamlogin.com/${other}/v2.0` },
      'a workforce tenant': { iss: `https://login.microsoftonline.com/${guid}/v2.0` },
    },
  },
  {
    name: 'clerk',
    secret: presets.clerk({ frontendApi: 'clerk.a.example' }),
    own: { iss: 'https://clerk.a.example' },
    others: { 'another instance': { iss: 'https://clerk.b.example' } },
  },
  {
    name: 'keycloak',
    secret: presets.keycloak({ url: 'https://sso.example', realm: 'a', audience: 'api', claims }),
    own: { iss: 'https://sso.example/realms/a', aud: ['account', 'api'] },
    others: {
      'another realm': { iss: 'https://sso.example/realms/b', aud: 'api' },
      'another API': { iss: 'https://sso.example/realms/a', aud: 'account' },
    },
  },
  {
    name: 'okta',
    secret: presets.okta({ domain: 'a.okta.com', audience: 'api://default', claims }),
    own: { iss: 'https://a.okta.com/oauth2/default', aud: 'api://default' },
    others: {
      'the org itself': { iss: 'https://a.okta.com', aud: 'api://default' },
      'an ID token': { iss: 'https://a.okta.com/oauth2/default', aud: 'client' },
    },
  },
  {
    name: 'entraId',
    secret: presets.entraId({ tenantId: guid, audience: 'api-a', claims }),
    own: { iss: `https://login.microsoftonline.com/${guid}/v2.0`, aud: 'api-a' },
    others: {
      'another tenant': { iss: `https://login.microsoftonline.com/${other}/v2.0`, aud: 'api-a' },
      'another API': { iss: `https://login.microsoftonline.com/${guid}/v2.0`, aud: 'api-b' },
      'version 1': { iss: `https://sts.windows.net/${guid}/`, aud: 'api-a' },
    },
  },
  {
    name: 'supabase',
    secret: presets.supabase({ projectRef: 'aaa', claims }),
    own: { iss: 'https://aaa.supabase.co/auth/v1', aud: 'authenticated' },
    others: {
      'another project': { iss: 'https://bbb.supabase.co/auth/v1', aud: 'authenticated' },
      'a key for apps': { iss: 'https://aaa.supabase.co/auth/v1', aud: 'anon' },
    },
  },
  {
    name: 'google',
    secret: presets.google({ clientId: ['app-a', 'app-a-ios'], claims }),
    own: { iss: 'https://accounts.google.com', aud: 'app-a-ios' },
    others: { 'another app': { iss: 'https://accounts.google.com', aud: 'app-b' } },
  },
  {
    name: 'nhost',
    secret: presets.nhost({ subdomain: 'aaa', region: 'eu-central-1', issuer: 'hasura-auth' }),
    own: { iss: 'hasura-auth' },
    others: { 'another issuer': { iss: 'https://bbb.auth.eu-central-1.nhost.run/v1' } },
  },
];

describe.each(tenants)('$name', ({ secret, own, others }) => {
  const warnings: string[] = [];
  const asked = new Set<string>();
  const logger = { warn: (line: string) => void warnings.push(line), error: () => undefined };
  const authenticator = createAuthenticator({
    adminSecret: false,
    jwtSecret: secret,
    logger,
    fetch: (url, init) => {
      asked.add(url);
      return fetch(server.url, init);
    },
  });
  const whole = (more: Claims): Claims => ({
    ...goodClaims,
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...more,
  });
  async function roleOf(token: Claims): Promise<string> {
    const text = await mintToken({ sign: { key: 'rsa', alg: 'RS256' }, claims: token });
    const headers = { authorization: `Bearer ${text}` };
    return (await authenticator.authenticate({ headers })).role;
  }

  it('accepts its own tokens, with keys from its own address', async () => {
    expect(await roleOf(whole(own))).toBe('user');
    expect([...asked]).toEqual([secret.jwk_url]);
    expect(warnings).toEqual([]);
  });

  it.each(Object.entries(others))('rejects a token of another: %s', async (_name, foreign) => {
    await expect(roleOf(whole({ ...own, ...foreign }))).rejects.toThrow(
      /JWTNotIn(?:Issuer|Audience)$/,
    );
  });

  it.each(['exp', 'iss', ...('aud' in own ? ['aud'] : [])])(
    'rejects a token without %s',
    async (claim) => {
      const { [claim]: _, ...rest } = whole(own);
      await expect(roleOf(rest)).rejects.toThrow(
        /^Could not verify JWT: JWT(?:NotIn|MissingClaim)/,
      );
    },
  );
});

describe('a Supabase project that moves from its legacy secret to signing keys', () => {
  const preset = presets.supabase({ projectRef: 'aaa', claims });
  const { jwk_url: _, ...rest } = preset;
  const { authenticate } = createAuthenticator({
    adminSecret: false,
    jwtSecrets: [preset, { ...rest, type: 'HS256', key: secretText('hs') }],
    fetch: (_url, init) => fetch(server.url, init),
    logger: { warn: () => undefined, error: () => undefined }, // of the tokens that others signed
  });
  const own = { iss: 'https://aaa.supabase.co/auth/v1', aud: 'authenticated' };
  const asking = async (sign: { key: string; alg: string }, more: Claims = {}) => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const text = await mintToken({ sign, claims: { ...goodClaims, ...own, exp, ...more } });
    return authenticate({ headers: { authorization: `Bearer ${text}` } });
  };

  it('has its old and its new tokens accepted at the same time', async () => {
    expect((await asking({ key: 'rsa', alg: 'RS256' })).role).toBe('user');
    expect((await asking({ key: 'hs', alg: 'HS256' })).role).toBe('user');
  });

  it.each([
    ['rsa', 'RS256'],
    ['hs', 'HS256'],
  ] as const)('has tokens of another project rejected, with the key %s', async (key, alg) => {
    const iss = 'https://bbb.supabase.co/auth/v1';
    await expect(asking({ key, alg }, { iss })).rejects.toThrow('JWTNotInIssuer');
    await expect(asking({ key, alg }, { aud: 'anon' })).rejects.toThrow('JWTNotInAudience');
  });

  it('has a token rejected whose signature is of neither key', async () => {
    await expect(asking({ key: 'p256', alg: 'ES256' })).rejects.toThrow('JWSError');
    await expect(asking({ key: 'hs-other', alg: 'HS256' })).rejects.toThrow('JWSInvalidSignature');
  });
});
