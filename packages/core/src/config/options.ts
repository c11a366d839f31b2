import type { ErrorResponse } from '../error-response.js';
import type { Algorithm } from '../keys/algorithms.js';
import type { KeyType } from '../keys/static-key.js';
import type { OnRefused } from '../on-refused.js';
import type { KeptOnSession, OnSession } from '../on-session.js';
import type { RevocationOptions } from '../revocation/options.js';
import type { RevocationStore } from '../revocation/store.js';
import type { Fetch, Logger, RuntimeOptions } from '../runtime.js';
import type { AuthHook } from '../webhook/options.js';

/** The value of a session variable in a `claims_map`: a literal, or a JSON path over all claims of the token. */
export type ClaimsMapEntry =
  | string
  | readonly string[]
  | {
      /** A JSON path in the engine's dialect, such as `$.user.id` or `$.roles[0]`. Any other text is a ConfigError. */
      readonly path: string;
      /** The value if the token has nothing at the path. `null` in the token is a value, not an absence. Default: none. */
      readonly default?: string | readonly string[] | undefined;
    };

/** The location of the token in a request: `Authorization: Bearer …`, a cookie, or a header that holds the bare token. */
export type TokenHeader =
  | { readonly type: 'Authorization' }
  | { readonly type: 'Cookie' | 'CustomHeader'; readonly name: string };

/**
 * One JWT configuration, with the members of `HASURA_GRAPHQL_JWT_SECRET`. A misspelt member is a ConfigError, another
 * unknown one is logged as a warning. In pasted JSON, a member that is `null` is absent.
 *
 * @example
 * const jwtSecret: JwtSecret = { jwk_url: 'https://issuer.example/jwks.json', audience: 'my-api' };
 */
export interface JwtSecret {
  /**
   * The family of `key`, named by one of its algorithms, such as `RS256`: a token may use any algorithm that fits the key.
   * Required with `key`, ignored with `jwk_url`. An unknown name is a ConfigError. Engine: `type`.
   */
  readonly type?: KeyType | undefined;
  /**
   * The key that verifies tokens: a shared secret of at least 32, 48 or 64 bytes (HS256, HS384, HS512), or a public key as
   * PEM (SPKI, PKCS #1, X.509 certificate or certificate request). A private key, a key of another family than `type` and
   * an unfilled placeholder such as `$KEY` are a ConfigError. Not together with `jwk_url`. Engine: `key`.
   */
  readonly key?: string | undefined;
  /**
   * The address of the provider's JSON Web Key Set (RFC 7517), http or https, instead of `key`. It is fetched for the
   * first token. Another scheme is a ConfigError; plain http to another machine is logged as a warning. Engine: `jwk_url`.
   */
  readonly jwk_url?: string | undefined;
  /**
   * The claim that holds the session variables. Not together with `claims_namespace_path`. Default
   * `https://hasura.io/jwt/claims`. Engine: `claims_namespace`.
   */
  readonly claims_namespace?: string | undefined;
  /**
   * A JSON path to the claim that holds the session variables, such as `$.hasura.claims`; `$` is the whole payload without
   * its registered claims. Default: `claims_namespace`. A text that is no path is a ConfigError. Engine: same name.
   */
  readonly claims_namespace_path?: string | undefined;
  /**
   * Whether the claim that holds the session variables is an object (`json`) or a string of JSON (`stringified_json`).
   * Default `json`. Engine: `claims_format`.
   */
  readonly claims_format?: 'json' | 'stringified_json' | undefined;
  /**
   * The audience of the tokens, or several of which `aud` must contain one (RFC 7519, section 4.1.3). A token without
   * `aud` is rejected unless `requireAudience` is false. Default: any. Empty is a ConfigError. Engine: `audience`.
   */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * The issuer of the tokens, compared with `iss` character by character (RFC 7519, section 4.1.1). A token without `iss`
   * is accepted unless `extra_required_claims` names `issuer`. Default: any. Empty is a ConfigError. Engine: `issuer`.
   */
  readonly issuer?: string | undefined;
  /**
   * Session variables by name, each a literal or a JSON path. It replaces `claims_namespace`, `claims_namespace_path` and
   * `claims_format`. Without `x-hasura-allowed-roles` and `x-hasura-default-role`, or with a name that does not begin with
   * `x-hasura-`, it is a ConfigError. Engine: `claims_map`.
   *
   * @example
   * const claims_map = {
   *   'x-hasura-allowed-roles': { path: '$.roles' },
   *   'x-hasura-default-role': 'user',
   *   'x-hasura-user-id': { path: '$.sub' },
   * };
   */
  readonly claims_map?: Readonly<Record<string, ClaimsMapEntry>> | undefined;
  /**
   * The tolerated clock difference for `exp`, `nbf` and `iat`, in seconds; fractions are allowed. Default 0. A negative or
   * infinite number is a ConfigError. RFC 7519, section 4.1.4. Engine: `allowed_skew`.
   */
  readonly allowed_skew?: number | undefined;
  /**
   * The location of the token in the request, as an object or as its JSON text. Default `{"type":"Authorization"}`. A
   * cookie or header without a name is a ConfigError. Engine: `header`.
   *
   * @example
   * const header = { type: 'Cookie', name: 'session_token' } as const;
   */
  readonly header?: TokenHeader | string | undefined;
  /**
   * The claims that a token must contain: `audience`, `issuer`, or a registered name such as `exp`. Default: none. Another
   * name is a ConfigError. Engine: `extra_required_claims`.
   */
  readonly extra_required_claims?: readonly string[] | undefined;
  /**
   * The only algorithms that a token may use, out of those that fit the key (RFC 8725, section 3.1). Default: all that fit.
   * An algorithm that does not fit the key is a ConfigError. Not in Hasura.
   */
  readonly algorithms?: readonly Algorithm[] | undefined;
}

