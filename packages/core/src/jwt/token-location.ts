import { parseCookie } from 'cookie';
import { AuthError, ConfigError } from '../errors.js';
import type { DecisionFact } from '../facts.js';
import type { Members } from '../json.js';
import { checkPastedMembers, nonEmptyString, objectOrJson, type Warn } from '../option-checks.js';
import { type RequestView } from '../request.js';
import { fieldName } from '../request-headers.js';
import type { LocationConfigs, TokenLocation } from './match-issuer.js';

// ── Configured ───────────────────────────────────────────────────────────────────────────────────

/** Headers with another meaning, so that they cannot hold a token. */
const takenHeaders = ['x-hasura-admin-secret', 'x-hasura-access-key', 'x-hasura-role', 'cookie'];

function locationName(header: Members, option: string): string {
  const name = nonEmptyString(header['name'], `${option}.name`);
  if (fieldName.test(name)) return name;
  throw new ConfigError(`${option}.name`, 'expected a name without blanks and separators');
}

/** Reads `header`: the location of the token, as an object or as its JSON text. */
export function parseTokenLocation(value: unknown, option: string, warn: Warn): TokenLocation {
  if (value === undefined) return { kind: 'authorization' };
  if (typeof value === 'string' && !/^\s*\{/.test(value))
    throw new ConfigError(
      option,
      'expected an object: {"type":"Authorization"}, {"type":"Cookie","name":"…"} or {"type":"CustomHeader","name":"…"}',
    );
  const header = objectOrJson(value, option);
  checkPastedMembers(header, ['type', 'name'], { option, warn });
  const type = typeof header['type'] === 'string' ? header['type'].toLowerCase() : undefined;
  switch (type) {
    case 'authorization':
      if (header['name'] !== undefined)
        warn(
          `${option}.name`,
          'it has no effect with the type Authorization; for another header, set the type CustomHeader',
        );
      return { kind: 'authorization' };
    case 'cookie':
      return { kind: 'cookie', name: locationName(header, option) };
    case 'customheader': {
      const name = locationName(header, option).toLowerCase();
      if (takenHeaders.includes(name))
        throw new ConfigError(
          `${option}.name`,
          `${name} has a meaning of its own; choose another name`,
        );
      return { kind: 'header', name };
    }
    default:
      throw new ConfigError(
        `${option}.type`,
        'expected Authorization, Cookie (with a name) or CustomHeader (with a name)',
      );
  }
}

// ── In a request ─────────────────────────────────────────────────────────────────────────────────

/** A bare token as a request holds it, and where: nothing of it is verified. */
export interface FoundToken {
  readonly token: string;
  readonly at: LocationConfigs;
}

const plainBearer = 'Bearer ';
/** The scheme alone decides whether an Authorization header is meant to be a token (RFC 6750, section 2.1). */
const bearerScheme = /^[ \t]*bearer(?:[ \t]|$)/i;
/** Blanks are spaces and tabs alone (RFC 9110, section 5.6.3): anything else is part of a word. */
const bearerAndToken = /^[ \t]*bearer[ \t]+([^ \t]+)[ \t]*$/i;

/**
 * What follows `Bearer ` in a request, as it came, for a comparison with tokens that were verified: whether it is a token at
 * all is not looked at. Undefined if tokens may be elsewhere too, so that `findTokens` has to look.
 */
export function unreadToken(
  locations: readonly LocationConfigs[],
): (request: RequestView) => FoundToken | undefined {
  const [at] = locations;
  if (at?.location.kind !== 'authorization' || locations.length > 1) return () => undefined;
  return (request) => {
    const header = request.unread('authorization');
    // `startsWith` takes twice the time
    return header?.slice(0, plainBearer.length) === plainBearer
      ? { token: header.slice(plainBearer.length), at }
      : undefined;
  };
}

/** What follows `Bearer ` in a header; `unread` if that was found before. */
function plainToken(header: string, unread: string | undefined): string | undefined {
  if (unread !== undefined) return unread;
  return header.startsWith(plainBearer) ? header.slice(plainBearer.length) : undefined;
}

/** The token of a Bearer header, empty if it is malformed; undefined if the header is absent or of another scheme. */
function bearerToken(request: RequestView, unread: string | undefined): string | undefined {
  const header = request.header('authorization');
  if (header === undefined) return undefined;
  const plain = plainToken(header, header === request.unread('authorization') ? unread : undefined);
  // as most clients write it; `indexOf` takes a quarter of the time of `includes`
  if (plain?.indexOf(' ') === -1 && plain.indexOf('\t') === -1) return plain;
  const token = bearerAndToken.exec(header)?.[1];
  return token ?? (bearerScheme.test(header) ? '' : undefined);
}

/** The content of a cookie's value, which may stand in quotes (RFC 6265, section 4.1.1). */
function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}

