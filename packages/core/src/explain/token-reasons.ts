import { algorithms, isAlgorithm, type Algorithm, type KeyFamily } from '../keys/algorithms.js';
import { keyFits, type KeyDescription } from '../keys/key-source.js';
import { configsOf, factsOf, memberName, type RefusalReason, type ToldOfToken } from './told.js';
import { duration, joined, listed, quoted } from './words.js';

type Time = 'exp' | 'iat' | 'nbf';

/** How far a time of the token is from now, in milliseconds. */
function distance({ payload, now }: ToldOfToken, claim: Time): number {
  return Math.abs(now - Number(payload[claim]) * 1000);
}

/** The longest that clocks differ by, in milliseconds; more is no matter of clocks. */
const mostSkewMs = 600_000;
/** Seconds since 1970 up to the year 5138; a larger number was meant as milliseconds. */
const mostSeconds = 1e11;

/** What to do about a time that is off: a small difference is one of clocks. */
function aboutTime(told: ToldOfToken, claim: Time, otherwise: string): string {
  if (Number(told.payload[claim]) > mostSeconds)
    return `Let the issuer write ${claim} in seconds since 1970; it seems to be in milliseconds`;
  return distance(told, claim) > mostSkewMs
    ? otherwise
    : `${otherwise}; if only the clocks differ, set ${memberName(told, 'allowed_skew')} to the seconds that they may differ by`;
}

const clocks = 'Synchronise the clocks of the issuer and of this server';

function notInIssuer(told: ToldOfToken): RefusalReason {
  const { iss } = told.payload;
  if (iss === undefined || iss === null)
    return {
      cause: 'The token has no issuer (claim iss), and the configuration requires one',
      remedy: `Let the provider add iss, or remove issuer from ${memberName(told, 'extra_required_claims')}`,
    };
  const compared = factsOf(told, 'match-issuer').flatMap((fact) => fact.compared);
  const options = configsOf(told).filter(({ option }) =>
    compared.some((one) => one.option === option),
  );
  const issuers = options.flatMap(({ issuer }) => (issuer === undefined ? [] : [issuer]));
  const names = options.map(({ option }) => told.nameOf(`${option}.issuer`));
  return {
    cause: `The issuer of the token (claim iss) is not ${listed(issuers, 'or')}, which the configuration expects`,
    remedy: `If the token is the right one, set ${joined(names, 'or')} to exactly its iss (a slash at the end counts); if it is not, let the client fetch a token of the expected issuer`,
  };
}

function notInAudience(told: ToldOfToken): RefusalReason {
  const { audiences: expected } = told.config;
  if (expected === undefined)
    return {
      cause: 'The token has no audience (claim aud), and the configuration requires one',
      remedy: `Let the provider add aud, or remove audience from ${memberName(told, 'extra_required_claims')}`,
    };
  const audiences = [...expected];
  if (told.payload['aud'] === undefined)
    return {
      cause: `The token has no audience (claim aud), and the configuration expects ${listed(audiences, 'or')}`,
      remedy: `Let the client request a token for this API, so that its aud is ${listed(audiences, 'or')}; the option requireAudience: false accepts tokens without aud`,
    };
  return {
    cause: `The audience of the token (claim aud) does not contain ${listed(audiences, 'or')}, which the configuration expects`,
    remedy: `Let the client request a token for this API (often an ID token was sent instead of an access token), or add the token's aud to ${memberName(told, 'audience')}`,
  };
}

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

function fits(key: KeyDescription, alg: unknown): boolean {
  return typeof alg === 'string' && isAlgorithm(alg) && keyFits(key, alg);
}

function noUsableKeys(told: ToldOfToken): RefusalReason {
  const { address, keys } = told.config.keys.describe();
  const { alg } = told.header;
  const set = `The key set ${String(address)}`; // a key of the configuration itself is always tried
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
    cause: `${set} has no key with the kid of the token, only ${keysInWords(keys)}`,
    remedy: `Compare the kid in the token's header with the keys at ${memberName(told, 'jwk_url')}: the token may come from another provider, tenant or environment, or its key was withdrawn`,
  };
}

