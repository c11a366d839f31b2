import type { ClaimsSource } from './claims-source.js';
import type { KeySource } from '../keys/key-source.js';
import type { Algorithm } from '../keys/algorithms.js';

/** Where a token stands in a request; header and cookie names are exact, header names in lower case. */
export type TokenLocation =
  | { readonly kind: 'authorization' }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string };

/** A registered claim that a token must have. */
export type RequiredClaim = 'iss' | 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti';

/** One JWT configuration, parsed at start. */
export interface JwtConfig {
  readonly location: TokenLocation;
  readonly keys: KeySource;
  /** The algorithms that a token may name: those that the keys may fit, or fewer. They select among configurations of one issuer. */
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
