import { SignJWT, type JWTPayload } from 'jose';

/** A shared secret for tokens of tests that are not about tokens. */
export const hmacKey = 'an HMAC secret that is long enough for HS256';

/** A token for user 7 with these roles, the first of them the default. */
export function hmacToken(roles: readonly string[], claims: JWTPayload = {}): Promise<string> {
  const namespace = {
    'x-hasura-allowed-roles': roles,
    'x-hasura-default-role': roles[0],
    'x-hasura-user-id': '7',
  };
  return new SignJWT({ ...claims, 'https://hasura.io/jwt/claims': namespace })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(hmacKey));
}
