import { ConfigError, presets, type JwtSecret } from '@hasura-auth/core';

const guid = '8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6';
const claims_map = {
  'x-hasura-allowed-roles': ['user'],
  'x-hasura-default-role': 'user',
  'x-hasura-user-id': { path: '$.sub' },
} as const;
const auth0 = { domain: 'my-tenant.eu.auth0.com', audience: 'https://api.example.com' };
const okta = { domain: 'my-org.okta.com', audience: 'api://default' };
const entraId = { tenantId: guid, audience: 'api-id' };
const keycloak = { url: 'https://sso.example.com', realm: 'my-realm' };
const nhost = { subdomain: 'abc', region: 'eu-central-1' };
const fusionAuth = { url: 'https://auth.example.com', issuer: 'example.com', audience: 'app-id' };
const kinde = { domain: 'my-business.kinde.com', audience: 'hasura' };
const logto = { endpoint: 'https://my-tenant.logto.app', audience: 'https://api.example.com' };
const google = { clientId: 'client-id', claims: { claims_map } };

/** What a program without types, or with a variable that is not set, can do. */
const wrong: readonly (readonly [
  option: string,
  make: (given: never) => JwtSecret,
  given: unknown,
])[] = [
  ['presets.auth0', presets.auth0, undefined],
  ['presets.auth0', presets.auth0, { ...auth0, audiance: 'https://api.example.com' }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: undefined }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: '' }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: 'https://my-tenant.eu.auth0.com' }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: 'my-tenant.eu.auth0.com/' }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: 'me@my-tenant.eu.auth0.com' }],
  ['presets.auth0.domain', presets.auth0, { ...auth0, domain: 'my-tenant' }],
  ['presets.auth0.audience', presets.auth0, { domain: auth0.domain }],
  ['presets.auth0.audience', presets.auth0, { ...auth0, audience: '' }],
  ['presets.auth0.audience', presets.auth0, { ...auth0, audience: [] }],
  ['presets.auth0.audience[1]', presets.auth0, { ...auth0, audience: ['api', 7] }],
  ['presets.auth0.claims', presets.auth0, { ...auth0, claims: { audience: 'another' } }],
  ['presets.auth0.claims', presets.auth0, { ...auth0, claims: 'namespace' }],
  ['presets.betterAuth.url', presets.betterAuth, {}],
  ['presets.betterAuth.url', presets.betterAuth, { url: 'app.example.com' }],
  ['presets.betterAuth.url', presets.betterAuth, { url: 'https://app.example.com/api/auth' }],
  ['presets.betterAuth.issuer', presets.betterAuth, { url: 'https://a.example', issuer: '' }],
  ['presets.betterAuth.audience', presets.betterAuth, { url: 'https://a.example', audience: [] }],
  ['presets.firebase.projectId', presets.firebase, {}],
  ['presets.firebase.projectId', presets.firebase, { projectId: '123456789012' }],
  ['presets.firebase.projectId', presets.firebase, { projectId: 'https://my-app.firebaseapp.com' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'AbCdEf123' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'eu-central-1:0000-1111' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'us-iso-east-1_Ab1' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'us-isob-east-1_Ab1' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'eu-isoe-west-1_Ab1' }],
  ['presets.cognito.userPoolId', presets.cognito, { userPoolId: 'eusc-de-east-1_Ab1' }],
  ['presets.cognito.issuer', presets.cognito, { userPoolId: 'eu-central-1_Ab1', issuer: 'new' }],
  ['presets.cognito.audience', presets.cognito, { userPoolId: 'eu-central-1_Ab1', audience: '' }],
  ['presets.clerk.frontendApi', presets.clerk, { frontendApi: 'https://clerk.example.com' }],
  ['presets.clerk.audience', presets.clerk, { frontendApi: 'clerk.example.com', audience: [] }],
  ['presets.keycloak.url', presets.keycloak, { ...keycloak, url: 'sso.example.com' }],
  ['presets.keycloak.url', presets.keycloak, { ...keycloak, url: 'https://sso.example.com/?a=b' }],
  ['presets.keycloak.url', presets.keycloak, { ...keycloak, url: 'https://me:pw@sso.example.com' }],
  ['presets.keycloak.url', presets.keycloak, { ...keycloak, url: 'https://:pw@sso.example.com' }],
  [
    'presets.keycloak.url',
    presets.keycloak,
    { ...keycloak, url: 'https://sso.example.com/realms' },
  ],
  [
    'presets.keycloak.url',
    presets.keycloak,
    { ...keycloak, url: 'https://sso.example.com/auth/realms/my-realm/' },
  ],
  ['presets.keycloak.realm', presets.keycloak, { ...keycloak, realm: '../admin' }],
  ['presets.keycloak.realm', presets.keycloak, { ...keycloak, realm: '..' }],
  ['presets.keycloak.realm', presets.keycloak, { ...keycloak, realm: 'a\\..\\b' }],
  ['presets.keycloak.realm', presets.keycloak, { url: keycloak.url }],
  ['presets.okta.domain', presets.okta, { ...okta, domain: 'https://my-org.okta.com' }],
  ['presets.okta.domain', presets.okta, { ...okta, domain: 'my-org-admin.okta.com' }],
  ['presets.okta.domain', presets.okta, { ...okta, domain: 'my-org-admin.oktapreview.com' }],
  ['presets.okta.audience', presets.okta, { domain: okta.domain }],
  ['presets.okta.authorizationServerId', presets.okta, { ...okta, authorizationServerId: 'a/b' }],
  ['presets.entraId.tenantId', presets.entraId, { ...entraId, tenantId: 'common' }],
  ['presets.entraId.tenantId', presets.entraId, { ...entraId, tenantId: 'example.com' }],
  ['presets.entraId.audience', presets.entraId, { tenantId: guid }],
  ['presets.entraId.tokenVersion', presets.entraId, { ...entraId, tokenVersion: '2' }],
  ['presets.entraId.tokenVersion', presets.entraId, { ...entraId, tokenVersion: null }],
  [
    'presets.entraId.tokenVersion',
    presets.entraId,
    { ...entraId, cloud: 'external-id', tokenVersion: 1 },
  ],
  ['presets.entraId.cloud', presets.entraId, { ...entraId, cloud: 'germany' }],
  ['presets.fusionAuth.url', presets.fusionAuth, { ...fusionAuth, url: 'auth.example.com' }],
  ['presets.fusionAuth.issuer', presets.fusionAuth, { ...fusionAuth, issuer: undefined }],
  ['presets.fusionAuth.audience', presets.fusionAuth, { ...fusionAuth, audience: undefined }],
  ['presets.kinde.domain', presets.kinde, { ...kinde, domain: 'https://a.kinde.com' }],
  ['presets.kinde.audience', presets.kinde, { domain: kinde.domain }],
  ['presets.logto.endpoint', presets.logto, { ...logto, endpoint: 'https://a.logto.app/oidc' }],
  ['presets.logto.endpoint', presets.logto, { ...logto, endpoint: 'a.logto.app' }],
  ['presets.logto.audience', presets.logto, { endpoint: logto.endpoint }],
  ['presets.workos.clientId', presets.workos, { clientId: 'sk_test_secret' }],
  ['presets.workos.issuer', presets.workos, { clientId: 'client_1', issuer: '' }],
  ['presets.workos.audience', presets.workos, { clientId: 'client_1', audience: [] }],
  ['presets.supabase.projectRef', presets.supabase, { projectRef: 'abc.supabase.co' }],
  ['presets.supabase.audience', presets.supabase, { projectRef: 'abc', audience: '' }],
  ['presets.google.clientId', presets.google, { claims: google.claims }],
  ['presets.google.claims', presets.google, { clientId: 'client-id' }],
  ['presets.nhost.subdomain', presets.nhost, { ...nhost, subdomain: 'https://abc' }],
  ['presets.nhost.region', presets.nhost, { ...nhost, region: 'eu central' }],
  ['presets.nhost.issuer', presets.nhost, { ...nhost, issuer: '' }],
];

