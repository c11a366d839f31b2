import { createHash } from 'node:crypto';

/** The digest under which a token is known here, so that no token is kept; as long for every token. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
