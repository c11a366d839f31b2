import type { Fetch, Logger, RuntimeOptions } from '../runtime.js';
import type { ErrorResponse } from '../error-response.js';
import type { Algorithm } from '../keys/algorithms.js';
import type { KeyType } from '../keys/static-key.js';

/** Where a session variable of a `claims_map` comes from: a literal, or a JSON path over all claims of the token. */
export type ClaimsMapEntry =
  | string
  | readonly string[]
  | {
      /** A path in the engine's dialect, as `$.user.id` or `$.roles[0]`. */
      readonly path: string;
      /** Used where nothing stands at the path. `null` in the token is a value, not an absence. */
      readonly default?: string | readonly string[];
    };

/** Where the token is in the request. */
export type TokenHeader =
  | { readonly type: 'Authorization' }
  | { readonly type: 'Cookie' | 'CustomHeader'; readonly name: string };

/** One JWT configuration, member by member as in `HASURA_GRAPHQL_JWT_SECRET`. */
export interface JwtSecret {
  /**
   * The family of `key`, by the name of one of its algorithms: a token may use any algorithm that fits the key.
   * Needed with `key`; means nothing beside `jwk_url`. An unknown name is a ConfigError. Engine: `type`.
   */
  readonly type?: KeyType;
  /**
   * A shared secret of at least 32, 48 or 64 bytes (HS256, HS384, HS512), or a public key as PEM (SPKI, PKCS #1,
   * X.509 certificate, certificate request). A private key or a key of another family is a ConfigError. Engine: `key`.
   */
  readonly key?: string;
  /** Where the provider publishes its JSON Web Key Set (RFC 7517); http or https. Instead of `key`. Engine: `jwk_url`. */
  readonly jwk_url?: string;
  /** The claim that holds the session variables. Default `https://hasura.io/jwt/claims`. Engine: `claims_namespace`. */
  readonly claims_namespace?: string;
  /** A JSON path to the claim that holds the session variables; not beside `claims_namespace`. Engine: same name. */
  readonly claims_namespace_path?: string;
  /** Whether that claim is an object or a string of JSON. Default `json`. Engine: `claims_format`. */
  readonly claims_format?: 'json' | 'stringified_json';
  /** The audience, or several of which a token must name one (RFC 7519, section 4.1.3). Default: any. Engine: `audience`. */
  readonly audience?: string | readonly string[];
  /** The issuer that a token must name, if it names one (RFC 7519, section 4.1.1). Default: any. Engine: `issuer`. */
  readonly issuer?: string;
  /**
   * Session variables by name, each a literal or a path; wins over the three options above it. Must hold
   * `x-hasura-allowed-roles` and `x-hasura-default-role`. Engine: `claims_map`.
   */
  readonly claims_map?: Readonly<Record<string, ClaimsMapEntry>>;
  /**
   * Clock difference tolerated for `exp`, `nbf` and `iat`, in whole seconds. Default 0. A negative or fractional number
   * is a ConfigError. RFC 7519, section 4.1.4. Engine: `allowed_skew`.
   */
  readonly allowed_skew?: number;
  /** Where the token is; may be the JSON text of it. Default `{"type":"Authorization"}`. Engine: `header`. */
  readonly header?: TokenHeader | string;
  /** Claims that a token must have: `audience`, `issuer`, or a registered name as `exp`. Default none. Engine: same name. */
  readonly extra_required_claims?: readonly string[];
  /** The only algorithms a token may use, out of those that fit the key. Default: all that fit. Ours (RFC 8725, section 3.1). */
  readonly algorithms?: readonly Algorithm[];
}

/** An auth webhook, asked on each request without an admin secret. Only what is known here is allowed; the rest is a ConfigError. */
export interface AuthHook {
  /**
   * The hook's address; http or https, without a user name and password. Logs show its origin only. Engine:
   * `--auth-hook`. Env: `HASURA_GRAPHQL_AUTH_HOOK`.
   */
  readonly url: string;
  /**
   * Whether the client's headers are sent as headers or in a JSON body. Default `GET`. Engine: `--auth-hook-mode`. Env:
   * `HASURA_GRAPHQL_AUTH_HOOK_MODE`.
   */
  readonly mode?: 'GET' | 'POST';
  /**
   * Whether a POST hook is sent the GraphQL request, which a body parser must then have read before. Default true; means
   * nothing in GET mode. Engine: `--auth-hook-send-request-body`. Env: `HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY`.
   */
  readonly sendRequestBody?: boolean;
  /** How long the hook may take, its whole answer included, in milliseconds; at least 1. Default 10 000. Ours. */
  readonly timeoutMs?: number;
  /**
   * Keeps answers for as long as the hook's own `Cache-Control` or `Expires` members say, and asks once for equal requests
   * under way. Default: nothing is kept and nothing shared. Ours.
   */
  readonly cache?: {
    /**
     * Every request header that can change the hook's answer, in any case. The hook is told no others, so that no other
     * can. At least one; in GET mode one that the hook is never sent is a ConfigError.
     */
    readonly headers: readonly string[];
    /** How many answers are kept at most; at least 1. Default 1000. Together they take about 32 MiB at most. */
    readonly maxEntries?: number;
  };
}

