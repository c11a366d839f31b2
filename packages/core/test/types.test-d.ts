// Compiled by `pnpm typecheck`, never run: what must compile compiles, and what must not is marked as an expected error.
import type { Equal } from '@hasura-auth/testkit';

import {
  assertRole,
  createAuthenticator,
  isAuthError,
  optionsFromEnv,
  presets,
  requireVariable,
  type AuthErrorCode,
  type AuthHook,
  type AuthOptions,
  type Authenticator,
  type ExplainedRefusal,
  type ExplainedStep,
  type ExplainedToken,
  type Explanation,
  type Health,
  type HookHealth,
  type JwtClaims,
  type JwtSecret,
  type KeySetHealth,
  type KeySetOptions,
  type RefusalKind,
  type Revocation,
  type RevocationEntry,
  type RevocationEntryEvent,
  type RevocationHealth,
  type RevocationListener,
  type RevocationStore,
  type RuntimeOptions,
  type Session,
  type SessionVariables,
  type TokenCacheOptions,
} from '@hasura-auth/core';
import { authenticatorFrom } from '@hasura-auth/core/adapter';

const same = <Same extends true>(): Same | undefined => undefined;

export async function sessionsAreTyped(authenticator: Authenticator): Promise<void> {
  const session = await authenticator.authenticate({ headers: {} });
  same<Equal<typeof session, Session>>();
  same<Equal<Session['role'], string>>();
  same<Equal<Session['sessionVariables'], SessionVariables>>();
  same<Equal<SessionVariables['x-hasura-role'], string>>();
  same<Equal<SessionVariables['x-hasura-user-id'], string | undefined>>();
  same<Equal<Session['claims'], JwtClaims | undefined>>();
  same<Equal<NonNullable<Session['claims']>['exp'], number | undefined>>();

  // @ts-expect-error a session cannot be changed
  session.role = 'admin';
  // @ts-expect-error nor can its variables
  session.sessionVariables['x-hasura-role'] = 'admin';
  // @ts-expect-error nor its roles
  session.allowedRoles?.push('admin');
  // @ts-expect-error nor its claims
  session.claims?.aud?.push('another');
  // @ts-expect-error a variable may be absent
  const userId: string = session.sessionVariables['x-hasura-user-id'];
  void userId;
  // @ts-expect-error a name without the prefix is none
  void session.sessionVariables['user-id'];
  // @ts-expect-error names are in lower case
  void session.sessionVariables['X-Hasura-User-Id'];
  // @ts-expect-error so may the end of a session
  const end: number = session.expiresAt;
  void end;
}

export function errorsAreTyped(error: unknown): AuthErrorCode | undefined {
  // @ts-expect-error what was thrown may be anything
  void error.code;
  if (!isAuthError(error)) return undefined;
  same<Equal<typeof error.status, number>>();
  return error.code;
}

export async function requestsAreTyped(authenticator: Authenticator): Promise<void> {
  await authenticator.authenticate({
    headers: { authorization: 'Bearer a', cookie: ['a=1', 'b=2'] },
  });
  await authenticator.authenticate({ headers: new Headers(), body: { query: '{a}' } });
  // @ts-expect-error headers are needed
  await authenticator.authenticate({});
  // @ts-expect-error a header is a text
  await authenticator.authenticate({ headers: { 'x-hasura-role': 5 } });
}

export function rightOptionsCompile(): void {
  createAuthenticator({ adminSecret: 'a' });
  createAuthenticator({ adminSecret: false, jwtSecret: { jwk_url: 'https://a.example' } });
  createAuthenticator({ adminSecrets: ['a', 'b'], jwtSecret: '{"type":"HS256","key":"…"}' });
  createAuthenticator({ adminSecret: 'a', tokenCache: false, keySets: { maxStaleMs: Infinity } });
  createAuthenticator({
    adminSecret: 'a',
    jwtSecrets: [
      '{}',
      {
        type: 'RS512',
        key: 'a',
        audience: ['a'],
        header: { type: 'Cookie', name: 'jwt' },
        algorithms: ['PS256'],
        claims_map: {
          'x-hasura-allowed-roles': ['user'],
          'x-hasura-default-role': { path: '$.role', default: 'user' },
        },
      },
    ],
    errorResponse: ({ status, code }, { headers }) => ({ status, body: { code, of: headers } }),
  });
}

