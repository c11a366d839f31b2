import type { Fetch, JwtSecret } from '@hasura-auth/core';
import type { IssuerAction } from './messages.js';

/** The contents of a development token. */
export interface DevelopmentToken {
  /** The default role; the token allows it. */
  readonly role?: string | undefined;
  /** Further roles that the token allows. */
  readonly roles?: readonly string[] | undefined;
  /** Session variables by name. */
  readonly variables?: Readonly<Record<`x-hasura-${string}`, string>> | undefined;
  /** Seconds from now until the token expires; negative for an expired one. */
  readonly expiresIn?: number | undefined;
  /** Further claims; a claim of the same name as one of the issuer's replaces it, and `undefined` removes it. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * An issuer of development tokens, for the page's buttons: that of `hasura-auth serve`, or `createTestIssuer()` of
 * `@hasura-auth/testing`. A member that is absent has no button.
 */
export interface DevelopmentIssuer {
  /** The `iss` claim of its tokens. */
  readonly issuer: string;
  /** The JWT configuration that accepts its tokens. */
  readonly jwtSecret: JwtSecret;
  /** Fetches its key set, if it does not listen on a port. Default: `globalThis.fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Signs a token. */
  token(contents: DevelopmentToken): Promise<string>;
  /** Replaces the key. */
  rotate?(): Promise<void> | void;
  /** Answers every request with an error, until `recover()`. */
  outage?(): void;
  /** Answers so many milliseconds late, until `recover()`. */
  slow?(ms: number): void;
  /** Answers normally again. */
  recover?(): void;
}

const slowMs = 3000;

/** What each button does, and what the page says afterwards. */
const actions: Record<
  IssuerAction,
  { readonly run: (issuer: DevelopmentIssuer) => Promise<void> | void; readonly done: string }
> = {
  rotate: {
    run: (issuer) => issuer.rotate?.(),
    done: 'The key was replaced: new tokens are signed with the new key, and only that one is published.',
  },
  outage: {
    run: (issuer) => issuer.outage?.(),
    done: 'The issuer answers every request with an error now. Choose Recover to end the outage.',
  },
  slow: {
    run: (issuer) => issuer.slow?.(slowMs),
    done: 'The issuer answers 3 seconds late now. Choose Recover to end the delay.',
  },
  recover: {
    run: (issuer) => issuer.recover?.(),
    done: 'The issuer answers normally again.',
  },
};

/** The actions that an issuer has. */
export function actionsOf(issuer: DevelopmentIssuer): IssuerAction[] {
  const names: readonly IssuerAction[] = ['rotate', 'outage', 'slow', 'recover'];
  return names.filter((name) => typeof issuer[name] === 'function');
}

/** Runs an action; resolves to a sentence about it, or to undefined if the issuer has no such action. */
export async function act(issuer: DevelopmentIssuer, name: string): Promise<string | undefined> {
  const known = actionsOf(issuer).find((action) => action === name);
  if (known === undefined) return undefined;
  await actions[known].run(issuer);
  return actions[known].done;
}

/** The claims that the issuer adds to a token by itself, none of which an edited payload may get back. */
const addedClaims = [
  'iss',
  'aud',
  'sub',
  'iat',
  'nbf',
  'exp',
  'jti',
  'https://hasura.io/jwt/claims',
];

/** A token of the issuer with exactly this payload. */
export function tokenWithPayload(
  issuer: DevelopmentIssuer,
  payload: Readonly<Record<string, unknown>>,
): Promise<string> {
  const removed = Object.fromEntries(addedClaims.map((name) => [name, undefined]));
  return issuer.token({ claims: { ...removed, ...payload } });
}
