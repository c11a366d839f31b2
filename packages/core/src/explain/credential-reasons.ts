import type { TokenPlace } from '../facts.js';
import { nearestName } from '../option-checks.js';
import {
  adminSecretsOf,
  factsOf,
  memberName,
  tokenDecision,
  type RefusalReason,
  type KnownDecision,
} from './known-decision.js';
import { joined, placeName, sentence, listed, quoted } from './words.js';

/** Something in a request that was probably meant as a credential. */
interface NearMiss {
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

/** Where a token was looked for, and not found. */
export function emptyPlaces(known: KnownDecision): readonly TokenPlace[] {
  return factsOf(known, 'token-location').map(({ place }) => place);
}

/** How to send a token to one of the locations, as a part of a sentence. */
export function howToSend(places: readonly TokenPlace[], nameOf: KnownDecision['nameOf']): string {
  const [first] = places;
  switch (first?.kind) {
    case undefined:
      return `send the admin secret in the header x-hasura-admin-secret, or set ${nameOf('jwtSecret')} so that tokens are read`;
    case 'authorization':
      return 'send the header Authorization: Bearer <token>, and check that no proxy removes it';
    case 'cookie':
      return `send the token in ${placeName(first)}; a browser sends cookies to another origin only with credentials: 'include'`;
    case 'header':
      return `send the token in ${placeName(first)}, and check that no proxy removes it`;
  }
}

/** What a request without credentials does not have, as a part of a sentence. */
export function missingCredentials(known: KnownDecision): string {
  const secret = adminSecretsOf(known.mode).length > 0 ? ['no admin secret'] : [];
  const places = emptyPlaces(known);
  const where = joined(places.map(placeName), 'or');
  return joined(places.length === 0 ? secret : [`no token in ${where}`, ...secret]);
}

/** A request without credentials, in an app that demands some. */
export function missing(known: KnownDecision): RefusalReason {
  const { nameOf } = known;
  const places = emptyPlaces(known);
  const missed = missedCredential(places, known);
  return {
    cause: `The request has ${missingCredentials(known)}${missed === undefined ? '' : `: ${missed.found}`}`,
    remedy: `${sentence(missed?.remedy ?? howToSend(places, nameOf))}. To accept requests without credentials, set ${nameOf('unauthorizedRole')}`,
  };
}

/** A request with a wrong admin secret. */
export function wrongSecret({ headers, mode, nameOf }: KnownDecision): RefusalReason {
  const name =
    headers.has('x-hasura-access-key') && !headers.has(secretHeader)
      ? 'x-hasura-access-key'
      : secretHeader;
  const secrets = adminSecretsOf(mode);
  const sent = headers.get(name);
  if (secrets.length === 0)
    return {
      cause: `The request has the header ${name}, but admin access is disabled, so every secret is wrong`,
      remedy: `Remove the header ${name} from the request, or set ${nameOf('adminSecret')} to a secret`,
    };
  if (sent === '')
    return {
      cause: `The header ${name} is empty, and an empty secret is always wrong`,
      remedy: `Remove the header ${name} from the request, or send the secret in it`,
    };
  return {
    cause: `The secret in the header ${name} is not the admin secret${/^["']|["']$/.test(String(sent)) ? '; it stands in quotes' : ''}`,
    remedy: `Compare it with ${nameOf(secrets.length > 1 ? 'adminSecrets' : 'adminSecret')}, quotes and blanks included, which an env file may have kept. A client that does not act as admin must leave the header out: a wrong secret is rejected even beside a valid token`,
  };
}

/** Schemes of HTTP by their names; any other word may be a secret. */
const knownScheme = /^(?:Basic|Digest|Negotiate|NTLM|ApiKey|Token|JWT|DPoP|AWS4-HMAC-SHA256)(?= )/i;

/** An Authorization header that is no Bearer token. */
export function malformedAuthorization(known: KnownDecision): RefusalReason {
  const sent = String(known.headers.get('authorization')).trim();
  const remedy = 'Send the header Authorization as the word Bearer, one space and the token';
  const scheme = knownScheme.exec(sent)?.[0];
  if (sent === '')
    return { cause: 'The header Authorization is empty', remedy: `${remedy}, or leave it out` };
  if (/^bearer$/i.test(sent))
    return {
      cause: 'The header Authorization has the word Bearer and no token after it',
      remedy: `${remedy}; a client that has no token yet must leave the header out`,
    };
  if (/^bearer\s/i.test(sent))
    return {
      cause:
        'The header Authorization has more than one word after Bearer, so it is not clear which is the token',
      remedy: `${remedy}, without blanks, line breaks or a second token`,
    };
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(sent))
    return {
      cause: 'The header Authorization has a token without the word Bearer before it',
      remedy,
    };
  return {
    cause: `The header Authorization has ${scheme === undefined ? 'another scheme than Bearer' : `the scheme ${scheme} instead of Bearer`}`,
    remedy: `${remedy}; if the header belongs to another system, such as a proxy, let the proxy remove it, or set ${memberName(tokenDecision(known), 'header')} to another location of the token`,
  };
}

/** More than one token, or more than one configuration for it. */
export function ambiguousToken(known: KnownDecision): RefusalReason {
  const places = factsOf(known, 'token-location');
  const twice = places.find(({ outcome }) => outcome === 'ambiguous');
  if (twice !== undefined)
    return {
      cause: `The request has ${placeName(twice.place)} more than once`,
      remedy:
        'Send one cookie of this name: delete the other one, which another path or domain may have set',
    };
  const found = places.filter(({ outcome }) => outcome === 'found');
  return found.length > 1
    ? {
        cause: `The request has tokens at several locations (${joined(found.map(({ place }) => placeName(place)))}), and more than one configuration could verify one of them`,
        remedy:
          'Send one token, or set issuer in each JWT configuration, so that the token says which one it is for',
      }
    : {
        cause:
          'More than one JWT configuration could verify the token, which names no issuer (claim iss)',
        remedy:
          'Let the provider add iss to the token, or give each JWT configuration another location by header',
      };
}
