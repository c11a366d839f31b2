import type { TokenPlace } from '../facts.js';
import { missedSecret, missedToken } from './near-misses.js';
import { configsOf, factsOf, type RefusalReason, type Told } from './told.js';
import { joined, placeName } from './words.js';

/** Where a token was looked for, and not found. */
export function emptyPlaces(told: Told): readonly TokenPlace[] {
  return factsOf(told, 'token-location').map(({ place }) => place);
}

/** What else could accept a request without credentials. */
const optional = ({ nameOf }: Told): string =>
  `to accept requests without credentials, set ${nameOf('unauthorizedRole')}`;

/** A request without a token, in an app that reads tokens. */
export function missingToken(told: Told): RefusalReason {
  const places = emptyPlaces(told);
  const where = joined(places.map(placeName), 'or');
  const missed = missedToken(places, told);
  const [place] = places;
  const send =
    place?.kind === 'authorization'
      ? 'Send the header Authorization: Bearer <token>'
      : `Send the token in ${where}`;
  return missed === undefined
    ? {
        cause: `The request has no token in ${where}, and no admin secret`,
        remedy: `${send} (a proxy may have removed it); ${optional(told)}`,
      }
    : {
        cause: `The request has no token in ${where}: ${missed.found}`,
        remedy: `${missed.remedy}; ${optional(told)}`,
      };
}

/** A request without an admin secret, in an app that reads nothing else. */
export function missingSecret(told: Told): RefusalReason {
  const missed = missedSecret(told);
  if (missed !== undefined)
    return {
      cause: `The request has no admin secret: ${missed.found}`,
      remedy: `${missed.remedy}; ${optional(told)}`,
    };
  return told.headers.has('authorization')
    ? {
        cause:
          'The request has the header Authorization, but this app has no JWT configuration, so it does not read tokens',
        remedy: `Set ${told.nameOf('jwtSecret')}, so that tokens are verified; ${optional(told)}`,
      }
    : {
        cause: 'The request has no admin secret, and this app accepts no other credentials',
        remedy: `Send the header x-hasura-admin-secret, or set ${told.nameOf('jwtSecret')} so that tokens are accepted; ${optional(told)}`,
      };
}

/** A request with a wrong admin secret. */
export function wrongSecret({ headers, mode, nameOf }: Told): RefusalReason {
  const name = headers.has('x-hasura-admin-secret')
    ? 'x-hasura-admin-secret'
    : 'x-hasura-access-key';
  const sent = headers.get(name) ?? '';
  if (mode.kind !== 'unsecured' && mode.secrets.length === 0)
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
    cause: `The secret in the header ${name} is not the admin secret${/^["']|["']$/.test(sent) ? '; it stands in quotes' : ''}`,
    remedy: `Compare it with ${nameOf('adminSecret')}, quotes and blanks included, which an env file may have kept; a client that means no secret must not send the header, since a wrong one is rejected beside a valid token too`,
  };
}

/** Schemes of HTTP by their names; any other word may be a secret. */
const knownScheme = /^(?:Basic|Digest|Negotiate|NTLM|ApiKey|Token|JWT|DPoP|AWS4-HMAC-SHA256)(?= )/i;

/** An Authorization header that is no Bearer token. */
export function malformedAuthorization(told: Told): RefusalReason {
  const sent = told.headers.get('authorization')?.trim() ?? '';
  const configs = configsOf(told);
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
    remedy: `${remedy}; if the header belongs to another system, such as a proxy, let the proxy remove it, or set header in ${told.nameOf(configs[0]?.option ?? 'jwtSecret')} to another location of the token`,
  };
}

/** More than one token, or more than one configuration for it. */
export function ambiguousToken(told: Told): RefusalReason {
  const places = factsOf(told, 'token-location');
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
