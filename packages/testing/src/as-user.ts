type Method = 'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT';

/** The options of Fastify's `inject`, by the members that are looked at or that say that they are such options. */
interface InjectOptions {
  readonly headers?: object | undefined;
  readonly url?: unknown;
  readonly path?: unknown;
  /** The methods are listed so that `method: 'GET'` keeps its literal type, which `inject` demands. */
  readonly method?: Method | Lowercase<Method> | (string & {}) | undefined;
}

/** A request that headers can be added to: supertest's, which has `set`, or the options of Fastify's `inject`. */
export type Authorized = { set(name: string, value: string): unknown } | InjectOptions;

function canSet(request: Authorized): request is { set(name: string, value: string): unknown } {
  return 'set' in request && typeof request.set === 'function';
}

/**
 * Adds a token to a request. A supertest request gets the header and is returned; for `inject` the options are returned
 * with the header added, and what was given stays as it is.
 */
export function asBearer<R extends Authorized>(request: R, token: string): R {
  const authorization = `Bearer ${token}`;
  if (canSet(request)) {
    request.set('authorization', authorization);
    return request;
  }
  return { ...request, headers: { ...request.headers, authorization } };
}
