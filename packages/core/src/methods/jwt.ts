import type { Decision } from '../session.js';
import { readClaims } from '../jwt/claims.js';
import { refuseToken, TokenDecoder } from '../jwt/decode.js';
import type { LocationConfigs } from '../jwt/jwt-config.js';
import { matchIssuer, type Candidate, type IssuerMatch } from '../jwt/match-issuer.js';
import { checkRegisteredClaims } from '../jwt/registered-claims.js';
import { placedTokens, readTokens, type PlacedToken } from '../jwt/token-location.js';
import { VerifiedToken } from '../jwt/verified-token.js';
import type { VerifiedTokens } from '../jwt/verified-tokens.js';
import { verifySignature } from '../jwt/verify.js';
import type { VerificationKey } from '../keys/key-source.js';
import { andThen, isPromise, type MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import { requestedRole, tellRole } from '../role.js';
import type { AuthMethod } from './method.js';

/** What the JWT method works with, made at start. */
export interface JwtParts {
  readonly locations: readonly LocationConfigs[];
  readonly verified: VerifiedTokens;
  readonly now: () => number;
}

/** A token and the configuration that it is for, with the version of the keys before they were looked for. */
interface Matched extends IssuerMatch {
  readonly keyVersion: number;
}

/** Which key signed a token. */
function signingKey(
  keys: readonly VerificationKey[],
  { token, config }: Matched,
): MaybePromise<VerificationKey | undefined> {
  if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
  return config.allows(token.header.alg) ? verifySignature(keys, token) : undefined;
}

/** A token decides: its roles, its variables, its errors. Its steps are those of `jwt/`, in order. */
export function jwt({ locations, verified, now }: JwtParts): AuthMethod {
  const decoder = new TokenDecoder();

  function candidates(placed: readonly PlacedToken[]): Candidate[] {
    return readTokens(placed).map(({ token, at }) => ({
      token: decoder.decode(token),
      configs: at.configs,
    }));
  }

  function accept(
    { token, config, keyVersion }: Matched,
    key: VerificationKey | undefined,
    request: RequestView,
  ): VerifiedToken {
    if (key === undefined) throw refuseToken('JWSError JWSInvalidSignature');
    const payload = token.unverifiedPayload; // verified from here on
    const lifetime = checkRegisteredClaims(payload, config, now());
    decoder.remember(token);
    request.observe?.({ step: 'verify', outcome: 'verified' });
    const claims = readClaims(payload, config.claims);
    request.observe?.({ step: 'claims', outcome: 'read' });
    return new VerifiedToken({ payload, config, key, keyVersion, lifetime, claims });
  }

  function verify(
    placed: readonly PlacedToken[],
    request: RequestView,
  ): MaybePromise<VerifiedToken> {
    const { token, config } = matchIssuer(candidates(placed));
    request.observe?.({ step: 'match-issuer', outcome: 'one configuration' });
    const matched = { token, config, keyVersion: config.keys.version };
    const key = andThen(config.keys.find(token.header), (keys) => signingKey(keys, matched));
    return andThen(key, (found) => accept(matched, found, request));
  }

  function decide(token: VerifiedToken, request: RequestView): Decision {
    const requested = requestedRole(request);
    const decided = token.decide(requested);
    tellRole(request, requested);
    return decided;
  }

  return (request): MaybePromise<Decision | undefined> => {
    const placed = placedTokens(locations, request);
    if (placed.length === 0) return undefined;
    request.observe?.({ step: 'token-location', outcome: `${String(placed.length)} found` });
    const token = verified.get(placed, now, () => verify(placed, request));
    return isPromise(token)
      ? token.then((later) => decide(later, request))
      : decide(token, request);
  };
}
