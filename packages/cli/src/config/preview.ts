import { randomBytes } from 'node:crypto';
import { createAuthenticator, type Explanation, type JwtSecret } from '@hasura-auth/core';
import { InputError } from '@hasura-auth/inspector/reading';
import { SignJWT } from 'jose';
import { keptWarnings } from '../warnings.js';

/** Claims of a sample token, which nothing has verified. */
export type SampleClaims = Readonly<Record<string, unknown>>;

/** The claims of a pasted token. Throws an InputError, which quotes nothing of it. */
export function readSampleToken(text: string): SampleClaims {
  const token = text
    .trim()
    .replace(/^Bearer\s+/i, '')
    .replaceAll(/\s/g, '');
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims))
      return claims as SampleClaims; // an object by the checks above
  } catch {
    // a parser's message quotes its input
  }
  throw new InputError(
    'the sample is no token: expected three parts with dots between them, the second of which is JSON',
  );
}

/** Claims of time, which a sample that was copied long ago would fail by. */
const ofTime: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat']);

/**
 * What an app with this configuration would make of a token with the claims of the sample, were it signed by the issuer
 * and not expired: the claims are signed anew with a key that exists for this call, and core decides about the result.
 */
export async function previewSession(
  secret: JwtSecret,
  sample: SampleClaims,
  now: () => number,
): Promise<Explanation> {
  const key = randomBytes(32).toString('hex');
  const claims = Object.fromEntries(Object.entries(sample).filter(([name]) => !ofTime.has(name)));
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(now() / 1000) + 3600)
    .sign(Buffer.from(key));
  const { type: _type, key: _key, jwk_url: _url, header: _header, ...members } = secret;
  const authenticator = createAuthenticator({
    adminSecret: false,
    jwtSecret: { type: 'HS256', key, ...members },
    logger: keptWarnings().logger,
    runtime: { now },
  });
  try {
    return await authenticator.explain({ headers: { authorization: `Bearer ${token}` } });
  } finally {
    await authenticator.close();
  }
}
