import { AuthError } from '../errors.js';
import type { DecisionFact, FactObserver } from '../facts.js';
import type { Algorithm } from '../keys/algorithms.js';
import type { KeySource } from '../keys/key-source.js';
import type { ClaimsSource } from './claims-source.js';
import { refuseToken, type UnverifiedToken } from './decode.js';

// ── Configurations ───────────────────────────────────────────────────────────────────────────────

/** The location of a token in a request; header and cookie names are exact, header names in lower case. */
export type TokenLocation =
  | { readonly kind: 'authorization' }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string };

/** A registered claim that a token must have. */
export type RequiredClaim = 'iss' | 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti';

/** One JWT configuration, parsed at start. */
export interface JwtConfig {
  /** The path of the option that it is, such as `jwtSecrets[1]`. */
  readonly option: string;
  readonly location: TokenLocation;
  readonly keys: KeySource;
  /**
   * The algorithms that a token may name: those that the keys may fit, or fewer. They select among configurations of
   * one issuer.
   */
  readonly algorithms: ReadonlySet<Algorithm>;
  readonly issuer: string | undefined;
  readonly audiences: ReadonlySet<string> | undefined;
  /** Whether a token without `aud` is refused if an audience is configured. */
  readonly requireAudience: boolean;
  readonly skewMs: number;
  readonly requiredClaims: readonly RequiredClaim[];
  readonly claims: ClaimsSource;
}

/** The configurations that share one location, so that a request's header is read once for all of them. */
export interface LocationConfigs {
  readonly location: TokenLocation;
  readonly configs: readonly JwtConfig[];
}

/** Groups configurations by location, so that the number of configurations costs a request nothing. */
export function byLocation(jwts: readonly JwtConfig[]): readonly LocationConfigs[] {
  const groups = new Map<string, { location: JwtConfig['location']; configs: JwtConfig[] }>();
  for (const config of jwts) {
    const place = JSON.stringify(config.location);
    const group = groups.get(place) ?? { location: config.location, configs: [] };
    group.configs.push(config);
    groups.set(place, group);
  }
  return [...groups.values()];
}

// ── Which of them a token is for ─────────────────────────────────────────────────────────────────

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

/** Which configurations were compared with which outcome, for an observer. */
function comparison(
  candidates: readonly Candidate[],
  matches: readonly IssuerMatch[],
  match: IssuerMatch | undefined,
): DecisionFact {
  const compared = candidates.flatMap(({ token, configs }) =>
    configs.map((config) => ({
      option: config.option,
      issuer: config.issuer,
      fits: matches.some((one) => one.token === token && one.config === config),
    })),
  );
  const step = 'match-issuer';
  if (match === undefined)
    return { step, outcome: matches.length === 0 ? 'none' : 'several', compared };
  const { config, token } = match;
  const left = { option: config.option, token: token.token };
  return { step, outcome: 'one configuration', compared, match: left };
}

/**
 * Pairs every token with every configuration of its location and keeps the pairs whose issuers fit: the configuration
 * has none, the token has none, or they are equal. One pair must be left, as in the engine, or several of which the
 * token's algorithm selects one. Throws the AuthErrors `JWTNotInIssuer` and `ambiguous-token`.
 */
export function matchIssuer(candidates: readonly Candidate[], observe?: FactObserver): IssuerMatch {
  const matches: IssuerMatch[] = [];
  for (const { token, configs } of candidates) {
    const issuer = unverifiedIssuer(token);
    for (const config of configs)
      if (config.issuer === undefined || issuer === undefined || config.issuer === issuer)
        matches.push({ token, config });
  }
  const [first] = matches;
  const match = matches.length > 1 ? byKeyFamily(matches) : first;
  if (observe !== undefined) observe(comparison(candidates, matches, match));
  if (first === undefined) throw refuseToken('JWTNotInIssuer');
  if (match === undefined) throw new AuthError('ambiguous-token');
  return match;
}
