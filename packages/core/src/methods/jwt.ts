import { readClaims } from '../jwt/claims.js';
import { refuseToken, TokenDecoder } from '../jwt/decode.js';
import { matchIssuer, type Candidate, type LocationConfigs } from '../jwt/match-issuer.js';
import { checkRegisteredClaims, frozenClaims } from '../jwt/registered-claims.js';
import { findTokens, unreadToken, type FoundToken } from '../jwt/token-location.js';
import { VerifiedToken } from '../jwt/verified-token.js';
import { noVerifiedTokens, type VerifiedTokens } from '../jwt/verified-tokens.js';
import { tokenIdentity, verifySignature } from '../jwt/verify.js';
import { andThen, isPromise, type MaybePromise } from '../maybe-promise.js';
import { requestedRole, type AuthMethod, type RequestView } from '../request.js';
import type { Revocations } from '../revocation/revocations.js';
import { observeRole } from '../role.js';
import type { Decision } from '../session.js';

/** What the JWT method works with, made at start. */
export interface JwtParts {
  readonly locations: readonly LocationConfigs[];
  readonly verified: VerifiedTokens;
  readonly now: () => number;
  readonly revocations: Pick<Revocations, 'check' | 'isUsed'>;
}

function keyOutcome(found: number, isAllowed: boolean): 'none' | 'found' | 'algorithm not allowed' {
  if (found === 0) return 'none';
  return isAllowed ? 'found' : 'algorithm not allowed';
}

/** Authenticates requests with a token. The steps are those of `jwt/`, in order. */
export function jwt({ locations, verified, now, revocations }: JwtParts): AuthMethod {
  const decoder = new TokenDecoder();
  const keepsTokens = verified !== noVerifiedTokens;
  const unreadIn = unreadToken(locations);

  function candidate({ token, at }: FoundToken, { observe }: RequestView): Candidate {
    const decoded = decoder.decode(token);
    observe?.({ step: 'decode', outcome: 'decoded' });
    return { token: decoded, configs: at.configs };
  }

  function verify(found: readonly FoundToken[], request: RequestView): MaybePromise<VerifiedToken> {
    const { observe, trace } = request;
    if (trace !== undefined && keepsTokens) trace.fromCache = false;
    const candidates = found.map((one) => candidate(one, request));
    const { token, config } = matchIssuer(candidates, observe);
    const { header } = token;
    if (header.alg === 'none') throw refuseToken('JWSError JWSNoSignatures');
    const keyVersion = config.keys.version; // before the keys are looked for
    const signingKey = andThen(config.keys.find(header), (keys) => {
      const isAllowed = config.algorithms.has(header.alg);
      observe?.({ step: 'key', outcome: keyOutcome(keys.length, isAllowed), keys: keys.length });
      if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
      if (!isAllowed) throw refuseToken('JWSError JWSInvalidSignature');
      return verifySignature(keys, header.alg, token);
    });
    return andThen(signingKey, (key) => {
      if (key === undefined) {
        config.keys.signatureFailed(header);
        throw refuseToken('JWSError JWSInvalidSignature');
      }
      observe?.({ step: 'verify', outcome: 'verified' });
      const payload = frozenClaims(token.unverifiedPayload); // verified from here on
      const lifetime = checkRegisteredClaims(payload, config, now());
      observe?.({ step: 'registered-claims', outcome: 'valid' });
      decoder.remember(token);
      const claims = readClaims(payload, config.claims);
      observe?.({ step: 'claims', outcome: 'read' });
      const result = new VerifiedToken({ payload, config, key, keyVersion, lifetime, claims });
      // Of several tokens only this function knows which one was selected.
      if (found.length > 1) result.identity = tokenIdentity(token.token);
      return result;
    });
  }

  function decide(token: VerifiedToken, first: FoundToken, request: RequestView): Decision {
    revocations.check(token, first.token);
    const requested = requestedRole(request);
    if (request.observe !== undefined) {
      if (revocations.isUsed) request.observe({ step: 'revocation', outcome: 'not revoked' });
      observeRole(request, requested, token.defaultRole, token.allowedRoles);
    }
    return token.decide(requested);
  }

  return (request): MaybePromise<Decision | undefined> => {
    const isExplained = request.observe?.everyStep === true;
    // What equals a token that was verified before is one, and need not be read.
    const unread = keepsTokens && request.observe === undefined ? unreadIn(request) : undefined;
    const known = unread && verified.find(unread);
    const found =
      unread !== undefined && known !== undefined
        ? [unread]
        : findTokens(locations, request, unread);
    const [first] = found;
    if (first === undefined) return undefined;
    if (request.trace !== undefined && keepsTokens) request.trace.fromCache = true; // until it is verified
    const verifyNow = (): MaybePromise<VerifiedToken> => verify(found, request);
    // Of tokens at several locations one must first be selected, which the verification does.
    const token =
      isExplained || found.length > 1
        ? verifyNow()
        : verified.get(first, first === unread ? known : verified.find(first), now, verifyNow);
    return isPromise(token)
      ? token.then((later) => decide(later, first, request))
      : decide(token, first, request);
  };
}
