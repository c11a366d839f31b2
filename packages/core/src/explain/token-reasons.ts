import { algorithms, type Algorithm, type KeyFamily } from '../keys/algorithms.js';
import { keyFits, type KeyDescription } from '../keys/key-source.js';
import { decodeReason } from './decode-reasons.js';
import {
  factsOf,
  memberName,
  type RefusalReason,
  type KnownTokenDecision,
} from './known-decision.js';
import { duration, joined, listed, quoted } from './words.js';

/** The families of keys in words. */
const families: Readonly<Record<KeyFamily, string>> = {
  hmac: 'a shared secret',
  rsa: 'RSA',
  p256: 'EC P-256',
  p384: 'EC P-384',
  p521: 'EC P-521',
  ed25519: 'Ed25519',
};

/** What the keys of the configuration are, in words. */
function keysInWords(keys: readonly KeyDescription[]): string {
  const each = keys.map(({ kid, family, alg }) => {
    const kind = alg ?? families[family];
    return kid === undefined ? kind : `${kind} with kid ${quoted(kid)}`;
  });
  const shown = each.slice(0, 5);
  const more = each.length - shown.length;
  return joined(more > 0 ? [...shown, `${String(more)} more`] : shown);
}

/** The algorithm that a token is signed with. */
function algorithmOf({ header }: KnownTokenDecision): Algorithm {
  return header['alg'] as Algorithm; // keys are looked for only by one of these
}

/** No key is there for a token, by its `kid` and its algorithm. */
function noUsableKeys(known: KnownTokenDecision): RefusalReason {
  const { address, keys } = known.config.keys.describe();
  const alg = algorithmOf(known);
  const set = `The key set ${String(address)}`; // a key of the configuration itself is always tried
  if (keys.length === 0)
    return {
      cause: `${set} has no key that can be used`,
      remedy: `Open ${memberName(known, 'jwk_url')} and look at its keys; the log names those that are skipped, and why`,
    };
  if (!keys.some((key) => keyFits(key, alg)))
    return {
      cause: `${set} has no key for the algorithm of the token, only ${keysInWords(keys)}`,
      remedy: `Let the provider sign with an algorithm of these keys, or configure the keys that it signs with in ${memberName(known, 'jwk_url')}`,
    };
  return {
    cause: `${set} has no key with the kid of the token, only ${keysInWords(keys)}`,
    remedy: `Compare the kid in the token's header with the keys at ${memberName(known, 'jwk_url')}: the token may come from another provider, tenant or environment, or its key was withdrawn`,
  };
}

/** The algorithm of a token does not fit the key of the configuration, or is not among those that it allows. */
function wrongAlgorithm(alg: Algorithm, known: KnownTokenDecision): RefusalReason | undefined {
  const { address, keys } = known.config.keys.describe();
  const allowed = joined([...known.config.algorithms], 'or');
  if (!known.config.algorithms.has(alg) && keys.some((one) => keyFits(one, alg)))
    return {
      cause: `The token is signed with ${alg}, and the configuration allows ${allowed} only`,
      remedy: `Let the issuer sign with an allowed algorithm, or add ${alg} to ${memberName(known, 'algorithms')}`,
    };
  if (address !== undefined || keys.some((one) => keyFits(one, alg))) return undefined;
  const { family, secretBytes } = algorithms[alg];
  if (family === 'hmac' && keys.some((one) => one.family === 'hmac'))
    return {
      cause: `The token is signed with ${alg}, for which the shared secret of the configuration is too short`,
      remedy: `Use a secret of at least ${String(secretBytes)} bytes at the issuer and in ${memberName(known, 'key')}, or let the issuer sign with HS256`,
    };
  return {
    cause: `The token is signed with ${alg}, and the key of the configuration is for ${allowed}`,
    remedy: `Set ${memberName(known, 'type')} and ${memberName(known, 'key')} to the key that the issuer signs with, or let the issuer sign with ${allowed}`,
  };
}

/** No key verifies the signature of a token. */
function invalidSignature(known: KnownTokenDecision): RefusalReason {
  const { address, keys } = known.config.keys.describe();
  const wrong = wrongAlgorithm(algorithmOf(known), known);
  if (wrong !== undefined) return wrong;
  if (address !== undefined)
    return {
      cause: `No key of the key set ${address} verifies the signature of the token`,
      remedy: `Check that ${memberName(known, 'jwk_url')} is the key set of the issuer that signed the token, and that the token was not cut or changed on its way`,
    };
  return keys.some(({ family }) => family === 'hmac')
    ? {
        cause: 'The shared secret of the configuration does not verify the signature of the token',
        remedy: `Compare ${memberName(known, 'key')} with the secret that the issuer signs with: its text is used as it is, so decode a secret that the issuer shows in base64. Check also that the token was not cut`,
      }
    : {
        cause: 'The public key of the configuration does not verify the signature of the token',
        remedy: `Set ${memberName(known, 'key')} to the public key that the issuer signs with now, or use jwk_url, so that its keys are fetched. Check also that the token was not cut`,
      };
}

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
