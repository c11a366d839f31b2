import type { Decision } from '../session.js';
import { readClaims } from '../jwt/claims.js';
import { refuseToken, TokenDecoder, type UnverifiedToken } from '../jwt/decode.js';
import type { JwtConfig, LocationConfigs } from '../jwt/jwt-config.js';
import { matchIssuer } from '../jwt/match-issuer.js';
import { checkRegisteredClaims } from '../jwt/registered-claims.js';
import { placedTokens, readTokens, type PlacedToken } from '../jwt/token-location.js';
import { VerifiedToken } from '../jwt/verified-token.js';
import type { VerifiedTokens } from '../jwt/verified-tokens.js';
import { verifySignature } from '../jwt/verify.js';
import type { VerificationKey } from '../keys/key-source.js';
import { andThen, type MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import { requestedRole } from '../role.js';
import type { AuthMethod } from './method.js';

/** What the JWT method works with, made at start. */
export interface JwtParts {
  readonly locations: readonly LocationConfigs[];
  readonly verified: VerifiedTokens;
  readonly now: () => number;
}

function signingKey(token: UnverifiedToken, config: JwtConfig): MaybePromise<VerificationKey> {
  return andThen(config.keys.find(token.header), (keys) => {
    if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
    const usable = config.allows(token.header.alg) ? keys : [];
    return andThen(verifySignature(usable, token), (key) => {
      if (key === undefined) throw refuseToken('JWSError JWSInvalidSignature');
      return key;
    });
  });
}

/** A token decides: its roles, its variables, its errors. Its steps are those of `jwt/`, in order. */
export function jwt({ locations, verified, now }: JwtParts): AuthMethod {
  const decoder = new TokenDecoder();

  function verify(
    placed: readonly PlacedToken[],
    request: RequestView,
  ): MaybePromise<VerifiedToken> {
    const candidates = readTokens(placed).map(({ token, at }) => ({
      token: decoder.decode(token),
      configs: at.configs,
    }));
    const { token, config } = matchIssuer(candidates);
    request.observe?.({ step: 'match-issuer', outcome: 'one configuration' });
    const keyVersion = config.keys.version;
    return andThen(signingKey(token, config), (key) => {
      const payload = token.unverifiedPayload; // verified from here on
      const lifetime = checkRegisteredClaims(payload, config, now());
      decoder.remember(token);
      request.observe?.({ step: 'verify', outcome: 'verified' });
      const claims = readClaims(payload, config.claims);
      request.observe?.({ step: 'claims', outcome: 'read' });
      return new VerifiedToken({ payload, config, key, keyVersion, lifetime, claims });
    });
  }

  return (request): MaybePromise<Decision | undefined> => {
    const placed = placedTokens(locations, request);
    if (placed.length === 0) return undefined;
    return andThen(
      verified.get(placed, now, () => verify(placed, request)),
      (token) => token.decide(requestedRole(request)),
    );
  };
}
