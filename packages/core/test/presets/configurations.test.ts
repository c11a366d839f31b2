import { presets, type JwtSecret } from '@hasura-auth/core';

const tenant = '8F1E0A52-3c4b-4d5e-9f60-718293a4b5c6';
const guid = tenant.toLowerCase();
const claims_map = {
  'x-hasura-allowed-roles': ['user'],
  'x-hasura-default-role': 'user',
  'x-hasura-user-id': { path: '$.sub' },
} as const;

const made: Readonly<Record<string, readonly [JwtSecret, JwtSecret]>> = {
  auth0: [
    presets.auth0({ domain: 'My-Tenant.eu.auth0.com', audience: 'https://api.example.com' }),
    {
      jwk_url: 'https://my-tenant.eu.auth0.com/.well-known/jwks.json',
      issuer: 'https://my-tenant.eu.auth0.com/',
      audience: 'https://api.example.com',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'auth0 with several audiences and a namespace': [
    presets.auth0({
      domain: 'login.example.com',
      audience: ['https://api.example.com', 'client-id'],
      claims: { claims_namespace: 'https://example.com/claims' },
    }),
    {
      jwk_url: 'https://login.example.com/.well-known/jwks.json',
      issuer: 'https://login.example.com/',
      audience: ['https://api.example.com', 'client-id'],
      extra_required_claims: ['issuer', 'audience', 'exp'],
      claims_namespace: 'https://example.com/claims',
    },
  ],
  'auth0 with the port of https': [
    presets.auth0({ domain: 'login.example.com:443', audience: 'api', claims: undefined }),
    {
      jwk_url: 'https://login.example.com/.well-known/jwks.json',
      issuer: 'https://login.example.com/',
      audience: 'api',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  betterAuth: [
    presets.betterAuth({ url: 'https://App.example.com/' }),
    {
      jwk_url: 'https://app.example.com/api/auth/jwks',
      issuer: 'https://app.example.com',
      audience: 'https://app.example.com',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'betterAuth with an issuer and an audience of its own': [
    presets.betterAuth({ url: 'http://localhost:3000', issuer: 'app', audience: ['api'] }),
    {
      jwk_url: 'http://localhost:3000/api/auth/jwks',
      issuer: 'app',
      audience: ['api'],
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  firebase: [
    presets.firebase({ projectId: 'my-app-1234' }),
    {
      jwk_url:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      issuer: 'https://securetoken.google.com/my-app-1234',
      audience: 'my-app-1234',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'firebase with an id of a domain': [
    presets.firebase({ projectId: 'example.com:my-app' }),
    {
      jwk_url:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      issuer: 'https://securetoken.google.com/example.com:my-app',
      audience: 'example.com:my-app',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  cognito: [
    presets.cognito({ userPoolId: 'us-gov-west-1_AbCdEf123' }),
    {
      jwk_url:
        'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbCdEf123/.well-known/jwks.json',
      issuer: 'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbCdEf123',
      extra_required_claims: ['issuer', 'exp'],
      claims_format: 'stringified_json',
    },
  ],
  'cognito in China, with an app client and claims as an object': [
    presets.cognito({
      userPoolId: 'cn-north-1_AbCdEf123',
      audience: '1example23456789',
      claims: { claims_format: 'json' },
    }),
    {
      jwk_url:
        'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEf123/.well-known/jwks.json',
      issuer: 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEf123',
      audience: '1example23456789',
      extra_required_claims: ['issuer', 'audience', 'exp'],
      claims_format: 'json',
    },
  ],
  'cognito with the updated issuer and a claims_map, which needs no format': [
    presets.cognito({
      userPoolId: 'eu-central-1_AbCdEf123',
      issuer: 'updated',
      claims: { claims_map },
    }),
    {
      jwk_url:
        'https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123/.well-known/jwks.json',
      issuer: 'https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123',
      extra_required_claims: ['issuer', 'exp'],
      claims_map,
    },
  ],
  clerk: [
    presets.clerk({ frontendApi: 'my-app.clerk.accounts.dev' }),
    {
      jwk_url: 'https://my-app.clerk.accounts.dev/.well-known/jwks.json',
      issuer: 'https://my-app.clerk.accounts.dev',
      extra_required_claims: ['issuer', 'exp'],
    },
  ],
  keycloak: [
    presets.keycloak({ url: 'http://127.0.0.1:8080/auth/', realm: 'my-realm', audience: 'api' }),
    {
      jwk_url: 'http://127.0.0.1:8080/auth/realms/my-realm/protocol/openid-connect/certs',
      issuer: 'http://127.0.0.1:8080/auth/realms/my-realm',
      audience: 'api',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  okta: [
    presets.okta({ domain: 'my-org.okta.com', audience: 'api://default' }),
    {
      jwk_url: 'https://my-org.okta.com/oauth2/default/v1/keys',
      issuer: 'https://my-org.okta.com/oauth2/default',
      audience: 'api://default',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'okta with a server of its own': [
    presets.okta({
      domain: 'id.example.com',
      authorizationServerId: 'aus9o8wzkhckw9TLa0h7',
      audience: 'https://api.example.com',
    }),
    {
      jwk_url: 'https://id.example.com/oauth2/aus9o8wzkhckw9TLa0h7/v1/keys',
      issuer: 'https://id.example.com/oauth2/aus9o8wzkhckw9TLa0h7',
      audience: 'https://api.example.com',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  entraId: [
    presets.entraId({ tenantId: tenant, audience: 'api-id', claims: { claims_map } }),
    {
      jwk_url: `https://login.microsoftonline.com/${guid}/discovery/v2.0/keys`,
      issuer: `https://login.microsoftonline.com/${guid}/v2.0`,
      audience: 'api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
      claims_map,
    },
  ],
  'entraId with tokens of version 1': [
    presets.entraId({ tenantId: tenant, audience: 'api://api-id', tokenVersion: 1 }),
    {
      jwk_url: `https://login.microsoftonline.com/${guid}/discovery/keys`,
      issuer: `https://sts.windows.net/${guid}/`,
      audience: 'api://api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'entraId of the US Government': [
    presets.entraId({ tenantId: tenant, audience: 'api-id', cloud: 'us-government' }),
    {
      jwk_url: `https://login.microsoftonline.us/${guid}/discovery/v2.0/keys`,
      issuer: `https://login.microsoftonline.us/${guid}/v2.0`,
      audience: 'api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'entraId of the US Government with tokens of version 1': [
    presets.entraId({
      tenantId: tenant,
      audience: 'api-id',
      cloud: 'us-government',
      tokenVersion: 1,
    }),
    {
      jwk_url: `https://login.microsoftonline.us/${guid}/discovery/keys`,
      issuer: `https://sts.windows.net/${guid}/`,
      audience: 'api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'entraId in China with tokens of version 1': [
    presets.entraId({ tenantId: tenant, audience: 'api-id', cloud: 'china', tokenVersion: 1 }),
    {
      jwk_url: `https://login.partner.microsoftonline.cn/${guid}/discovery/keys`,
      issuer: `https://sts.chinacloudapi.cn/${guid}/`,
      audience: 'api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  'entraId with External ID': [
    presets.entraId({ tenantId: tenant, audience: 'api-id', cloud: 'external-id' }),
    {
      jwk_url: `https://${guid}.ciamlogin.com/${guid}/discovery/v2.0/keys`,
      issuer: `https://${guid}.ciamlogin.com/${guid}/v2.0`,
      audience: 'api-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  fusionAuth: [
    presets.fusionAuth({
      url: 'https://auth.example.com/',
      issuer: 'example.com',
      audience: 'app-id',
    }),
    {
      jwk_url: 'https://auth.example.com/.well-known/jwks.json',
      issuer: 'example.com',
      audience: 'app-id',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  kinde: [
    presets.kinde({ domain: 'my-business.kinde.com', audience: 'hasura' }),
    {
      jwk_url: 'https://my-business.kinde.com/.well-known/jwks',
      issuer: 'https://my-business.kinde.com',
      audience: 'hasura',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  logto: [
    presets.logto({ endpoint: 'https://my-tenant.logto.app/', audience: 'https://api.example' }),
    {
      jwk_url: 'https://my-tenant.logto.app/oidc/jwks',
      issuer: 'https://my-tenant.logto.app/oidc',
      audience: 'https://api.example',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  workos: [
    presets.workos({ clientId: 'client_01ABCDEF' }),
    {
      jwk_url: 'https://api.workos.com/sso/jwks/client_01ABCDEF',
      issuer: 'https://api.workos.com/user_management/client_01ABCDEF',
      extra_required_claims: ['issuer', 'exp'],
    },
  ],
  'workos with an older issuer and an audience': [
    presets.workos({
      clientId: 'client_01ABCDEF',
      issuer: 'https://api.workos.com',
      audience: 'api',
    }),
    {
      jwk_url: 'https://api.workos.com/sso/jwks/client_01ABCDEF',
      issuer: 'https://api.workos.com',
      audience: 'api',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
  ],
  supabase: [
    presets.supabase({
      projectRef: 'abcdefghijklmnopqrst',
      claims: { claims_namespace_path: '$.app_metadata.hasura' },
    }),
    {
      jwk_url: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1/.well-known/jwks.json',
      issuer: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
      audience: 'authenticated',
      extra_required_claims: ['issuer', 'audience', 'exp'],
      claims_namespace_path: '$.app_metadata.hasura',
    },
  ],
  google: [
    presets.google({ clientId: '1234-abc.apps.googleusercontent.com', claims: { claims_map } }),
    {
      jwk_url: 'https://www.googleapis.com/oauth2/v3/certs',
      issuer: 'https://accounts.google.com',
      audience: '1234-abc.apps.googleusercontent.com',
      extra_required_claims: ['issuer', 'audience', 'exp'],
      claims_map,
    },
  ],
  nhost: [
    presets.nhost({ subdomain: 'abcdefghijklmnopqrst', region: 'eu-central-1' }),
    {
      jwk_url: 'https://abcdefghijklmnopqrst.auth.eu-central-1.nhost.run/v1/.well-known/jwks.json',
      extra_required_claims: ['issuer', 'exp'],
    },
  ],
  'nhost with an issuer': [
    presets.nhost({
      subdomain: 'abcdefghijklmnopqrst',
      region: 'eu-central-1',
      issuer: 'hasura-auth',
    }),
    {
      jwk_url: 'https://abcdefghijklmnopqrst.auth.eu-central-1.nhost.run/v1/.well-known/jwks.json',
      issuer: 'hasura-auth',
      extra_required_claims: ['issuer', 'exp'],
    },
  ],
};

describe('a preset returns the configuration of its provider', () => {
  it.each(Object.entries(made))('%s', (_name, [secret, expected]) => {
    expect(secret).toEqual(expected);
  });
});

it('each preset is here', () => {
  const tried = new Set(Object.keys(made).map((name) => name.split(' ')[0]));
  expect([...tried].sort()).toEqual(Object.keys(presets).sort());
});
