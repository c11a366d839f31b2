import type { SetTimeout } from './runtime.js';

/** An answer that is larger than it may be. */
export class OversizedError extends Error {
  override readonly name = 'OversizedError';

  constructor(maxBytes: number) {
    super(`the answer has more than ${String(maxBytes)} bytes`);
  }
}

/**
 * Reads the body of an answer as UTF-8 text: at most `maxBytes` of it, counted after any compression, and gives up the
 * connection where there is more. What `content-length` announces is believed only where it is too much. Time is the
 * caller's: the signal that was given to `fetch` ends the reading too. Throws an Error whose message is safe to log.
 */
export async function readBounded(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await discardBody(response);
    throw new OversizedError(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // Leaving the loop early cancels the body, which closes the connection.
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Error('the answer broke off', { cause });
  }
  if (bytes > maxBytes) throw new OversizedError(maxBytes);
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends an answer that nobody is going to read, so that its connection is not held open. Never rejects. */
export async function discardBody(response: Response): Promise<void> {
  // A body that failed already has nothing left to cancel.
  await response.body?.cancel().catch(() => undefined);
}

/** Something was not done in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`not done within ${String(ms)} ms`);
  }
}

/** The longest that Node's timers wait, in milliseconds; beyond it they would fire at once. */
const longestMs = 2_147_483_647;

/**
 * Runs something that must be done within `ms` milliseconds: rejects with a DeadlineError and aborts the signal when the
 * time is up, whether or not what runs listens to it.
 */
export function withDeadline<T>(
  ms: number,
  setTimeout: SetTimeout,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        const late = new DeadlineError(ms);
        reject(late);
        controller.abort(late);
      },
      Math.min(ms, longestMs),
    );
    const stop = (): void => {
      clearTimeout(timer as NodeJS.Timeout); // clears Node's own timers, and leaves those of others alone
    };
    // Without `finally`, which takes three promises more: webhook mode comes by here on each request.
    run(controller.signal).then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: Error) => {
        stop();
        reject(error);
      },
    );
  });
}
