import type { VerificationKey } from '../keys/key-source.js';
import type { AuthError } from '../errors.js';
import { bytesOfJson } from '../json.js';
import { chooseRole } from '../role.js';
import { decision, type Decision, type JwtClaims, gatherVariables } from '../session.js';
import type { HasuraClaims } from './claims.js';
import type { JwtConfig } from './match-issuer.js';
import type { TokenLifetime } from './registered-claims.js';

/** The results of verifying a token. */
export interface VerifiedParts {
  /** Deeply frozen. */
  readonly payload: JwtClaims;
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
const none: readonly Decision[] = [];

/** A verified token with its sessions by role, so that requests with the same token and role share one. */
export class VerifiedToken {
  readonly config: JwtConfig;
  /** What is wrong with a variable of the token, so that it has no sessions. */
  readonly problem: AuthError | undefined;
  readonly #key: VerificationKey;
  readonly #payload: JwtClaims;
  readonly #validFrom: number;
  readonly #expiresAt: number;
  readonly #defaultRole: string;
  /** Belong to the first session as soon as there is one. */
  readonly #variables: HasuraClaims['variables'];
  readonly #allowedRoles: readonly string[];
  /** The first session's decision alone: most tokens have one session, and a list for it would take 56 bytes. */
  #first: Decision | undefined;
  #others: readonly Decision[] = none;
  #keyVersion: number;
  /** The identity of the token, as soon as revocations need it. */
  identity: string | undefined;
  /** The version of the revocations at which the token was not revoked. */
  passed = 0;

  constructor({ payload, config, key, keyVersion, lifetime, claims }: VerifiedParts) {
    this.config = config;
    this.#key = key;
    this.#payload = payload;
    this.#validFrom = lifetime.validFrom;
    this.#expiresAt = lifetime.expiresAt;
    this.#defaultRole = claims.defaultRole;
    this.#variables = claims.variables;
    this.problem = claims.problem;
    // A part of the payload is frozen with it; a list from the configuration, or from a claim's text, is not.
    this.#allowedRoles = Object.isFrozen(claims.allowedRoles)
      ? claims.allowedRoles
      : Object.freeze([...claims.allowedRoles]);
    this.#keyVersion = keyVersion;
  }

  /** The verified payload. */
  get claims(): JwtClaims {
    return this.#payload;
  }

  /** When the token ends, in ms since the epoch; Infinity if it has no end. */
  get expiresAt(): number {
    return this.#expiresAt;
  }

  /** About how much memory this will take with its sessions, in bytes, never too little; asked before the first session. */
  get bytes(): number {
    const sessions = Math.min(mostSessions, this.#allowedRoles.length);
    const each = sessionBytes + variableBytes * Object.keys(this.#variables).length;
    return bytesOfJson(this.#payload) + sessions * each;
  }

  /** Whether the token may still be used without verifying it again: within its time, and its key not withdrawn. */
  isGood(now: number): boolean {
    if (now < this.#validFrom || now >= this.#expiresAt) return false;
    const { keys } = this.config;
    if (keys.version === this.#keyVersion) return true;
    if (!keys.holds(this.#key)) return false;
    this.#keyVersion = keys.version;
    return true;
  }

  /** The role of a request that asks for none. */
  get defaultRole(): string {
    return this.#defaultRole;
  }

  /** The roles that a request may ask for. */
  get allowedRoles(): readonly string[] {
    return this.#allowedRoles;
  }

  /** The session for a requested role. Throws the AuthErrors `role-not-allowed` and, only then, `problem`. */
  decide(requested: string | undefined): Decision {
    const wanted = requested ?? this.#defaultRole;
    const first = this.#first;
    if (first?.session.role === wanted) return first;
    for (const other of this.#others) if (other.session.role === wanted) return other;
    const role = chooseRole(requested, this.#defaultRole, this.#allowedRoles);
    if (this.problem !== undefined) throw this.problem;
    const made = decision({
      role,
      variables: first ? gatherVariables(Object.entries(this.#variables)) : this.#variables,
      method: 'jwt',
      claims: this.#payload,
      allowedRoles: this.#allowedRoles,
      expiresAt: this.#expiresAt === Infinity ? undefined : this.#expiresAt,
    });
    this.#keep(made);
    return made;
  }

  #keep(made: Decision): void {
    if (this.#first === undefined) this.#first = made;
    else if (this.#others.length < mostSessions - 1) this.#others = [...this.#others, made];
  }
}