/** Limits of fetched key sets, and how their keys are chosen. Not in Hasura. */
export interface KeySetOptions {
  /** How long one fetch of a key set may take, in milliseconds; at least 1. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** How large a key set may be, in bytes; at least 1. Default 1 048 576 (1 MiB). */
  readonly maxBytes?: number | undefined;
  /**
   * How long a key set is fresh if its response has no cache headers, in milliseconds. `Infinity` never fetches it again, as
   * the engine does. Default 3 600 000 (1 hour); `Infinity` with `compatibility: 'engine'`.
   */
  readonly maxAgeMs?: number | undefined;
  /** How long the last valid key set is used after it went stale while fetches fail, in milliseconds. Default `Infinity`. */
  readonly maxStaleMs?: number | undefined;
  /** How long a request waits for a fetch in progress, in milliseconds. Default 500. */
  readonly waitMs?: number | undefined;
  /**
   * Which keys are tried: `kid` tries the keys with the token's `kid` or without one, and every key if the token has no
   * `kid`; `any` tries every key of a fitting family, as the engine does. Default `kid`; `any` with
   * `compatibility: 'engine'`.
   */
  readonly match?: 'kid' | 'any' | undefined;
}

/** Limits of the cache of verified tokens. Not in Hasura. */
export interface TokenCacheOptions {
  /** How many verified tokens are kept, at least 1. Default 10 000. */
  readonly maxEntries?: number | undefined;
  /**
   * How much memory the kept tokens may take, in bytes; at least 1. Each is counted at the most that V8 may need for it;
   * usual tokens take half of that. Default 67 108 864 (64 MiB).
   */
  readonly maxBytes?: number | undefined;
}

/**
 * The options of `createAuthenticator` and of `hasuraAuth`. Their names follow the engine's flags; `optionsFromEnv` reads
 * those that have an environment variable. A mistake is a ConfigError; `undefined` counts as not set.
 *
 * @example
 * const options: AuthOptions = {
 *   adminSecret: 'a-long-random-admin-secret',
 *   jwtSecret: { jwk_url: 'https://issuer.example/jwks.json', audience: 'my-api' },
 *   unauthorizedRole: 'anonymous',
 * };
 */
