import { factsOf, type RefusalReason, type KnownTokenDecision } from './known-decision.js';
import { quoted } from './words.js';

/** What clients send if they turn a token that is not there into text. */
const noTokens: ReadonlySet<string | undefined> = new Set(['undefined', 'null', '[object']);

function notThreeParts(parts: string, known: KnownTokenDecision): RefusalReason {
  const wanted =
    'Let the client request a JWT: at many providers an access token is one only if the client names an audience or API';
  switch (parts) {
    case '1': {
      const word = factsOf(known, 'token-location').find(({ token }) => noTokens.has(token))?.token;
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

function notDecoded(reason: string, known: KnownTokenDecision): RefusalReason {
  const parts = /got (\d+)/.exec(reason)?.[1];
  if (parts !== undefined) return notThreeParts(parts, known);
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

/** Where a token was found that begins with the word of another header's scheme. */
function placeOfBearer(known: KnownTokenDecision): string | undefined {
  const fact = factsOf(known, 'token-location').find(({ token }) => /^bearer\b/i.test(token ?? ''));
  const { kind, name } = fact?.place ?? {};
  return name === undefined
    ? undefined
    : `The ${kind === 'cookie' ? 'cookie' : 'header'} ${quoted(name)}`;
}

function badHeader(reason: string, known: KnownTokenDecision): RefusalReason {
  const place = placeOfBearer(known);
  if (place !== undefined)
    return {
      cause: `${place} begins with the word Bearer, which belongs into the header Authorization only`,
      remedy: 'Let the client send the token alone',
    };
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

/** Why a token cannot be taken apart, by the reason of the AuthError `invalid-token`. */
export function decodeReason(reason: string, known: KnownTokenDecision): RefusalReason {
  if (reason.startsWith('JWTClaimsSetDecodeError')) return badPayload(reason);
  return reason.includes('CompactDecodeError')
    ? notDecoded(reason, known)
    : badHeader(reason, known);
}