/** The algorithm of a token does not fit the key of the configuration, or is not among those that it allows. */
function wrongAlgorithm(alg: Algorithm, told: ToldOfToken): RefusalReason | undefined {
  const { address, keys } = told.config.keys.describe();
  const allowed = joined([...told.config.algorithms], 'or');
  const [key] = keys;
  if (!told.config.algorithms.has(alg) && keys.some((one) => fits(one, alg)))
    return {
      cause: `The token is signed with ${alg}, and the configuration allows ${allowed} only`,
      remedy: `Let the issuer sign with an allowed algorithm, or add ${alg} to ${memberName(told, 'algorithms')}`,
    };
  if (address !== undefined || key === undefined || fits(key, alg)) return undefined;
  const { family, secretBytes } = algorithms[alg];
  if (family === 'hmac' && key.family === 'hmac')
    return {
      cause: `The token is signed with ${alg}, for which the shared secret of the configuration is too short`,
      remedy: `Use a secret of at least ${String(secretBytes)} bytes at the issuer and in ${memberName(told, 'key')}, or let the issuer sign with HS256`,
    };
  return {
    cause: `The token is signed with ${alg}, and the key of the configuration is for ${allowed}`,
    remedy: `Set ${memberName(told, 'type')} and ${memberName(told, 'key')} to the key that the issuer signs with, or let the issuer sign with ${allowed}`,
  };
}

function invalidSignature(told: ToldOfToken): RefusalReason {
  const { address, keys } = told.config.keys.describe();
  const { alg } = told.header;
  const wrong = typeof alg === 'string' && isAlgorithm(alg) ? wrongAlgorithm(alg, told) : undefined;
  if (wrong !== undefined) return wrong;
  if (address !== undefined)
    return {
      cause: `No key of the key set ${address} verifies the signature of the token`,
      remedy: `Check that ${memberName(told, 'jwk_url')} is the key set of the issuer that signed the token, and that the token was not cut or changed on its way`,
    };
  return keys.some(({ family }) => family === 'hmac')
    ? {
        cause: 'The shared secret of the configuration does not verify the signature of the token',
        remedy: `Compare ${memberName(told, 'key')} with the secret that the issuer signs with: its text is used as it is, so decode a secret that the issuer shows in base64. Check also that the token was not cut`,
      }
    : {
        cause: 'The public key of the configuration does not verify the signature of the token',
        remedy: `Set ${memberName(told, 'key')} to the public key that the issuer signs with now, or use jwk_url, so that its keys are fetched. Check also that the token was not cut`,
      };
}

/** What clients send if they turn a token that is not there into text. */
const noTokens: ReadonlySet<string | undefined> = new Set(['undefined', 'null', '[object']);

function notThreeParts(parts: string, told: ToldOfToken): RefusalReason {
  const wanted =
    'Let the client request a JWT: at many providers an access token is one only if the client names an audience or API';
  switch (parts) {
    case '1': {
      const word = factsOf(told, 'token-location').find(({ token }) => noTokens.has(token))?.token;
      return word === undefined
        ? {
            cause:
              'What was sent as the token is no JWT, since it has no dots; it may be an opaque token, which only the provider can read',
            remedy: wanted,
          }
        : {
            cause: `The client sent the word ${quoted(word)} instead of a token`,
            remedy:
              'Let the client wait for its token, and leave the header or cookie out as long as it has none',
          };
    }
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

function notDecoded(reason: string, told: ToldOfToken): RefusalReason {
  const parts = /got (\d+)/.exec(reason)?.[1];
  if (parts !== undefined) return notThreeParts(parts, told);
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
    return {
      cause: 'The header of the token (its first part) is not a JSON object',
      remedy: changed,
    };
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
    return {
      cause: 'The payload of the token (its second part) is not a JSON object',
      remedy: changed,
    };
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
        remedy: `Let the issuer write ${claim} as a string${claim === 'aud' ? ' or a list of strings' : ''}`,
      };
}

/** Why a token is rejected, by the reason of the AuthError `invalid-token`. */
export function tokenReason(reason: string, told: ToldOfToken): RefusalReason {
  switch (reason) {
    case 'JWTExpired':
      return {
        cause: `The token expired ${duration(distance(told, 'exp'))} ago (claim exp)`,
        remedy: aboutTime(
          told,
          'exp',
          'Let the client fetch a fresh token, and again after each 401',
        ),
      };
    case 'JWTIssuedAtFuture':
      return {
        cause: `The token says that it will be issued in ${duration(distance(told, 'iat'))} (claim iat)`,
        remedy: aboutTime(told, 'iat', clocks),
      };
    case 'JWTNotYetValid':
      return {
        cause: `The token will be valid in ${duration(distance(told, 'nbf'))} (claim nbf)`,
        remedy: aboutTime(told, 'nbf', `${clocks}, or let the client wait until then`),
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
  return reason.includes('CompactDecodeError') ? notDecoded(reason, told) : badHeader(reason);
}