/** Each pair is read alone: cookie parsers keep the first of two equal names, and two are ambiguous here. */
function cookieToken(request: RequestView, name: string): string | undefined {
  const values = (request.header('cookie') ?? '')
    .split(';')
    .filter((pair) => pair.includes(name))
    .map((pair) => parseCookie(pair, { decode: unquoted })[name])
    .filter((value) => value !== undefined && value !== '');
  if (values.length > 1) {
    const place = { kind: 'cookie', name } as const;
    request.observe?.({ step: 'token-location', outcome: 'ambiguous', place });
    throw new AuthError('ambiguous-token');
  }
  return values[0];
}

function tokenAt(
  location: TokenLocation,
  request: RequestView,
  unread: string | undefined,
): string | undefined {
  switch (location.kind) {
    case 'authorization':
      return bearerToken(request, unread);
    case 'cookie':
      return cookieToken(request, location.name);
    case 'header':
      return request.header(location.name) || undefined;
  }
}

/** What was found at a location, for an observer. */
function lookedAt(place: TokenLocation, token: string | undefined): DecisionFact {
  const step = 'token-location';
  if (token === undefined) return { step, outcome: 'absent', place };
  if (token === '') return { step, outcome: 'malformed', place };
  return { step, outcome: 'found', place, token };
}

/**
 * The tokens of a request, at most one for each location. Authorization headers of another scheme are none; a malformed
 * Bearer header is the AuthError `malformed-authorization`, unless another location yields a token. If `unread`, which
 * `unreadToken` found, turns out to be the token, it is the very one that is returned.
 */
export function findTokens(
  locations: readonly LocationConfigs[],
  request: RequestView,
  unread?: FoundToken,
): readonly FoundToken[] {
  const found: FoundToken[] = [];
  let malformed = false;
  for (const at of locations) {
    const token = tokenAt(at.location, request, unread?.token);
    if (request.observe !== undefined) request.observe(lookedAt(at.location, token));
    if (token === '') malformed = true;
    else if (token !== undefined)
      found.push(unread !== undefined && token === unread.token ? unread : { token, at });
  }
  if (malformed && found.length === 0) throw new AuthError('malformed-authorization');
  return found;
}

/** Refuses an Authorization header that no step could use: it was meant as a credential, so it is never anonymous. */
export function refuseOtherSchemes(
  locations: readonly LocationConfigs[],
): (request: RequestView) => undefined {
  const reads = locations.some(({ location }) => location.kind === 'authorization');
  return (request) => {
    if (reads && request.header('authorization') !== undefined)
      throw new AuthError('malformed-authorization');
    return undefined;
  };
}

/** No token that is worth revoking is shorter, in characters; the names of schemes are. */
const shortestWord = 16;
/** How many words an Authorization header may have that may be tokens, and how many beginnings of a JWS. */
const mostWords = 64;
const mostBeginnings = 16;
/**
 * Words that may be tokens: those between blanks and quotes, and those of the characters of tokens alone; `=` is a part of
 * some, and in others between a name and a value.
 */
const words = [/[^\s,;"'()]{16,}/g, /[^\s,;"'()=]{16,}/g, /[\w.~+/=-]{16,}/g, /[\w.~+/-]{16,}/g];
/** How a JWS begins: its header is the text of a JSON object. */
const beginning = 'eyJ';
const jws = /eyJ[\w-]*\.[\w-]+\.[\w-]*/y;
/** What is cut off by a webhook that counts the characters of "Bearer ". */
const schemeLength = 7;

/**
 * Everything in the Authorization header of a request that may be a token, whichever way a webhook takes the header apart.
 * More words than any credential has are the AuthError `malformed-authorization`.
 */
export function authorizationWords(request: RequestView): readonly string[] {
  const header = request.header('authorization') ?? '';
  const rest = header.slice(schemeLength).trim();
  const found = new Set(rest.length < shortestWord ? [] : [rest]);
  for (const word of words)
    for (const [text] of header.matchAll(word)) {
      found.add(text);
      if (found.size > mostWords) throw new AuthError('malformed-authorization');
    }
  let beginnings = 0;
  for (let at = header.indexOf(beginning); at !== -1; at = header.indexOf(beginning, at + 1)) {
    beginnings += 1;
    if (beginnings > mostBeginnings) throw new AuthError('malformed-authorization');
    jws.lastIndex = at;
    const [token] = jws.exec(header) ?? [];
    if (token !== undefined) found.add(token);
  }
  return [...found];
}

/** Every token of a request, not verified; none if they cannot be read. For bookkeeping, not for decisions. */
export function unverifiedTokens(
  locations: readonly LocationConfigs[],
): (request: RequestView) => readonly string[] {
  return (request) => {
    try {
      return findTokens(locations, request).map(({ token }) => token);
    } catch {
      return []; // the method that reads them says what is wrong
    }
  };
}
