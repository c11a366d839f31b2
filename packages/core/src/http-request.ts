import { isRecord } from './json.js';
import { longestTimerMs, stopTimer, type Fetch, type SetTimeout } from './runtime.js';

/** A request for a key set, or the call of a webhook. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Why a request got no usable response. The message is safe to log: it quotes neither the address, nor what was sent, nor
 * what came back.
 */
export class RequestError extends Error {
  override readonly name: string = 'RequestError';
}

/** A response that is larger than allowed. */
export class OversizedError extends RequestError {
  override readonly name = 'OversizedError';

  constructor(maxBytes: number) {
    super(`the response has more than ${String(maxBytes)} bytes`);
  }
}

/** A response whose status is not 2xx. */
export class StatusError extends RequestError {
  override readonly name = 'StatusError';
  readonly status: number;

  constructor(status: number, problem: string = `the response has the status ${String(status)}`) {
    super(problem);
    this.status = status;
  }
}

/** A request that was not done in time. */
export class DeadlineError extends RequestError {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`not done within ${String(ms)} ms`);
  }
}

/** How far the causes of an error are followed. */
const mostCauses = 4;

/**
 * The code of a network error, such as ECONNREFUSED or CERT_HAS_EXPIRED, or else that of its cause. Nothing else of the
 * error is used: its message may hold the address or a header.
 */
function networkErrorCode(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < mostCauses && isRecord(at); depth += 1) {
    const { code, cause } = at;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,59}$/.test(code)) return code;
    at = cause;
  }
  return undefined;
}

/** Sends a request by the injected `fetch`; redirects are not followed. Rejects with a RequestError, or with the signal's reason. */
export async function sendRequest(
  fetch: Fetch,
  { url, headers, ...init }: HttpRequest,
  signal: AbortSignal,
): Promise<Response> {
  signal.throwIfAborted();
  try {
    // A copy of the headers, since the injected function may add its own.
    return await fetch(url, { ...init, headers: { ...headers }, redirect: 'manual', signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new RequestError(networkErrorCode(error) ?? 'the connection failed');
  }
}

/**
 * Whether a response says that it is short. HTTP ends the body there (RFC 9112, section 6.3), so its bytes need no
 * counting; a compressed body is longer than it says.
 */
function isShort({ headers }: Response, maxBytes: number): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= maxBytes && headers.get('content-encoding') === null;
}

async function readChunks(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the body, which closes the connection.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new OversizedError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Leaves out a byte order mark, as `Response.text` does. */
const utf8 = new TextDecoder();

/**
 * Reads the body of a response as UTF-8 text: at most `maxBytes` of it, counted after any compression; if there is more,
 * the connection is closed. The signal that was passed to `sendRequest` ends the reading too. Rejects with a RequestError.
 */
export async function readBounded(response: Response, maxBytes: number): Promise<string> {
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await discardBody(response);
    throw new OversizedError(maxBytes);
  }
  try {
    return isShort(response, maxBytes)
      ? await response.text()
      : utf8.decode(await readChunks(response, maxBytes));
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const code = networkErrorCode(error);
    throw new RequestError(`the response broke off${code === undefined ? '' : `: ${code}`}`);
  }
}

/** Ends a response whose body is not read, so that its connection is not held open. Never rejects. */
export async function discardBody(response: Response): Promise<void> {
  // A body that failed already has nothing left to cancel.
  await response.body?.cancel().catch(() => undefined);
}

/**
 * Runs something that must be done within `ms` milliseconds: rejects with a DeadlineError and aborts the signal when the
 * time is up, whether or not `run` listens to the signal.
 *
 * @example
 * const response = await withDeadline(5000, setTimeout, (signal) => fetch(url, { signal }));
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
      Math.min(ms, longestTimerMs),
    );
    // Without `finally`, which takes three promises more: each request in webhook mode runs this.
    run(controller.signal).then(
      (value) => {
        stopTimer(timer);
        resolve(value);
      },
      (error: Error) => {
        stopTimer(timer);
        reject(error);
      },
    );
  });
}
