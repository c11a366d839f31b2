import { longestToken } from '../jwt/decode.js';
import { tokenIdentity } from '../jwt/verify.js';
import { deepFreeze } from '../json.js';
import type { DecisionFact, TokenPlace } from '../facts.js';
import type { JsonValue } from '../session.js';
import type { ExplainedToken } from './explanation.js';
import { factsOf } from './known-decision.js';
import { placeName } from './words.js';

/** How many levels of a token are shown: deeper JSON would overflow the stack of what prints it. */
const mostLevels = 100;

/** A part of a token as JSON, whatever else is wrong with the token; undefined if it is none. */
function partOf(part: string | undefined): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(part), 'base64url').toString());
    const isNested = typeof value === 'object' && value !== null;
    if (isNested && !deepFreeze(value, mostLevels)) return undefined;
    return value as JsonValue; // as JSON was just parsed
  } catch {
    return undefined;
  }
}

/** A token for the operator's eyes: header and claims, without its signature. */
function shownToken(token: string, place: TokenPlace, isVerified: boolean): ExplainedToken {
  const parts = token.length > longestToken ? [] : token.split('.');
  return {
    location: placeName(place),
    header: parts.length > 1 ? partOf(parts[0]) : undefined,
    payload: parts.length === 3 || parts.length === 2 ? partOf(parts[1]) : undefined,
    isVerified,
    identity: tokenIdentity(token),
  };
}

/** The token that was verified, or would have been: the selected one, else the first. Undefined if none was found. */
export function decodedToken(facts: readonly DecisionFact[]): ExplainedToken | undefined {
  const found = factsOf({ facts }, 'token-location').filter(({ token }) => token !== undefined);
  const [matched] = factsOf({ facts }, 'match-issuer');
  const one = found.find(({ token }) => token === matched?.match?.token) ?? found[0];
  if (one?.token === undefined) return undefined;
  return shownToken(one.token, one.place, factsOf({ facts }, 'verify').length > 0);
}
