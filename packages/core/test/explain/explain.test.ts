import { createAuthenticator, optionsFromEnv, type AuthOptions } from '../../src/index.js';
import { goodToken, mintToken, spki } from '../tokens.js';

const env = {
  HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-random-admin-secret',
  HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: 'RS256', key: spki('rsa') }),
};
const app = (more: AuthOptions = {}) => createAuthenticator({ ...optionsFromEnv(env), ...more });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('explain', () => {
  it('tells each step of a decision, its session and its token', async () => {
    const { outcome, steps, session, token, remedy } = await app().explain({
      headers: bearer(await goodToken()),
    });
    expect(outcome).toBe('accepted');
    expect(steps.map(({ step }) => step)).toEqual([
      'admin-secret',
      'token-location',
      'decode',
      'match-issuer',
      'key',
      'verify',
      'registered-claims',
      'claims',
      'role',
    ]);
    expect(session?.role).toBe('user');
    expect(token).toMatchObject({ header: { alg: 'RS256' }, payload: { sub: 'user-1' } });
    expect(token?.isVerified).toBe(true);
    expect(remedy).toBeUndefined();
  });

  it('says what to add, and where, if Hasura claims are not found in the decoded token', async () => {
    const token = await mintToken({
      sign: { key: 'rsa', alg: 'RS256' },
      claims: { sub: 'user-1', iss: 'https://herm.eu.auth0.com/' },
    });
    const { outcome, cause, remedy, steps, refusal, response } = await app().explain({
      headers: bearer(token),
    });
    expect(outcome).toBe('refused');
    expect(cause).toContain(
      'Hasura claims are not found in it: it has no claim "https://hasura.io/jwt/claims"',
    );
    expect(remedy).toMatch(
      /^At the identity provider, add the claim "https:\/\/hasura.io\/jwt\/claims" with an object/,
    );
    expect(remedy).toContain('"x-hasura-allowed-roles": ["user"], "x-hasura-default-role": "user"');
    expect(steps.at(-1)?.step).toBe('claims');
    expect(refusal).toMatchObject({ kind: 'invalid-claims', status: 401, engineStatus: 400 });
    expect(response).toMatchObject({ status: 401 });
  });

  it('says that a token is revoked, and where it looked if it is not', async () => {
    const authenticator = app();
    const [revoked, other] = [await goodToken(), await goodToken({ jti: '1' })];
    await authenticator.revoke({ token: revoked });
    const { cause, refusal, steps } = await authenticator.explain({ headers: bearer(revoked) });
    expect(cause).toContain('The token is revoked');
    expect(refusal).toMatchObject({ kind: 'revoked', status: 401 });
    expect(steps.at(-1)).toMatchObject({ step: 'revocation', found: 'JWTRevoked' });
    const accepted = await authenticator.explain({ headers: bearer(other) });
    expect(accepted.steps.map(({ step }) => step)).toContain('revocation');
  });
});
