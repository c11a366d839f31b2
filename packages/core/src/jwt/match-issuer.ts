import { AuthError } from '../errors.js';
import { refuseToken, type UnverifiedToken } from './decode.js';
import type { JwtConfig } from './jwt-config.js';

/** A token taken apart, with the configurations of the location it was found at. */
export interface Candidate {
  readonly token: UnverifiedToken;
  readonly configs: readonly JwtConfig[];
}

/** A token and the one configuration that it is verified by. */
export interface IssuerMatch {
  readonly token: UnverifiedToken;
  readonly config: JwtConfig;
}

/** The issuer that a token names. Unverified: it may choose which key to try, and nothing else. */
function unverifiedIssuer({ unverifiedPayload }: UnverifiedToken): unknown {
  return Object.hasOwn(unverifiedPayload, 'iss') ? unverifiedPayload['iss'] : undefined;
}

/**
 * Of several configurations with one issuer, the one whose keys fit the token's algorithm: providers that move from a
 * shared secret to key pairs sign with both under one issuer. Undefined if the issuers differ, or if there is no issuer.
 */
function byKeyFamily(matches: readonly IssuerMatch[]): IssuerMatch | undefined {
  const [first] = matches;
  const sameIssuer = matches.every(
    ({ token, config }) =>
      config.issuer !== undefined &&
      config.issuer === first?.config.issuer &&
      token === first.token,
  );
  if (!sameIssuer) return undefined;
  return (
    matches.find(
      ({ token: { header }, config }) => header.alg !== 'none' && config.algorithms.has(header.alg),
    ) ?? first
  );
}

/**
 * Pairs every token with every configuration of its location and keeps the pairs whose issuers fit: the configuration
 * has none, the token has none, or they are equal. One pair must be left, as in the engine, or several of which the
 * token's algorithm selects one. Throws the AuthErrors `JWTNotInIssuer` and `ambiguous-token`.
 */
export function matchIssuer(candidates: readonly Candidate[]): IssuerMatch {
  const matches: IssuerMatch[] = [];
  for (const { token, configs } of candidates) {
    const issuer = unverifiedIssuer(token);
    for (const config of configs)
      if (config.issuer === undefined || issuer === undefined || config.issuer === issuer)
        matches.push({ token, config });
  }
  const [first] = matches;
  if (first === undefined) throw refuseToken('JWTNotInIssuer');
  const match = matches.length === 1 ? first : byKeyFamily(matches);
  if (match === undefined) throw new AuthError('ambiguous-token');
  return match;
}
