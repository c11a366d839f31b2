import { definedBy, exportedBy } from './run-block.js';
import { sessionOf } from './session-of-claims.js';

it('the middleware reads the claims that the Firebase function sets', async () => {
  const setCustomUserClaims = jest.fn();
  const admin = { getAuth: () => ({ setCustomUserClaims }) };
  await exportedBy('firebase-claims', 'grantRoles', { 'firebase-admin/auth': admin })('ada', [
    'editor',
  ]);
  const [uid, claims] = setCustomUserClaims.mock.calls[0] as [string, Record<string, unknown>];
  expect(uid).toBe('ada');
  const session = await sessionOf(claims['https://hasura.io/jwt/claims']);
  expect(session).toMatchObject({ role: 'user', allowedRoles: ['user', 'editor'] });
});

it.each([
  [['editor'], ['user', 'editor']],
  [undefined, ['user']],
])(
  'the middleware reads the claims that the Cognito trigger writes for the groups %p',
  async (groups, allowed) => {
    const request = {
      userAttributes: { sub: 'ada' },
      groupConfiguration: { groupsToOverride: groups },
    };
    const event = (await exportedBy('cognito-claims', 'handler')({ request, response: {} })) as {
      response: { claimsOverrideDetails: { claimsToAddOrOverride: Record<string, unknown> } };
    };
    const added = event.response.claimsOverrideDetails.claimsToAddOrOverride;
    const session = await sessionOf(added['https://hasura.io/jwt/claims'], 'stringified_json');
    expect(session).toMatchObject({
      allowedRoles: allowed,
      sessionVariables: { 'x-hasura-user-id': 'ada' },
    });
  },
);

const namespace = 'https://hasura.io/jwt/claims';

it('the middleware reads the claims that the Cognito trigger writes into access tokens', async () => {
  const request = {
    userAttributes: { sub: 'ada' },
    groupConfiguration: { groupsToOverride: ['editor'] },
  };
  const event = (await exportedBy(
    'cognito-access-token-claims',
    'handler',
  )({
    request,
    response: {},
  })) as {
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: Record<string, unknown> };
      };
    };
  };
  const { accessTokenGeneration } = event.response.claimsAndScopeOverrideDetails;
  const added = accessTokenGeneration.claimsToAddOrOverride[namespace];
  expect(await sessionOf(added, 'stringified_json')).toMatchObject({
    allowedRoles: ['user', 'editor'],
    sessionVariables: { 'x-hasura-user-id': 'ada' },
  });
});

it('the middleware reads the claims that the Kinde workflow writes', async () => {
  const claims: Record<string, unknown> = {};
  const kinde = { accessTokenCustomClaims: () => claims };
  const workflow = exportedBy('kinde-claims', 'default', { '@kinde/infrastructure': kinde });
  await workflow({ context: { user: { id: 'ada' } } });
  expect(await sessionOf(claims[namespace])).toMatchObject({
    role: 'user',
    sessionVariables: { 'x-hasura-user-id': 'ada' },
  });
});

it('the middleware reads the payload that Better Auth is configured to define', async () => {
  type Define = (session: { user: { id: string } }) => Record<string, unknown>;
  let define: Define | undefined;
  exportedBy('better-auth-claims', 'auth', {
    'better-auth': { betterAuth: () => ({}) },
    'better-auth/plugins': {
      jwt: (options: { jwt: { definePayload: Define } }) => {
        define = options.jwt.definePayload;
      },
    },
  });
  expect(await sessionOf(define?.({ user: { id: 'ada' } })[namespace])).toMatchObject({
    role: 'user',
    sessionVariables: { 'x-hasura-user-id': 'ada' },
  });
});

it('the middleware reads the claims that the Logto script returns', async () => {
  const script = definedBy('logto-claims', 'getCustomJwtClaims');
  const claims = (await script({ context: { user: { id: 'ada' } } })) as Record<string, unknown>;
  expect(await sessionOf(claims[namespace])).toMatchObject({
    role: 'user',
    sessionVariables: { 'x-hasura-user-id': 'ada' },
  });
});

it.each([
  [{ roles: ['editor', 'admin', 'user'] }, ['user', 'editor']],
  [{}, ['user']],
  [null, ['user']],
])(
  'the middleware reads the claims that the FusionAuth lambda writes for the registration %j',
  async (registration, allowed) => {
    const jwt: Record<string, unknown> = {};
    definedBy('fusionauth-claims', 'populate')(jwt, { id: 'ada' }, registration);
    expect(await sessionOf(jwt[namespace])).toMatchObject({
      allowedRoles: allowed,
      sessionVariables: { 'x-hasura-user-id': 'ada' },
    });
  },
);
