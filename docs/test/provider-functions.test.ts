import { exportedBy } from './run-block.js';
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
