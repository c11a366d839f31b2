import { startLoopbackServer, type Answer, type LoopbackServer } from './loopback-server.js';

export interface JwksServer extends LoopbackServer {
  /** How many times the set was fetched, or tried to be. */
  readonly fetches: number;
  /** Publishes other keys from the next request on. */
  rotate(...keys: readonly unknown[]): void;
  /** Answers differently from the next request on; what is absent stays a plain answer of the set. */
  misbehave(answer: Answer): void;
  /** Answers the set again. */
  recover(): void;
}

export interface JwksServerOptions {
  /** The public keys; what is no key is published all the same. */
  readonly keys?: readonly unknown[];
  /** Response headers, as `{'cache-control': 'max-age=60'}`. */
  readonly headers?: Answer['headers'];
}

/** An identity provider's key set endpoint, good days and bad. */
export async function startJwksServer({
  keys = [],
  headers = {},
}: JwksServerOptions = {}): Promise<JwksServer> {
  let published = keys;
  let fault: Answer = {};
  const server = await startLoopbackServer(() => ({
    body: JSON.stringify({ keys: published }),
    ...fault,
    headers: { 'content-type': 'application/json', ...headers, ...fault.headers },
  }));
  return {
    ...server,
    get fetches() {
      return server.requests.length;
    },
    rotate(...others) {
      published = others;
    },
    misbehave(answer) {
      fault = answer;
    },
    recover() {
      fault = {};
    },
  };
}
