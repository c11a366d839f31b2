import { isRecord } from '../json.js';
import { algorithms, canonical, isAlgorithm } from '../keys/algorithms.js';
import type { KeyDescription } from '../keys/key-source.js';
import { configsOf, factsOf, memberName, type RefusalReason, type Told } from './told.js';
import { duration, joined, listed, quoted } from './words.js';

/** A claim or a member of the token's header, of whatever type. */
function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** How far a time of the token is from now, in words; empty if it is no time. */
function away({ token, now }: Told, claim: 'exp' | 'iat' | 'nbf'): string {
  const value = member(token?.payload, claim);
  return typeof value === 'number' ? duration(Math.abs(now - value * 1000)) : 'some time';
}

const freshToken = 'Let the client fetch a fresh token';
const clocks = (told: Told): string =>
  `Synchronise the clocks of the issuer and of this server, or set ${memberName(told, 'allowed_skew')} to the seconds that they may differ`;

function notInIssuer(told: Told): RefusalReason {
  const { config, token } = told;
  const configs = config === undefined ? configsOf(told) : [config];
  const issuers = configs.flatMap(({ issuer }) => (issuer === undefined ? [] : [issuer]));
  const option = config === undefined ? 'issuer' : memberName(told, 'issuer');
  if (member(token?.payload, 'iss') === undefined || member(token?.payload, 'iss') === null)
    return {
      cause: 'The token has no issuer (claim iss), and the configuration requires one',
      remedy: `Let the provider add iss, or remove issuer from ${memberName(told, 'extra_required_claims')}`,
    };
  return {
    cause: `The issuer of the token (claim iss) is not ${listed(issuers, 'or')}, which the configuration names; every character counts, a slash at the end too`,
    remedy: `If the token is the right one, copy its iss into the option ${option} of the JWT configuration; if not, let the client fetch a token of the configured issuer`,
  };
}

function notInAudience(told: Told): RefusalReason {
  const aud = member(told.token?.payload, 'aud');
  const audiences = [...(told.config?.audiences ?? [])];
  if (audiences.length === 0)
    return {
      cause: 'The token has no audience (claim aud), and the configuration requires one',
      remedy: `Let the provider add aud, or remove audience from ${memberName(told, 'extra_required_claims')}`,
    };
  const option = memberName(told, 'audience');
  if (aud === undefined)
    return {
      cause: `The token has no audience (claim aud), and the configuration expects ${listed(audiences, 'or')}`,
      remedy: `Let the client request a token for this API, so that its aud is ${listed(audiences, 'or')}; the option requireAudience: false accepts tokens without aud`,
    };
  return {
    cause: `The audience of the token (claim aud) does not contain ${listed(audiences, 'or')}, which the configuration expects`,
    remedy: `Let the client request a token for this API (often an ID token was sent instead of an access token), or add the token's aud to ${option}`,
  };
}

/** What the keys of the configuration are, in words. */
function keysInWords(keys: readonly KeyDescription[]): string {
  const each = keys.map(({ kid, family, alg }) => {
    const kind = alg ?? family;
    return kid === undefined ? kind : `${kind} with kid ${quoted(kid)}`;
  });
  const shown = each.slice(0, 5);
  const more = each.length - shown.length;
  return joined(more > 0 ? [...shown, `${String(more)} more`] : shown);
}

function fits(key: KeyDescription, alg: unknown): boolean {
  if (typeof alg !== 'string' || !isAlgorithm(alg)) return false;
  const isFor = key.alg === undefined || canonical(key.alg) === canonical(alg);
  return isFor && key.family === algorithms[alg].family;
}

function noUsableKeys(told: Told): RefusalReason {
  const { token, config } = told;
  const { address, keys = [] } = config?.keys.describe() ?? { address: undefined };
  const alg = member(token?.header, 'alg');
  const kid = member(token?.header, 'kid');
  const set = address === undefined ? 'The configuration' : `The key set ${address}`;
  if (keys.length === 0)
    return {
      cause: `${set} has no key that can be used`,
      remedy: `Open ${memberName(told, 'jwk_url')} and look at its keys; the log names those that are skipped, and why`,
    };
  if (!keys.some((key) => fits(key, alg)))
    return {
      cause: `${set} has no key for the algorithm of the token, only ${keysInWords(keys)}`,
      remedy: `Let the provider sign with an algorithm of these keys, or configure the keys that it signs with in ${memberName(told, 'jwk_url')}`,
    };
  return {
    cause:
      kid === undefined
        ? `${set} has no key for this token, which has no kid`
        : `${set} has no key with the kid of the token, only ${keysInWords(keys)}`,
    remedy: `Compare the kid in the token's header with the keys at ${memberName(told, 'jwk_url')}: the token may come from another provider, tenant or environment, or its key was withdrawn`,
  };
}

function invalidSignature(told: Told): RefusalReason {
  const { config, token } = told;
  const { address, keys = [] } = config?.keys.describe() ?? { address: undefined };
  const [found] = factsOf(told, 'key');
  const alg = member(token?.header, 'alg');
  if (found?.outcome === 'algorithm not allowed')
    return {
      cause: `The token is signed with ${typeof alg === 'string' ? alg : 'an algorithm'}, and the configuration allows ${joined([...(config?.algorithms ?? [])], 'or')} alone`,
      remedy: `Let the issuer sign with an allowed algorithm, or set ${memberName(told, address === undefined ? 'type' : 'algorithms')} to that of the token; with key, the key must be of that family too`,
    };
  if (address !== undefined)
    return {
      cause: `No key of the key set ${address} verifies the signature of the token`,
      remedy: `Check that ${memberName(told, 'jwk_url')} is of the issuer that signed the token, and that the token was not cut or changed on its way`,
    };
  return keys.some(({ family }) => family === 'hmac')
    ? {
        cause: 'The shared secret of the configuration does not verify the signature of the token',
        remedy: `Compare ${memberName(told, 'key')} with the secret that the issuer signs with: its letters as they are are the secret, so decode a secret that the issuer shows in base64; check also that the token was not cut`,
      }
    : {
        cause: 'The public key of the configuration does not verify the signature of the token',
        remedy: `Set ${memberName(told, 'key')} to the public key that the issuer signs for now, or use jwk_url so that it is fetched; check also that the token was not cut`,
      };
}

