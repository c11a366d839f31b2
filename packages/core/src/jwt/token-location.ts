import { parseCookie } from 'cookie';
import { AuthError } from '../errors.js';
import type { RequestView } from '../request.js';
import type { LocationConfigs, TokenLocation } from './jwt-config.js';

/** A token as the request holds it: nothing of it is verified. */
export interface FoundToken {
  readonly token: string;
  readonly at: LocationConfigs;
}

/** The scheme alone decides whether an Authorization header is meant to be a token (RFC 6750, section 2.1). */
const bearerScheme = /^bearer(?:[ \t]|$)/i;
const bearerAndToken = /^bearer[ \t]+([^ \t]+)$/i;

function bearerToken(request: RequestView): string | undefined {
  const header = request.header('authorization');
  if (header === undefined) return undefined;
  if (header.startsWith('Bearer ') && !header.includes(' ', 7) && !header.includes('\t', 7))
    return header.slice(7) || undefined;
  return bearerAndToken.exec(header.trim())?.[1];
}

/** Each pair is read alone: cookie parsers keep the first of two equal names, and two are ambiguous here. */
function cookieToken(request: RequestView, name: string): string | undefined {
  const values = (request.header('cookie') ?? '')
    .split(';')
    .filter((pair) => pair.includes(name))
    .map((pair) => parseCookie(pair, { decode: (value) => value })[name])
    .filter((value) => value !== undefined && value !== '');
  if (values.length > 1) throw new AuthError('ambiguous-token');
  return values[0];
}

function tokenAt(location: TokenLocation, request: RequestView): string | undefined {
  switch (location.kind) {
    case 'authorization':
      return bearerToken(request);
    case 'cookie':
      return cookieToken(request, location.name);
    case 'header':
      return request.header(location.name) || undefined;
  }
}

function readsAuthorization(locations: readonly LocationConfigs[]): boolean {
  return locations.some(({ location }) => location.kind === 'authorization');
}

/**
 * The tokens of a request, at most one for each location. A Bearer header without a readable token is an error unless
 * another location yields one; a header of another scheme is no token.
 */
export function findTokens(
  locations: readonly LocationConfigs[],
  request: RequestView,
): FoundToken[] {
  const found: FoundToken[] = [];
  for (const at of locations) {
    const token = tokenAt(at.location, request);
    if (token !== undefined) found.push({ token, at });
  }
  if (found.length === 0 && readsAuthorization(locations)) {
    const header = request.header('authorization');
    if (header !== undefined && bearerScheme.test(header.trim()))
      throw new AuthError('malformed-authorization');
  }
  return found;
}

/** Refuses an Authorization header that no step could use: it was meant as a credential, so it is never anonymous. */
export function refuseOtherSchemes(
  locations: readonly LocationConfigs[],
): (request: RequestView) => undefined {
  const reads = readsAuthorization(locations);
  return (request) => {
    if (reads && request.header('authorization') !== undefined)
      throw new AuthError('malformed-authorization');
    return undefined;
  };
}
