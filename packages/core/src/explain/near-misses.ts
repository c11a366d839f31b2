import type { TokenPlace } from '../facts.js';
import { nearestName } from '../option-checks.js';
import type { KnownDecision } from './known-decision.js';
import { listed, placeName, quoted } from './words.js';

/** Something in a request that was probably meant as a credential. */
export interface NearMiss {
  /** What is there, as a part of a sentence. */
  readonly found: string;
  /** What to do instead, as a part of a sentence. */
  readonly remedy: string;
}

/** Headers in which clients and proxies pass a token on under another name. */
const usualNames = [
  'x-authorization',
  'x-forwarded-authorization',
  'proxy-authorization',
  'x-auth-token',
  'x-access-token',
  'x-token',
  'access-token',
  'token',
  'jwt',
];
/** No name that is meant is longer. */
const longestName = 40;
/** How much of the header with the cookies is looked at, in characters. */
const longestCookies = 16_384;
const secretHeader = 'x-hasura-admin-secret';

function isSimilar(name: string, wanted: string): boolean {
  return name !== wanted && nearestName(name.slice(0, longestName), [wanted]) === wanted;
}

/** The names of the cookies of a request; a text without `=` is none, and may be a secret in the wrong place. */
function cookieNames(headers: KnownDecision['headers']): readonly string[] {
  const pairs = (headers.get('cookie') ?? '').slice(0, longestCookies).split(';');
  const named = pairs.filter((pair) => pair.includes('='));
  return named.map((pair) => pair.replace(/=[^]*/, '').trim()).filter((name) => name !== '');
}

function missedCookie(name: string, headers: KnownDecision['headers']): NearMiss | undefined {
  const names = cookieNames(headers);
  const remedy = `send the token in the cookie ${quoted(name)}`;
  if (names.length === 0) return undefined;
  return names.includes(name)
    ? { found: `the cookie ${quoted(name)} is empty`, remedy: `${remedy}, which has no value now` }
    : {
        found: `it has the ${names.length === 1 ? 'cookie' : 'cookies'} ${listed(names)} only`,
        remedy,
      };
}

function missedHeader(wanted: string, headers: KnownDecision['headers']): NearMiss | undefined {
  const names = [...headers.keys()];
  const similar = names.find((name) => isSimilar(name, wanted));
  const other = similar ?? names.find((name) => name !== wanted && usualNames.includes(name));
  if (other === undefined) return undefined;
  return {
    found: `the header ${quoted(other)} is not read${similar === undefined ? '' : `, though its name is similar to ${quoted(wanted)}`}`,
    remedy: `send ${wanted === 'authorization' ? 'the header Authorization: Bearer <token>' : `the header ${quoted(wanted)}`} instead of ${quoted(other)}`,
  };
}

function missedAt(place: TokenPlace, headers: KnownDecision['headers']): NearMiss | undefined {
  const { kind, name = '' } = place;
  const missed = kind === 'cookie' ? missedCookie(name, headers) : undefined;
  if (missed !== undefined) return missed;
  if (kind === 'authorization') return missedHeader('authorization', headers);
  if (headers.has('authorization'))
    return {
      found: 'the header Authorization is not read',
      remedy: `send the token in ${placeName(place)}, or configure the header Authorization as its location (header)`,
    };
  return missedHeader(kind === 'cookie' ? 'cookie' : name, headers);
}

/** A header that was probably meant to be that of the admin secret. */
function missedSecret({ headers }: Pick<KnownDecision, 'headers'>): NearMiss | undefined {
  const similar = [...headers.keys()].find((name) => isSimilar(name, secretHeader));
  if (similar === undefined) return undefined;
  return {
    found: `the header ${quoted(similar)} is not read, though its name is similar to ${secretHeader}`,
    remedy: `send the admin secret in the header ${secretHeader}`,
  };
}

/** What was probably meant as a credential, though nothing was found at the configured locations. */
export function missedCredential(
  places: readonly TokenPlace[],
  { headers, mode, nameOf }: Pick<KnownDecision, 'headers' | 'mode' | 'nameOf'>,
): NearMiss | undefined {
  for (const place of places) {
    const missed = missedAt(place, headers);
    if (missed !== undefined) return missed;
  }
  if (mode.kind === 'admin-secret' && headers.has('authorization'))
    return {
      found: `the header Authorization is not read, since ${nameOf('jwtSecret')} is not set`,
      remedy: `set ${nameOf('jwtSecret')}, so that tokens are verified`,
    };
  return missedSecret({ headers });
}
