import type { VerificationKey } from '../keys/key-source.js';
import { deepFreeze } from '../json.js';
import { chooseRole } from '../role.js';
import { decision, type Decision, type JwtClaims } from '../session.js';
import type { HasuraClaims } from './claims.js';
import type { JwtConfig } from './jwt-config.js';
import type { TokenLifetime } from './registered-claims.js';

/** What verification found out, step by step. */
export interface VerifiedParts {
  readonly token: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly config: JwtConfig;
  readonly key: VerificationKey;
  readonly lifetime: TokenLifetime;
  readonly claims: HasuraClaims;
}

/** A verified token with its sessions by role, so that requests with the same token and role share one. */
export class VerifiedToken {
  readonly token: string;
  readonly config: JwtConfig;
  readonly #key: VerificationKey;
  readonly #payload: JwtClaims;
  readonly #lifetime: TokenLifetime;
  readonly #claims: HasuraClaims;
  readonly #decisions = new Map<string, Decision>();
  #keyVersion: number;

  constructor({ token, payload, config, key, lifetime, claims }: VerifiedParts) {
    this.token = token;
    this.config = config;
    this.#key = key;
    this.#payload = deepFreeze(payload) as JwtClaims; // the registered claims' types are checked, the rest is JSON
    this.#lifetime = lifetime;
    this.#claims = {
      ...claims,
      allowedRoles: Object.freeze([...claims.allowedRoles]),
    };
    this.#keyVersion = config.keys.version;
  }

  /** When the token ends, in ms since the epoch; Infinity where it has no end. */
  get expiresAt(): number {
    return this.#lifetime.expiresAt;
  }

  /** Whether the token may still be used without verifying it again: within its time, and its key not withdrawn. */
  isGood(now: number): boolean {
    const { validFrom, expiresAt } = this.#lifetime;
    if (now < validFrom || now >= expiresAt) return false;
    const { keys } = this.config;
    if (keys.version === this.#keyVersion) return true;
    if (!keys.holds(this.#key)) return false;
    this.#keyVersion = keys.version;
    return true;
  }

  /** The session for a requested role, or the AuthError `role-not-allowed`. */
  decide(requested: string | undefined): Decision {
    const { defaultRole, allowedRoles, variables } = this.#claims;
    const known = this.#decisions.get(requested ?? defaultRole);
    if (known !== undefined) return known;
    const role = chooseRole(requested, defaultRole, allowedRoles);
    const { expiresAt } = this.#lifetime;
    const made = decision({
      role,
      variables,
      method: 'jwt',
      claims: this.#payload,
      allowedRoles,
      expiresAt: expiresAt === Infinity ? undefined : expiresAt,
    });
    this.#decisions.set(role, made);
    return made;
  }
}
