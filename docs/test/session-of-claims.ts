import { SignJWT } from 'jose';
import { createAuthenticator, type Session } from '@hasura-auth/core';

/** The session of a token with these claims in the default namespace. */
export async function sessionOf(
  claims: unknown,
  format: 'json' | 'stringified_json' = 'json',
): Promise<Session> {
  const key = 'a shared secret of the test, 32 bytes or more';
  const token = await new SignJWT({
    'https://hasura.io/jwt/claims': JSON.parse(JSON.stringify(claims)) as unknown,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
  return createAuthenticator({
    adminSecret: false,
    jwtSecret: { type: 'HS256', key, claims_format: format },
  }).authenticate({ headers: { authorization: `Bearer ${token}` } });
}
