/** A value that is there already, or will be. The warm path never makes a promise. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Whether a value has to be waited for: it has a callable `then` (ECMA-262, 27.2.1.3.2). `instanceof` would miss the
 * promises of another realm, and every promise once an app has replaced the global `Promise`.
 *
 * @example
 * const session = authenticator.decide(request);
 * if (isPromise(session)) await session;
 */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  // Any value may be asked for a member, other than these two.
  const then: unknown = (value as { readonly then?: unknown } | null | undefined)?.then;
  return typeof then === 'function';
}

/** The class of the promises of this realm: an app may replace the global one later. */
const OwnPromise = Promise;

/**
 * What has a `then`, as a promise that keeps the rules of promises: one of our own is returned as it is. The `then` of any
 * other object may return nothing, call both of its functions, or call one of them twice.
 */
export function adopted<T>(value: PromiseLike<T>): Promise<T> {
  return OwnPromise.resolve(value);
}

/** Continues with a value: at once if it is there, later if it is not. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPromise(value) ? adopted(value).then(next) : next(value);
}
