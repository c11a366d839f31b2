import type { JwtSecret, TokenHeader } from '@hasura-auth/core';

/** Where a token goes in a request: a header, and what stands before the token in it. */
export interface TokenLocation {
  readonly header: string;
  readonly prefix: string;
}

export const bearer: TokenLocation = { header: 'Authorization', prefix: 'Bearer ' };

/** Where a configuration that core has accepted wants its tokens. */
export function tokenLocation(header: JwtSecret['header']): TokenLocation {
  if (header === undefined) return bearer;
  // Core has accepted it, so a string is the JSON text of such an object.
  const parsed = typeof header === 'string' ? (JSON.parse(header) as TokenHeader) : header;
  if (!('name' in parsed)) return bearer;
  return parsed.type.toLowerCase() === 'cookie'
    ? { header: 'Cookie', prefix: `${parsed.name}=` }
    : { header: parsed.name, prefix: '' };
}