function notThreeParts(parts: string): RefusalReason {
  const wanted =
    'Let the client request a JWT: at many providers an access token is one only if the client names an audience or API';
  switch (parts) {
    case '1':
      return {
        cause:
          'What was sent as the token is no JWT: it has one part instead of three, as an opaque token or a word such as undefined has',
        remedy: `${wanted}; check that the client sends the token itself and not the text undefined or null`,
      };
    case '5':
      return {
        cause:
          'The token has five parts, so it is encrypted (JWE); only signed tokens of three parts are read',
        remedy: 'Let the provider issue signed tokens (JWS) for this API instead of encrypted ones',
      };
    default:
      return {
        cause: `The token has ${parts} parts instead of three`,
        remedy: `Check that the client sends the whole token, with both of its dots. ${wanted}`,
      };
  }
}

function notDecoded(reason: string): RefusalReason {
  const parts = /got (\d+)/.exec(reason)?.[1];
  if (parts !== undefined) return notThreeParts(parts);
  return reason.includes('too long')
    ? {
        cause: 'The token is longer than 16 KiB, so it is not read',
        remedy:
          'Let the issuer write fewer claims into the token, such as ids instead of whole objects',
      }
    : {
        cause: 'The token has bytes that are no text',
        remedy: 'Check that nothing between the client and this server changes the token',
      };
}

const changed =
  'Check that the token was not changed on its way, such as by URL encoding or by a line break';

function badHeader(reason: string): RefusalReason {
  if (reason.includes('base64url'))
    return { cause: 'A part of the token is not base64url', remedy: changed };
  if (reason.includes('missing required header'))
    return {
      cause: 'The header of the token names no algorithm (alg)',
      remedy: 'Let the issuer write alg into the header of its tokens',
    };
  if (reason.includes('unrecognised value'))
    return {
      cause: 'The header of the token names an algorithm (alg) that is not supported',
      remedy:
        'Let the issuer sign with one of HS256, RS256, PS256, ES256, EdDSA or a longer form of them',
    };
  if (reason.includes('crit'))
    return {
      cause: 'The header of the token demands an extension (crit or b64) that is not supported',
      remedy: 'Let the issuer sign without crit and b64',
    };
  if (reason.includes('protected header'))
    return { cause: 'The first part of the token is not a JSON object', remedy: changed };
  return {
    cause:
      'The header of the token has a member of the wrong type: kid must be a string, and crit a list',
    remedy: 'Let the issuer write kid as a string, and no crit',
  };
}

function badPayload(reason: string): RefusalReason {
  const claim = /Error in \$\.(\w+)/.exec(reason)?.[1];
  if (reason.includes('nested'))
    return {
      cause: 'The payload of the token nests lists and objects deeper than 100 levels',
      remedy: 'Let the issuer write flatter claims',
    };
  if (claim === undefined)
    return { cause: 'The second part of the token is not a JSON object', remedy: changed };
  if (reason.includes('NumericDate'))
    return {
      cause: `The claim ${claim} is not a number of seconds`,
      remedy: `Let the issuer write ${claim} as the seconds since 1970, a number without quotes`,
    };
  return reason.includes('parse StringOrURI')
    ? {
        cause: `The claim ${claim} contains a colon, but is not a URI`,
        remedy: `Let the issuer write ${claim} as a URI such as https://issuer.example/, or without a colon`,
      }
    : {
        cause: `The claim ${claim} is not a string${claim === 'aud' ? ' or a list of strings' : ''}`,
        remedy: `Let the issuer write ${claim} as a string`,
      };
}

/** Why a token is rejected, by the reason of the AuthError `invalid-token`. */
export function tokenReason(reason: string, told: Told): RefusalReason {
  switch (reason) {
    case 'JWTExpired':
      return {
        cause: `The token expired ${away(told, 'exp')} ago (claim exp)`,
        remedy: `${freshToken}, and again after each 401; if the clocks differ, set ${memberName(told, 'allowed_skew')} to the seconds that they may differ`,
      };
    case 'JWTIssuedAtFuture':
      return {
        cause: `The token says that it is issued ${away(told, 'iat')} from now (claim iat)`,
        remedy: clocks(told),
      };
    case 'JWTNotYetValid':
      return {
        cause: `The token becomes valid only in ${away(told, 'nbf')} (claim nbf)`,
        remedy: clocks(told),
      };
    case 'JWTNotInIssuer':
      return notInIssuer(told);
    case 'JWTNotInAudience':
      return notInAudience(told);
    case 'JWSError JWSInvalidSignature':
      return invalidSignature(told);
    case 'JWSError NoUsableKeys':
      return noUsableKeys(told);
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
      remedy: `Let the provider add ${missing}, or remove it from ${memberName(told, 'extra_required_claims')}`,
    };
  if (reason.startsWith('JWTClaimsSetDecodeError')) return badPayload(reason);
  return reason.includes('CompactDecodeError') ? notDecoded(reason) : badHeader(reason);
}
