import { randomBytes } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Example } from './messages.js';

interface Contents {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Seconds from now until the token expires. */
  readonly expiresIn: number;
  /** Further headers of the request. */
  readonly headers?: string;
}

const claims = {
  'x-hasura-user-id': '1',
  'x-hasura-default-role': 'user',
  'x-hasura-allowed-roles': ['user'],
};
const withClaims = { sub: 'ada', 'https://hasura.io/jwt/claims': claims };

const contents: ReadonlyMap<string, Contents> = new Map([
  ['no-claims', { payload: { sub: 'auth0|ada', nickname: 'ada' }, expiresIn: 3600 }],
  ['expired', { payload: withClaims, expiresIn: -3600 }],
  ['role', { payload: withClaims, expiresIn: 3600, headers: '\nx-hasura-role: editor' }],
]);

/** A request that is rejected, and its configuration, by the name of the example; undefined if there is none. */
export async function exampleOf(name: string): Promise<Example | undefined> {
  const found = contents.get(name);
  if (found === undefined) return undefined;
  const key = randomBytes(24).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const payload = { ...found.payload, iat: now - 7200, exp: now + found.expiresIn };
  const token = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(Buffer.from(key));
  return {
    request: `Authorization: Bearer ${token}${found.headers ?? ''}`,
    configuration: JSON.stringify({ type: 'HS256', key }, undefined, 2),
  };
}