/** Every optional member of a type, each explicitly undefined. */
type AllUndefined<Options> = {
  [Name in keyof Options as undefined extends Options[Name] ? Name : never]: undefined;
};
type Takes<Options> = AllUndefined<Options> extends Partial<Options> ? true : false;

/** Under exactOptionalPropertyTypes, an option that is computed may be undefined. */
export function optionsMayBeUndefined(secret: string | undefined): void {
  same<Takes<AuthOptions>>();
  same<Takes<JwtSecret>>();
  same<Takes<AuthHook>>();
  same<Takes<NonNullable<AuthHook['cache']>>>();
  same<Takes<KeySetOptions>>();
  same<Takes<TokenCacheOptions>>();
  same<Takes<RuntimeOptions>>();
  createAuthenticator({
    adminSecret: secret,
    jwtSecret: undefined,
    keySets: { match: undefined, maxAgeMs: undefined },
    tokenCache: { maxEntries: undefined },
    runtime: { now: undefined },
  });
  presets.auth0({ domain: 'a', audience: 'a', claims: undefined });
  presets.cognito({ userPoolId: 'a', issuer: undefined, audience: undefined });
  presets.entraId({ tenantId: 'a', audience: 'a', tokenVersion: undefined, cloud: undefined });
  presets.okta({ domain: 'a', audience: 'a', authorizationServerId: undefined });
  presets.nhost({ subdomain: 'a', region: 'a', issuer: undefined });
}

/** An environment as a schema (zod, envalid) parses it, and as Node has it. */
export function anyEnvironmentIsRead(parsed: {
  readonly HASURA_GRAPHQL_ADMIN_SECRET: string;
  readonly HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY?: boolean | undefined;
  readonly PORT: number;
}): void {
  interface Environment {
    HASURA_GRAPHQL_ADMIN_SECRET?: string;
  }
  const declared: Environment = {};
  createAuthenticator(optionsFromEnv(parsed));
  createAuthenticator(optionsFromEnv(declared));
  createAuthenticator(optionsFromEnv(process.env));
  // @ts-expect-error the variables, not one of their values
  optionsFromEnv('HASURA_GRAPHQL_ADMIN_SECRET');
}

export function wrongOptionsDoNot(): void {
  // @ts-expect-error options are needed
  createAuthenticator();
  // @ts-expect-error a secret is a text, or false
  createAuthenticator({ adminSecret: true });
  // @ts-expect-error a typo must not switch a check off
  createAuthenticator({ adminSecret: 'a', jwtSecert: '{}' });
  // @ts-expect-error the role of requests without credentials has a name
  createAuthenticator({ adminSecret: 'a', unauthorizedRole: true });
  // @ts-expect-error there are two orders
  createAuthenticator({ adminSecret: 'a', precedence: 'admin' });
  // @ts-expect-error a style has a name
  createAuthenticator({ adminSecret: 'a', errorResponse: 'json' });
  // @ts-expect-error an own answer has a status
  createAuthenticator({ adminSecret: 'a', errorResponse: () => ({ body: 'no' }) });
  // @ts-expect-error `true` says nothing of the bounds
  createAuthenticator({ adminSecret: 'a', tokenCache: true });
  // @ts-expect-error a logger has warn and error
  createAuthenticator({ adminSecret: 'a', logger: { warn: () => undefined } });
  // @ts-expect-error type names a family of keys by an algorithm
  createAuthenticator({ adminSecret: 'a', jwtSecret: { type: 'XS256', key: 'a' } });
  // @ts-expect-error the member is audience
  createAuthenticator({ adminSecret: 'a', jwtSecret: { type: 'HS256', key: 'a', audiance: 'a' } });
  // @ts-expect-error a cookie has a name
  createAuthenticator({ adminSecret: 'a', jwtSecret: { key: 'a', header: { type: 'Cookie' } } });
  // @ts-expect-error none is no algorithm
  createAuthenticator({ adminSecret: 'a', jwtSecret: { key: 'a', algorithms: ['none'] } });
  createAuthenticator({
    adminSecret: 'a',
    // @ts-expect-error a default needs a path
    jwtSecret: { claims_map: { 'x-hasura-a': { default: 'a' } } },
  });
}

