import type { VerificationKey } from '../keys/key-source.js';
import { bytesOfJson, deepFreeze } from '../json.js';
import { chooseRole } from '../role.js';
import { decision, type Decision, type JwtClaims } from '../session.js';
import type { HasuraClaims } from './claims.js';
import type { JwtConfig } from './jwt-config.js';
import type { TokenLifetime } from './registered-claims.js';

/** What verification found out, step by step. */
export interface VerifiedParts {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly config: JwtConfig;
  readonly key: VerificationKey;
  /** The version of the keys when this one was looked for. */
  readonly keyVersion: number;
  readonly lifetime: TokenLifetime;
  readonly claims: HasuraClaims;
}

/** How many sessions of one token are kept: a token may allow thousands of roles. */
const mostSessions = 4;
/** What a session and each of its variables take in memory, measured (`pnpm bench memory`). */
const sessionBytes = 250;
const variableBytes = 50;

/** A verified token with its sessions by role, so that requests with the same token and role share one. */
export class VerifiedToken {
  readonly config: JwtConfig;
  readonly #key: VerificationKey;
  readonly #payload: JwtClaims;
  readonly #lifetime: TokenLifetime;
  readonly #claims: HasuraClaims;
  readonly #allowedRoles: readonly string[];
  #decisions: readonly Decision[] = [];
  #keyVersion: number;

  constructor({ payload, config, key, keyVersion, lifetime, claims }: VerifiedParts) {
    this.config = config;
    this.#key = key;
    this.#payload = deepFreeze(payload) as JwtClaims; // the registered claims' types are checked, the rest is JSON
    this.#lifetime = lifetime;
    this.#claims = claims;
    // A part of the payload is frozen with it; another list is whoever made it's.
    this.#allowedRoles = Object.isFrozen(claims.allowedRoles)
      ? claims.allowedRoles
      : Object.freeze([...claims.allowedRoles]);
    this.#keyVersion = keyVersion;
  }

  /** When the token ends, in ms since the epoch; Infinity where it has no end. */
  get expiresAt(): number {
    return this.#lifetime.expiresAt;
  }

  /** About how much memory this takes with its sessions, in bytes; never too little. */
  get bytes(): number {
    const sessions = Math.min(mostSessions, this.#allowedRoles.length);
    const each = sessionBytes + variableBytes * this.#claims.variables.size;
    return bytesOfJson(this.#payload) + sessions * each;
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
    const { defaultRole, variables } = this.#claims;
    const allowedRoles = this.#allowedRoles;
    const wanted = requested ?? defaultRole;
    for (const known of this.#decisions) if (known.session.role === wanted) return known;
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
    if (this.#decisions.length < mostSessions) this.#decisions = [...this.#decisions, made];
    return made;
  }
}