describe('a wrong input is a ConfigError that names the option', () => {
  it.each(wrong)('%s: %#', (option, make, given) => {
    const thrown = (() => {
      try {
        return make(given as never);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(thrown).toMatchObject({ option, message: expect.stringMatching(/^presets\.[^\n]+$/) });
  });

  it('the message explains why an audience is required', () => {
    expect(() => presets.entraId({ tenantId: guid } as never)).toThrow(
      "presets.entraId.audience: expected the API's application id, got undefined; without it tokens that were issued for other apps would be accepted",
    );
  });
});

it('a call without the option that rejects other tenants does not compile', () => {
  expect(() => {
    // @ts-expect-error an Auth0 tenant signs with one key for all of its APIs
    presets.auth0({ domain: 'my-tenant.eu.auth0.com' });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error the project is the audience
    presets.firebase({});
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error all tenants of Entra ID share keys
    presets.entraId({ tenantId: guid });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error every custom authorization server has an audience
    presets.okta({ domain: 'my-org.okta.com' });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error a business of Kinde signs for all of its APIs with the same keys
    presets.kinde({ domain: 'my-business.kinde.com' });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error without its API resource a client of Logto gets no JWT
    presets.logto({ endpoint: 'https://my-tenant.logto.app' });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error the issuer of FusionAuth is free text
    presets.fusionAuth({ url: 'https://auth.example.com', audience: 'app-id' });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error Google signs for all apps with the same keys
    presets.google({ claims: { claims_map } });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error Google's tokens carry no session variables
    presets.google({ clientId: 'client-id', claims: {} });
  }).toThrow(ConfigError);
  expect(() => {
    // @ts-expect-error claims say where the session variables are, and nothing else
    presets.auth0({ ...auth0, claims: { issuer: 'https://elsewhere.example' } });
  }).toThrow(ConfigError);
});
