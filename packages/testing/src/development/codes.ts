import { createHash, randomBytes } from 'node:crypto';
import type { DevelopmentUser } from './identity.js';

/** What a client asked for at the authorization endpoint (RFC 6749, section 4.1.1, with RFC 7636). */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: string;
}

/** What an authorization code stands for. */
export interface Grant {
  readonly request: AuthorizationRequest;
  readonly user: DevelopmentUser;
  /** The id of the login, for logout. */
  readonly sid: string;
  /** When the user logged in, in seconds since the epoch. */
  readonly authTime: number;
}

const mostCodes = 1000;
const codeMs = 60_000;

/** Authorization codes: each can be redeemed once, within a minute. */
export class AuthorizationCodes {
  readonly #grants = new Map<string, { readonly grant: Grant; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(grant: Grant): string {
    const [oldest] = this.#grants.keys();
    if (oldest !== undefined && this.#grants.size >= mostCodes) this.#grants.delete(oldest);
    const code = randomBytes(32).toString('base64url');
    this.#grants.set(code, { grant, until: this.#now() + codeMs });
    return code;
  }

  /** The grant of a code that is redeemed for the first time and in time. */
  redeem(code: string): Grant | undefined {
    const kept = this.#grants.get(code);
    this.#grants.delete(code);
    return kept !== undefined && this.#now() < kept.until ? kept.grant : undefined;
  }
}

/** Whether a code verifier belongs to a challenge by S256 (RFC 7636, section 4.6). */
export function verifies(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
