import { AuthError } from '../errors.js';
import { refuseToken, type UnverifiedToken } from './decode.js';
import type { JwtConfig } from './jwt-config.js';

/** A token and a configuration whose issuers do not contradict each other. */
export interface IssuerMatch {
  readonly token: UnverifiedToken;
  readonly config: JwtConfig;
}

/** A token taken apart, with the configurations of the location it was found at. */
export interface Candidate {
  readonly token: UnverifiedToken;
  readonly configs: readonly JwtConfig[];
}

/** The issuer that a token names. Unverified: it may choose which key to try, and nothing else. */
function unverifiedIssuer({ unverifiedPayload }: UnverifiedToken): unknown {
  return Object.hasOwn(unverifiedPayload, 'iss') ? unverifiedPayload['iss'] : undefined;
}

/**
 * Pairs every token with every configuration of its location and keeps the pairs whose issuer fits: the configuration
 * has none, the token has none, or they are equal. One pair must be left, as in the engine.
 */
export function matchIssuer(candidates: readonly Candidate[]): IssuerMatch {
  let match: IssuerMatch | undefined;
  for (const { token, configs } of candidates) {
    const issuer = unverifiedIssuer(token);
    for (const config of configs) {
      if (config.issuer !== undefined && issuer !== undefined && config.issuer !== issuer) continue;
      if (match !== undefined) throw new AuthError('ambiguous-token');
      match = { token, config };
    }
  }
  if (match === undefined) throw refuseToken('JWTNotInIssuer');
  return match;
}
