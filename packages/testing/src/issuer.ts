import { randomUUID } from 'node:crypto';
import type { Fetch, JwtSecret } from '@hasura-auth/core';
import { recordOf } from '@hasura-auth/core/adapter';
import { asBearer, type Authorized } from './as-user.js';
import { KeySetEndpoint } from './key-set-endpoint.js';
import {
  claimsNamespace,
  hasuraClaims,
  makeKeyPair,
  makeSharedSecret,
  signToken,
  type KeyPairAlgorithm,
  type SharedSecretAlgorithm,
  type SigningKey,
} from './signing-keys.js';

/** The algorithms that a test issuer signs with. */
export type TestAlgorithm = SharedSecretAlgorithm | KeyPairAlgorithm;

/** What a test issuer is made of; all of it has a default. */
export interface TestIssuerOptions {
  /**
   * The algorithm of its tokens. With `HS256`, `HS384` or `HS512`, `jwtSecret` contains a shared secret instead of the
   * address of a key set. Default `ES256`.
   */
  readonly algorithm?: TestAlgorithm | undefined;
  /** The audience of its tokens. Default `test-api`. */
  readonly audience?: string | undefined;
  /** The `Cache-Control` header of its key set. Default `max-age=600`. */
  readonly cacheControl?: string | undefined;
  /** Whether the key set is published over HTTP on loopback too, for an app in another process. Default false. */
  readonly listen?: boolean | undefined;
  /** The clock for `iat` and `exp`, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The contents of one token; all of it has a default. */
export interface TestToken {
  /** The default role; the token allows it. Default `user`. */
  readonly role?: string | undefined;
  /** Further roles that the token allows. Default none. */
  readonly roles?: readonly string[] | undefined;
  /** Session variables by name. Default none. */
  readonly variables?: Readonly<Record<`x-hasura-${string}`, string>> | undefined;
  /** Seconds from now until the token expires; negative for an expired one. Default 300. */
  readonly expiresIn?: number | undefined;
  /** Further claims; a claim of the same name as one of the issuer's replaces it, and `undefined` removes it. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** An identity provider for tests: it signs tokens and publishes the keys that verify them. */
export interface TestIssuer {
  /** The `iss` claim of its tokens, and the origin of its documents. */
  readonly issuer: string;
  /**
   * The JWT configuration that accepts its tokens: `hasuraAuth({ jwtSecret: issuer.jwtSecret, fetch: issuer.fetch, …
   * })`.
   */
  readonly jwtSecret: JwtSecret;
  /** Fetches the key set without a network, for the option `fetch`. Rejects every other address. */
  readonly fetch: Fetch;
  /** How many times the key set was fetched, or tried to be. */
  readonly fetches: number;
  /** A valid token, or one with other contents. */
  token(contents?: TestToken): Promise<string>;
  /** A valid token for a role, with session variables. */
  signAs(role: string, variables?: TestToken['variables']): Promise<string>;
  /** A token that expired a minute ago. */
  expiredToken(contents?: TestToken): Promise<string>;
  /** A token for another audience. */
  wrongAudienceToken(contents?: TestToken): Promise<string>;
  /** A token with this issuer's `kid`, signed with a key that was never published. */
  wrongKeyToken(contents?: TestToken): Promise<string>;
  /** Adds the token of a role to a request: supertest's, or the options of Fastify's `inject`. */
  asUser<R extends Authorized>(
    request: R,
    role: string,
    variables?: TestToken['variables'],
  ): Promise<R>;
  /**
   * Replaces the key: later tokens are signed with the new one, and only that one is published. Like `outage` and `slow`,
   * throws if the algorithm has a shared secret, which is not published.
   */
  rotate(): Promise<void>;
  /** Answers every fetch of the key set with 503, until `recover()`. */
  outage(): void;
  /** Answers every fetch so many milliseconds late, until `recover()`. */
  slow(ms: number): void;
  /** Answers normally again. */
  recover(): void;
  /** Stops listening; needed only with `listen`. */
  close(): Promise<void>;
}

const keySetPath = '/.well-known/jwks.json';
const discoveryPath = '/.well-known/openid-configuration';

const isShared = (algorithm: TestAlgorithm): algorithm is SharedSecretAlgorithm =>
  algorithm === 'HS256' || algorithm === 'HS384' || algorithm === 'HS512';

const makeKey = async (algorithm: TestAlgorithm): Promise<SigningKey> =>
  isShared(algorithm) ? makeSharedSecret(algorithm) : makeKeyPair(algorithm);

/** A mistake in a test: what it asks for exists only with a key set. */
function noKeySet(member: string, algorithm: SharedSecretAlgorithm): TypeError {
  return new TypeError(
    `createTestIssuer: ${member} needs a key set, and ${algorithm} has a shared secret; choose another algorithm`,
  );
}

/**
 * Makes an identity provider for tests, with keys of its own that live as long as this process. Nothing leaves the
 * process unless `listen` is set.
 *
 * @example
 * ```ts
 * const issuer = await createTestIssuer();
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret: issuer.jwtSecret, fetch: issuer.fetch }));
 * const response = await issuer.asUser(request(app).get('/me'), 'user', { 'x-hasura-user-id': '7' });
 * ```
 */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  recordOf(options, ['algorithm', 'audience', 'cacheControl', 'listen', 'now'], 'options');
  const {
    algorithm = 'ES256',
    audience = 'test-api',
    cacheControl = 'max-age=600',
    listen = false,
    now = () => Date.now(),
  } = options;
  if (listen && isShared(algorithm)) throw noKeySet('listen', algorithm);
  let otherKey: Promise<SigningKey> | undefined;
  let current = await makeKey(algorithm);

