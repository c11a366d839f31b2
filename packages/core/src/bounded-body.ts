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