/** Bounds of fetched key sets. */
export interface KeySetOptions {
  /** How long one fetch may take, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  /** How large a set may be, in bytes. Default 1 048 576. */
  readonly maxBytes?: number;
  /** How long the last good set serves after it went stale, in milliseconds. Default Infinity. */
  readonly maxStaleMs?: number;
  /** How long a request waits for a fetch that is under way, in milliseconds. Default 500. */
  readonly waitMs?: number;
}

/** Bounds of the cache of verified tokens. */
export interface TokenCacheOptions {
  /** How many tokens are kept at most. Default 10 000. */
  readonly maxEntries?: number;
  /**
   * How much memory they may take at most, in bytes. Counted at the most that V8 may need for such tokens: usual ones take
   * half of it. Default 67 108 864.
   */
  readonly maxBytes?: number;
}

/** What `createAuthenticator` takes. Names follow the engine's own flags; `optionsFromEnv` reads their variables. */
export interface AuthOptions {
  /**
   * The admin secret; `false` = no admin access at all, so that every secret is a wrong one.
   * Env: `HASURA_GRAPHQL_ADMIN_SECRET`, older name `HASURA_GRAPHQL_ACCESS_KEY`. Needed beside a JWT secret or a webhook.
   */
  readonly adminSecret?: string | false;
  /** Several admin secrets, for rotation; when given, `adminSecret` is not used. Env: `HASURA_GRAPHQL_ADMIN_SECRETS`, a JSON array. */
  readonly adminSecrets?: readonly string[];
  /** One JWT configuration: the object, or its JSON text pasted unchanged. Env: `HASURA_GRAPHQL_JWT_SECRET`. */
  readonly jwtSecret?: JwtSecret | string;
  /** Several JWT configurations; when given, `jwtSecret` is not used. Env: `HASURA_GRAPHQL_JWT_SECRETS`, a JSON array. */
  readonly jwtSecrets?: readonly (JwtSecret | string)[];
  /** An auth webhook; a string is its url. Not beside JWT secrets. */
  readonly authHook?: AuthHook | string;
  /** The role of requests without credentials. Default: they are refused. Env: `HASURA_GRAPHQL_UNAUTHORIZED_ROLE`. */
  readonly unauthorizedRole?: string;
  /**
   * What counts where a right admin secret and a token both come: the token (`jwt`, the documented way) or the secret
   * (`admin-secret`, the engine's way). Default `jwt`.
   */
  readonly precedence?: 'jwt' | 'admin-secret';
  /**
   * `engine` flips the defaults of `precedence`, `errorResponse`, `requireAudience` and `clientVariables` to what the
   * engine does; each can still be set alone. Default `documented`.
   */
  readonly compatibility?: 'documented' | 'engine';
  /** How a refusal is answered. Default `http`. */
  readonly errorResponse?: ErrorResponse;
  /**
   * The protection space that the challenge of a refusal names, `WWW-Authenticate: Bearer realm="…"` (RFC 9110, section
   * 11.5). A string; empty is a ConfigError. Default `hasura`. Ours.
   */
  readonly realm?: string;
  /** Lets an app start without any secret: every request is then admin, or whatever role it asks for. Default false. */
  readonly unsecured?: boolean;
  /** Whether a token without `aud` is refused where an audience is configured. Default true. */
  readonly requireAudience?: boolean;
  /** Whether a client's own `x-hasura-*` headers stand in an unauthenticated session. Nobody vouches for them. Default `drop`. */
  readonly clientVariables?: 'drop' | 'keep';
  /** Bounds of the cache of verified tokens, or `false` for none. */
  readonly tokenCache?: TokenCacheOptions | false;
  /** Bounds of fetched key sets. */
  readonly keySets?: KeySetOptions;
  /** How key sets and webhooks are reached. Default: Node's `fetch`. */
  readonly fetch?: Fetch;
  /** Where warnings and failures are told. Default: `process.emitWarning`. */
  readonly logger?: Logger;
  /** Clock and timers, for tests and unusual hosts. Default: those of the process. */
  readonly runtime?: RuntimeOptions;
}