export function nothingUnknownStandsBesideASharedAuthenticator(authenticator: Authenticator): void {
  authenticatorFrom({ authenticator });
  authenticatorFrom({ authenticator, errorResponse: 'graphql' });
  // @ts-expect-error misspelt
  authenticatorFrom({ authenticator, errorResponce: 'graphql' });
  // @ts-expect-error the authenticator has its own secret
  authenticatorFrom({ authenticator, adminSecret: 'a-secret-that-would-be-ignored' });
  // @ts-expect-error not an authenticator
  authenticatorFrom({ authenticator: {} });
}

export async function anExplanationIsReadAsData(authenticator: Authenticator): Promise<string> {
  const explanation: Explanation = await authenticator.explain({ headers: {} });
  const { outcome, cause, remedy, steps, session, refusal, response, token } = explanation;
  const outcomes: 'accepted' | 'refused' = outcome;
  const first: ExplainedStep | undefined = steps[0];
  const kind: RefusalKind | undefined = refusal?.kind;
  const decoded: ExplainedToken | undefined = token;
  // @ts-expect-error an accepted request has no refusal
  const always: ExplainedRefusal = refusal;
  // @ts-expect-error a token in an explanation has no signature
  void token?.signature;
  // @ts-expect-error a request has headers
  void authenticator.explain({});
  const texts = [outcomes, cause, first?.lookedAt, first?.found, first?.therefore, kind];
  return [...texts, remedy, session?.role, response?.body, decoded?.identity, always.code].join();
}

export function anAppThatStatesNoRolesMayNameAny(session: Session): string {
  assertRole(session, 'auditor');
  // @ts-expect-error a role is a string
  assertRole(session, 5);
  // @ts-expect-error a variable has the prefix
  requireVariable(session, 'user-id');
  return session.role;
}

export async function revocationsAreTyped(
  authenticator: Authenticator,
  store: RevocationStore,
  listener: RevocationListener,
): Promise<void> {
  const revocations: Revocation[] = [
    { token: 'a' },
    { jti: 'a', iss: 'b', until: 1 },
    { sid: 'a' },
    { sub: 'a', before: 1 },
    { iss: 'a', before: undefined },
  ];
  for (const revocation of revocations) await authenticator.revoke(revocation);
  // @ts-expect-error nothing is revoked
  await authenticator.revoke({});
  // @ts-expect-error a token has its own issuer
  await authenticator.revoke({ token: 'a', iss: 'b' });
  // @ts-expect-error a jti does not go by the time of issue
  await authenticator.revoke({ jti: 'a', before: 1 });

  const entry: RevocationEntry = { by: 'sub', value: 'a', before: 1, until: 2 };
  await store.add(entry);
  // @ts-expect-error an entry has an end
  await store.add({ by: 'jti', value: 'a' });
  // @ts-expect-error a user is revoked by the time of issue
  await store.add({ by: 'sub', value: 'a', until: 2 });
  same<Equal<ReturnType<RevocationStore['load']>, AsyncIterable<RevocationEntry>>>();
  same<Equal<ReturnType<RevocationStore['subscribe']>, () => void>>();
  listener.onEntry(entry);

  createAuthenticator({ adminSecret: 'a', revocations: store });
  createAuthenticator({ adminSecret: 'a', revocations: { store, onUnavailable: 'refuse' } });
  // @ts-expect-error another word
  createAuthenticator({ adminSecret: 'a', revocations: { store, onUnavailable: 'deny' } });

  await authenticator.backChannelLogout({ audience: ['a'] })('a logout token');
}

export function healthIsTyped(authenticator: Authenticator): void {
  const health = authenticator.health();
  same<Equal<typeof health, Health>>();
  same<Equal<Health['ready'], boolean>>();
  same<Equal<Health['keySets'], readonly KeySetHealth[]>>();
  same<Equal<Health['hook'], HookHealth | undefined>>();
  same<Equal<RevocationHealth['stalenessMs'], number | undefined>>();
  same<Equal<RevocationEntryEvent['lagMs'], number | undefined>>();
  // @ts-expect-error there is no webhook in another mode
  void health.hook.failuresInARow;
  // @ts-expect-error a health is read only
  health.ready = true;
}