export interface AuthOptions {
  /**
   * The admin secret, or `false` for no admin access, so that every secret is rejected. Required with a JWT secret or a
   * webhook. An empty one, one that no header can contain (a control character in it, blanks around it) and an unfilled
   * placeholder are a ConfigError; fewer than 16 characters are logged as a warning. Env: `HASURA_GRAPHQL_ADMIN_SECRET`,
   * older name `HASURA_GRAPHQL_ACCESS_KEY`; `HASURA_GRAPHQL_DISABLE_ADMIN_SECRET=true` is `false`.
   */
  readonly adminSecret?: string | false | undefined;
  /**
   * Several admin secrets, for rotation. If it is set, `adminSecret` is not used. An empty list is a ConfigError. Env:
   * `HASURA_GRAPHQL_ADMIN_SECRETS`, a JSON array.
   */
  readonly adminSecrets?: readonly string[] | undefined;
  /**
   * One JWT configuration: the object, or its JSON text as it is pasted from an engine. Not together with `authHook`. Env:
   * `HASURA_GRAPHQL_JWT_SECRET`.
   */
  readonly jwtSecret?: JwtSecret | string | undefined;
  /**
   * Several JWT configurations; if it is set, `jwtSecret` is not used. Two with the same `header` must have different
   * issuers, or one issuer and algorithms that differ; otherwise they are a ConfigError. Env:
   * `HASURA_GRAPHQL_JWT_SECRETS`, a JSON array.
   */
  readonly jwtSecrets?: readonly (JwtSecret | string)[] | undefined;
  /**
   * An auth webhook, as its url or as an object. Together with a JWT secret or `unauthorizedRole` it is a ConfigError. Env:
   * `HASURA_GRAPHQL_AUTH_HOOK`.
   *
   * @example
   * const authHook = { url: 'https://auth.example.com/session', mode: 'POST' } as const;
   */
  readonly authHook?: AuthHook | string | undefined;
  /**
   * The role of requests without credentials. Default: they are rejected. A wrong secret or token never gets this role. The
   * role `admin` is logged as a warning. Env: `HASURA_GRAPHQL_UNAUTHORIZED_ROLE`.
   */
  readonly unauthorizedRole?: string | undefined;
  /**
   * Which credential decides if a request has a valid admin secret and a token: the token (`jwt`, as documented) or the
   * secret (`admin-secret`, as the engine does). Default `jwt`. Not in Hasura.
   */
  readonly precedence?: 'jwt' | 'admin-secret' | undefined;
  /**
   * `engine` changes the defaults of `precedence`, `errorResponse`, `requireAudience`, `clientVariables`, `keySets.match`
   * and `keySets.maxAgeMs` to what the engine does; each can still be set. Default `documented`. Not in Hasura.
   */
  readonly compatibility?: 'documented' | 'engine' | undefined;
  /**
   * The style of error responses, or a function that makes them. Default `http`: the status of HTTP's rules, with
   * `WWW-Authenticate`. Not in Hasura.
   */
  readonly errorResponse?: ErrorResponse | undefined;
  /**
   * The realm in `WWW-Authenticate` (RFC 9110, section 11.5): printable ASCII without quotes and backslashes, anything
   * else is a ConfigError. Default `hasura`. Not in Hasura.
   */
  readonly realm?: string | undefined;
  /**
   * Looks at each session, and may add variables to it or reject the request: a function, or `{ run, cacheFor: 'token' }`
   * to keep its result with the token. Anything else is a ConfigError. Default: sessions are used as they are. Not in
   * Hasura.
   */
  readonly onSession?: OnSession | KeptOnSession | undefined;
  /**
   * Is called for each rejected request. Anything but a function is a ConfigError. Default: nothing is called. Not in
   * Hasura.
   */
  readonly onRefused?: OnRefused | undefined;
  /**
   * Whether the logger gets a line for each rejected request: status, kind and reason, method, and path without its query;
   * at most 60 lines a minute. Default false. Not in Hasura.
   */
  readonly logRefusals?: boolean | undefined;
  /**
   * `true` lets an app start without any secret: every request gets the role `admin`, or the role that it requests. Default
   * false. Together with a secret it is a ConfigError; by itself it is logged as a warning. Not in Hasura, which needs no
   * option for it.
   */
  readonly unsecured?: boolean | undefined;
  /**
   * Whether a token without `aud` is rejected if the JWT configuration has an `audience`. Default true. Not in Hasura,
   * which accepts such tokens.
   */
  readonly requireAudience?: boolean | undefined;
  /**
   * Whether the session of a request without credentials has the `x-hasura-*` headers that the client sent (`keep`, as in
   * the engine) or not (`drop`): nothing proves what they say. Default `drop`. Not in Hasura.
   */
  readonly clientVariables?: 'drop' | 'keep' | undefined;
  /** Limits of the cache of verified tokens, or `false` for no cache. Default: 10 000 tokens, 64 MiB. Not in Hasura. */
  readonly tokenCache?: TokenCacheOptions | false | undefined;
  /**
   * Where revoked tokens are kept: a store that several processes share, or an object of options with the store. Anything
   * else is a ConfigError. Default: in this process, without a store. Not in Hasura.
   *
   * @example
   * createAuthenticator({ adminSecret: false, jwtSecret, revocations: { store, onUnavailable: 'refuse' } });
   */
  readonly revocations?: RevocationStore | RevocationOptions | undefined;
  /** Limits of fetched key sets, and how their keys are chosen. Not in Hasura. */
  readonly keySets?: KeySetOptions | undefined;
  /**
   * The shortest RSA key that is accepted, in bits, at least 1024: a shorter one in `key` is a ConfigError, and in a key set
   * it is ignored with a warning. A key under 2048 bits is logged as a warning in any case (NIST SP 800-131A). Default 1024,
   * for the keys of Hasura's documentation. Not in Hasura.
   *
   * @example
   * createAuthenticator({ minRsaBits: 2048, adminSecret: false, jwtSecret });
   */
  readonly minRsaBits?: number | undefined;
  /** The function that fetches key sets and calls webhooks. Default: `globalThis.fetch` at the time of the call. */
  readonly fetch?: Fetch | undefined;
  /** Where warnings and failures are logged, such as a pino logger. Default: `process.emitWarning`. */
  readonly logger?: Logger | undefined;
  /** The clock and the timers, for tests and for unusual hosts. Default: those of the process. */
  readonly runtime?: RuntimeOptions | undefined;
}
