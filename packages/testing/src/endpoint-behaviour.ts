/** How the endpoints of an issuer behave at the moment. */
export type EndpointBehaviour =
  | { readonly kind: 'normal' }
  /** Every request is answered with 503. */
  | { readonly kind: 'outage' }
  /** Every answer comes so many milliseconds late. */
  | { readonly kind: 'slow'; readonly ms: number };

/** Resolves after so many milliseconds; rejects if the client gives up before. Its timer keeps no process alive. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error); // an AbortSignal's reason is a DOMException
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    timer.unref();
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}
