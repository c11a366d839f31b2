import type { OperationResult } from 'graphql-ws';

/** What an iterator gives once it has ended. */
const ended = { done: true, value: undefined } as const;

/**
 * The results of a running operation, such that ending it never waits and never fails. graphql-ws waits for `return()` of
 * each operation before it says that a socket has closed, and `return()` of an async generator waits until the generator
 * continues: one that waits for an event would keep its connection for as long. What fails in the app's generator at its end
 * would be a rejection that nothing handles; it goes to `failed`.
 */
class OperationResults<Result> implements AsyncIterableIterator<Result> {
  readonly #iterator: AsyncIterator<Result>;
  readonly #failed: (error: unknown) => void;
  #hasEnded = false;
  /** Ends the wait for the next result. */
  #release = (): void => undefined;

  constructor(iterator: AsyncIterator<Result>, failed: (error: unknown) => void) {
    this.#iterator = iterator;
    this.#failed = failed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Result>> {
    return new Promise((resolve, reject) => {
      this.#release = () => {
        resolve(ended);
      };
      // What throws here rejects the promise. What comes after the end changes nothing.
      if (this.#hasEnded) resolve(ended);
      else this.#iterator.next().then(resolve, reject);
    });
  }

  return(): Promise<IteratorResult<Result>> {
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#release();
      new Promise((resolve) => {
        resolve(this.#iterator.return?.());
      }).catch(this.#failed);
    }
    return Promise.resolve(ended);
  }
}

type Streamed = Extract<OperationResult, AsyncIterable<unknown>>;

function isStream(results: OperationResult): results is Streamed {
  return typeof results === 'object' && Symbol.asyncIterator in results;
}

/** The results of an operation: as they are, or if they are a stream, one that can be ended at any time. */
export function endable(
  results: OperationResult,
  failed: (error: unknown) => void,
): OperationResult {
  return isStream(results)
    ? new OperationResults(results[Symbol.asyncIterator](), failed)
    : results;
}
