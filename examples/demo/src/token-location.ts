import type { JwtSecret, TokenHeader } from '@hasura-auth/core';

/** The location of a token in a request: a header, and the text before the token in its value. */
export interface TokenLocation {
  readonly header: string;
  readonly prefix: string;
}

export const bearer: TokenLocation = { header: 'Authorization', prefix: 'Bearer ' };

/** The location of tokens in a configuration that core has accepted. */
export function tokenLocation(header: JwtSecret['header']): TokenLocation {
  if (header === undefined) return bearer;
  // Core has accepted it, so a string is the JSON text of such an object.
  const parsed = typeof header === 'string' ? (JSON.parse(header) as TokenHeader) : header;
  if (!('name' in parsed)) return bearer;
  return parsed.type.toLowerCase() === 'cookie'
    ? { header: 'Cookie', prefix: `${parsed.name}=` }
    : { header: parsed.name, prefix: '' };
}
