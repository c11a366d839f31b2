import type { TokenPlace } from '../facts.js';
import { nearestName } from '../option-checks.js';
import type { Told } from './told.js';
import { listed, placeName, quoted } from './words.js';

/** Something in a request that was probably meant as a credential, and how to send it instead. */
export interface NearMiss {
  /** What is there, as the second part of a sentence. */
  readonly found: string;
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
const secretHeader = 'x-hasura-admin-secret';

function isSimilar(name: string, wanted: string): boolean {
  return name !== wanted && nearestName(name.slice(0, longestName), [wanted]) === wanted;
}

/** The names of the cookies of a request. */
function cookieNames(headers: Told['headers']): readonly string[] {
  const pairs = (headers.get('cookie') ?? '').split(';');
  return pairs.map((pair) => pair.split('=')[0]?.trim() ?? '').filter((name) => name !== '');
}

function missedCookie({ name = '' }: TokenPlace, headers: Told['headers']): NearMiss | undefined {
  const names = cookieNames(headers);
  const remedy = `Send the token in the cookie ${quoted(name)}`;
  if (names.length === 0) return undefined;
  if (names.includes(name))
    return {
      found: `the cookie ${quoted(name)} is empty`,
      remedy: `${remedy}; this one has no value`,
    };
  return {
    found: `the request has the ${names.length === 1 ? 'cookie' : 'cookies'} ${listed(names)} only`,
    remedy,
  };
}

function missedHeader(wanted: string, headers: Told['headers']): NearMiss | undefined {
  const names = [...headers.keys()];
  const similar = names.find((name) => isSimilar(name, wanted));
  const other = similar ?? names.find((name) => name !== wanted && usualNames.includes(name));
  if (other === undefined) return undefined;
  const found = `the header ${quoted(other)} is not read`;
  return {
    found: similar === undefined ? found : `${found}, though its name is similar`,
    remedy: `Send the token in the header ${quoted(wanted)} instead of ${quoted(other)}`,
  };
}

function missedAt(place: TokenPlace, { headers }: Pick<Told, 'headers'>): NearMiss | undefined {
  if (place.kind === 'cookie') {
    const missed = missedCookie(place, headers);
    if (missed !== undefined) return missed;
  }
  const wanted = place.kind === 'authorization' ? 'authorization' : (place.name ?? '');
  if (place.kind !== 'authorization' && headers.has('authorization'))
    return {
      found: 'the header Authorization is not read',
      remedy: `Send the token in ${placeName(place)}, or configure the header Authorization as its location`,
    };
  return missedHeader(place.kind === 'cookie' ? 'cookie' : wanted, headers);
}

/** What was probably meant as a token, though nothing was found at the configured locations. */
export function missedToken(
  places: readonly TokenPlace[],
  told: Pick<Told, 'headers'>,
): NearMiss | undefined {
  for (const place of places) {
    const missed = missedAt(place, told);
    if (missed !== undefined) return missed;
  }
  return missedSecret(told);
}

/** A header that was probably meant to be that of the admin secret. */
export function missedSecret({ headers }: Pick<Told, 'headers'>): NearMiss | undefined {
  const similar = [...headers.keys()].find((name) => isSimilar(name, secretHeader));
  if (similar === undefined) return undefined;
  return {
    found: `the header ${quoted(similar)} is not read, though its name is similar to ${secretHeader}`,
    remedy: `Send the admin secret in the header ${secretHeader}`,
  };
}
