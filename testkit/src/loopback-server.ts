import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** How an answer's bytes reach the client. */
export type Delivery =
  | { readonly kind: 'whole' }
  /** Nothing is sent until `release()` is called. */
  | { readonly kind: 'held' }
  /** Nothing is ever sent; the connection stays open until `close()`. */
  | { readonly kind: 'hang' }
  /** The head, then one byte of the body every so many milliseconds. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** The head and so many bytes of the body, then the connection is cut. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The connection is cut without a word. */
  | { readonly kind: 'reset' };

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  readonly delivery?: Delivery;
}

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, spelt and ordered as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface LoopbackServer {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** How many connections were opened in all. */
  connections(): number;
  /** Resolves when this many requests have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Sends every answer that is held. */
  release(): void;
  close(): Promise<void>;
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers, rawHeaders } = request;
  return { method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString() };
}

function head(response: ServerResponse, { status = 200, headers = {} }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
}

function drip(response: ServerResponse, body: Buffer, everyMs: number): void {
  let sent = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    if (sent < body.length) response.write(body.subarray(sent, ++sent));
    else response.end();
  }, everyMs);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}

function deliver(response: ServerResponse, answer: Answer, hold: (send: () => void) => void): void {
  const body = Buffer.from(answer.body ?? '');
  const delivery = answer.delivery ?? { kind: 'whole' };
  head(response, answer);
  switch (delivery.kind) {
    case 'whole':
      response.end(body);
      break;
    case 'held':
      hold(() => response.end(body));
      break;
    case 'hang':
      break;
    case 'drip':
      drip(response, body, delivery.everyMs);
      break;
    case 'cut':
      response.setHeader('content-length', body.length + 1);
      response.write(body.subarray(0, delivery.afterBytes), () => response.destroy());
      break;
    case 'reset':
      response.destroy();
  }
}

/** A real HTTP server on loopback that sends the responses that a test sets, and keeps the requests. */
export async function startLoopbackServer(
  answer: (request: RecordedRequest) => Answer,
): Promise<LoopbackServer> {
  const requests: RecordedRequest[] = [];
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  let held: (() => void)[] = [];
  const server = createServer((request, response) => {
    void record(request).then(
      (recorded) => {
        requests.push(recorded);
        deliver(response, answer(recorded), (send) => held.push(send));
        for (const one of waiting)
          if (requests.length >= one.count) {
            waiting.delete(one);
            one.resolve();
          }
      },
      () => response.destroy(),
    ); // the client went away while it was sending
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let connections = 0;
  server.on('connection', () => connections++);
  server.unref();
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    connections: () => connections,
    arrived: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.add({ count, resolve })),
    release() {
      const sends = held;
      held = [];
      for (const send of sends) send();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
