import { readClaims } from '../jwt/claims.js';
import { refuseToken, TokenDecoder } from '../jwt/decode.js';
import { matchIssuer, type Candidate, type LocationConfigs } from '../jwt/match-issuer.js';
import { checkRegisteredClaims, frozenClaims } from '../jwt/registered-claims.js';
import { findTokens, type FoundToken } from '../jwt/token-location.js';
import { VerifiedToken } from '../jwt/verified-token.js';
import type { VerifiedTokens } from '../jwt/verified-tokens.js';
import { verifySignature } from '../jwt/verify.js';
import { andThen, isPromise, type MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import { observeRole, requestedRole } from '../role.js';
import type { Decision } from '../session.js';
import type { AuthMethod } from './method.js';

/** What the JWT method works with, made at start. */
export interface JwtParts {
  readonly locations: readonly LocationConfigs[];
  readonly verified: VerifiedTokens;
  readonly now: () => number;
}

/** Authenticates requests with a token. The steps are those of `jwt/`, in order. */
export function jwt({ locations, verified, now }: JwtParts): AuthMethod {
  const decoder = new TokenDecoder();

  function candidate({ token, at }: FoundToken): Candidate {
    return { token: decoder.decode(token), configs: at.configs };
  }

  function verify(found: readonly FoundToken[], request: RequestView): MaybePromise<VerifiedToken> {
    const { token, config } = matchIssuer(found.map(candidate));
    request.observe?.({ step: 'match-issuer', outcome: 'one configuration' });
    const { header } = token;
    if (header.alg === 'none') throw refuseToken('JWSError JWSNoSignatures');
    const keyVersion = config.keys.version; // before the keys are looked for
    const signingKey = andThen(config.keys.find(header), (keys) => {
      if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
      if (!config.algorithms.has(header.alg)) throw refuseToken('JWSError JWSInvalidSignature');
      return verifySignature(keys, header.alg, token);
    });
    return andThen(signingKey, (key) => {
      if (key === undefined) {
        config.keys.signatureFailed(header);
        throw refuseToken('JWSError JWSInvalidSignature');
      }
      const payload = frozenClaims(token.unverifiedPayload); // verified from here on
      const lifetime = checkRegisteredClaims(payload, config, now());
      decoder.remember(token);
      request.observe?.({ step: 'verify', outcome: 'verified' });
      const claims = readClaims(payload, config.claims);
      request.observe?.({ step: 'claims', outcome: 'read' });
      return new VerifiedToken({ payload, config, key, keyVersion, lifetime, claims });
    });
  }

  function decide(token: VerifiedToken, request: RequestView): Decision {
    const requested = requestedRole(request);
    const decided = token.decide(requested);
    observeRole(request, requested);
    return decided;
  }

  return (request): MaybePromise<Decision | undefined> => {
    const found = findTokens(locations, request);
    if (found.length === 0) return undefined;
    request.observe?.({ step: 'token-location', outcome: `${String(found.length)} found` });
    const token = verified.get(found, now, () => verify(found, request));
    return isPromise(token)
      ? token.then((later) => decide(later, request))
      : decide(token, request);
  };
}