  const endpoint: KeySetEndpoint = new KeySetEndpoint((path) => {
    if (path === keySetPath) return { keys: current.kind === 'pair' ? [current.published] : [] };
    return path === discoveryPath ? { issuer: origin, jwks_uri: origin + keySetPath } : undefined;
  }, cacheControl);
  // A name that never resolves (RFC 6761, section 6.4): without `listen` only the in-process fetch answers for it.
  const origin: string = listen ? await endpoint.listen() : 'https://issuer.invalid';
  const keySetOnly = (member: string): void => {
    if (isShared(algorithm)) throw noKeySet(member, algorithm);
  };

  const sign = async (contents: TestToken, key: SigningKey): Promise<string> => {
    recordOf(contents, ['role', 'roles', 'variables', 'expiresIn', 'claims'], 'token');
    const { role = 'user', roles = [], variables = {}, expiresIn = 300, claims = {} } = contents;
    const unknown = Object.keys(variables).find((name) => !/^x-hasura-/i.test(name));
    if (unknown !== undefined)
      throw new Error(
        `variables: ${JSON.stringify(unknown)} is no session variable, whose names begin with x-hasura-; other claims belong in claims`,
      );
    const seconds = Math.floor(now() / 1000);
    const payload = {
      iss: origin,
      aud: audience,
      sub: variables['x-hasura-user-id'] ?? 'test-user',
      iat: Math.min(seconds, seconds + expiresIn),
      exp: seconds + expiresIn,
      jti: randomUUID(),
      [claimsNamespace]: hasuraClaims([role, ...roles], variables),
      ...claims,
    };
    const kid = current.kind === 'pair' ? current.published.kid : undefined;
    return signToken(key, payload, { kid });
  };
  const token = (contents: TestToken = {}): Promise<string> => sign(contents, current);
  const signAs: TestIssuer['signAs'] = (role, variables) => token({ role, variables });

  return {
    issuer: origin,
    jwtSecret:
      current.kind === 'pair'
        ? { jwk_url: origin + keySetPath, issuer: origin, audience }
        : { type: current.alg, key: current.text, issuer: origin, audience },
    fetch: endpoint.fetchFor(origin),
    get fetches() {
      return endpoint.requests;
    },
    token,
    signAs,
    expiredToken: (contents = {}) => token({ ...contents, expiresIn: -60 }),
    wrongAudienceToken: (contents = {}) =>
      token({ ...contents, claims: { ...contents.claims, aud: `not-${audience}` } }),
    async wrongKeyToken(contents = {}) {
      otherKey ??= makeKey(algorithm);
      return sign(contents, await otherKey);
    },
    async asUser(request, role, variables) {
      return asBearer(request, await signAs(role, variables));
    },
    async rotate() {
      keySetOnly('rotate()');
      current = await makeKey(algorithm);
    },
    outage() {
      keySetOnly('outage()');
      endpoint.behaviour = { kind: 'outage' };
    },
    slow(ms) {
      keySetOnly('slow()');
      endpoint.behaviour = { kind: 'slow', ms };
    },
    recover() {
      endpoint.behaviour = { kind: 'normal' };
    },
    close: () => endpoint.close(),
  };
}
