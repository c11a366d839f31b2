import { decodeReason } from './decode-reasons.js';
import { invalidSignature, noUsableKeys } from './signature-reasons.js';
import {
  factsOf,
  memberName,
  type RefusalReason,
  type KnownTokenDecision,
} from './known-decision.js';
import { duration, joined, listed } from './words.js';

type Time = 'exp' | 'iat' | 'nbf';

/** How far a time of the token is from now, in milliseconds. */
function distance({ payload, now }: KnownTokenDecision, claim: Time): number {
  return Math.abs(now - Number(payload[claim]) * 1000);
}

/** The longest that clocks differ by, in milliseconds; more is no matter of clocks. */
const mostSkewMs = 600_000;
/** Seconds since 1970 up to the year 5138; a larger number was meant as milliseconds. */
const mostSeconds = 1e11;

/** What to do about a time that is off: a small difference is one of clocks. */
function aboutTime(known: KnownTokenDecision, claim: Time, otherwise: string): string {
  if (Number(known.payload[claim]) > mostSeconds)
    return `Let the issuer write ${claim} in seconds since 1970; it seems to be in milliseconds`;
  return distance(known, claim) > mostSkewMs
    ? otherwise
    : `${otherwise}; if only the clocks differ, set ${memberName(known, 'allowed_skew')} to the seconds that they may differ by`;
}

const clocks = 'Synchronise the clocks of the issuer and of this server';

function notInIssuer(known: KnownTokenDecision): RefusalReason {
  const { iss } = known.payload;
  if (iss === undefined || iss === null)
    return {
      cause: 'The token has no issuer (claim iss), and the configuration requires one',
      remedy: `Let the provider add iss, or remove issuer from ${memberName(known, 'extra_required_claims')}`,
    };
  const compared = factsOf(known, 'match-issuer').flatMap((fact) => fact.compared);
  const issuers = compared.map(({ issuer }) => String(issuer)); // one without would have fitted
  const names = compared.map(({ option }) => known.nameOf(`${option}.issuer`));
  return {
    cause: `The issuer of the token (claim iss) is not ${listed([...new Set(issuers)], 'or')}, which the configuration expects`,
    remedy: `If the token is the right one, set ${joined([...new Set(names)], 'or')} to exactly its iss (a slash at the end counts); if it is not, let the client fetch a token of the expected issuer`,
  };
}

function notInAudience(known: KnownTokenDecision): RefusalReason {
  const { audiences: expected } = known.config;
  if (expected === undefined)
    return {
      cause: 'The token has no audience (claim aud), and the configuration requires one',
      remedy: `Let the provider add aud, or remove audience from ${memberName(known, 'extra_required_claims')}`,
    };
  const audiences = [...expected];
  if (known.payload['aud'] === undefined)
    return {
      cause: `The token has no audience (claim aud), and the configuration expects ${listed(audiences, 'or')}`,
      remedy: `Let the client request a token for this API, so that its aud is ${listed(audiences, 'or')}; the option requireAudience: false accepts tokens without aud`,
    };
  return {
    cause: `The audience of the token (claim aud) does not contain ${listed(audiences, 'or')}, which the configuration expects`,
    remedy: `Let the client request a token for this API (often an ID token was sent instead of an access token), or add the token's aud to ${memberName(known, 'audience')}`,
  };
}

/** Why a token is rejected, by the reason of the AuthError `invalid-token`. */
export function tokenReason(reason: string, known: KnownTokenDecision): RefusalReason {
  switch (reason) {
    case 'JWTExpired':
      return {
        cause: `The token expired ${duration(distance(known, 'exp'))} ago (claim exp)`,
        remedy: aboutTime(
          known,
          'exp',
          'Let the client fetch a fresh token, and again after each 401',
        ),
      };
    case 'JWTIssuedAtFuture':
      return {
        cause: `The token says that it will be issued in ${duration(distance(known, 'iat'))} (claim iat)`,
        remedy: aboutTime(known, 'iat', clocks),
      };
    case 'JWTNotYetValid':
      return {
        cause: `The token will be valid in ${duration(distance(known, 'nbf'))} (claim nbf)`,
        remedy: aboutTime(known, 'nbf', `${clocks}, or let the client wait until then`),
      };
    case 'JWTNotInIssuer':
      return notInIssuer(known);
    case 'JWTNotInAudience':
      return notInAudience(known);
    case 'JWSError JWSInvalidSignature':
      return invalidSignature(known);
    case 'JWSError NoUsableKeys':
      return noUsableKeys(known);
    case 'JWSError JWSNoSignatures':
      return {
        cause: 'The token is not signed: its algorithm (alg) is none',
        remedy: 'Let the issuer sign its tokens; an unsigned token is never accepted',
      };
  }
  const missing = /^JWTMissingClaim "(\w+)"$/.exec(reason)?.[1];
  if (missing !== undefined)
    return {
      cause: `The token has no claim ${missing}, which the configuration requires`,
      remedy: `Let the provider add ${missing}, or remove it from ${memberName(known, 'extra_required_claims')}`,
    };
  return decodeReason(reason, known);
}
