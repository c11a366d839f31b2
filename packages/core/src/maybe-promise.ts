/** A value that is there already, or will be. The warm path never makes a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether a step has to be waited for. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Goes on with a value: at once where it is there, later where it is not. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}
