import { createServer, request as send, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspector, type InspectorOptions } from '@hasura-auth/inspector';

/** A response as the client reads it. */
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A server on loopback and its client. */
export interface TestServer {
  readonly origin: string;
  /** Sends a request; the headers may be any, `Host` and `Origin` included. */
  request(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string | Buffer,
  ): Promise<Received>;
  /** Asks the API as the page does; resolves to the parsed body with its status. */
  ask<Body = Record<string, unknown>>(
    name: string,
    body?: unknown,
  ): Promise<{ status: number; body: Body }>;
  close(): Promise<void>;
}

/** Starts a server for a listener; `path` is where the inspector is. */
export async function serve(listener: RequestListener, path: string): Promise<TestServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const origin = `http://127.0.0.1:${String(port)}`;
  const request: TestServer['request'] = (method, target, headers = {}, body = undefined) =>
    new Promise((resolve, reject) => {
      const sent = send(
        { host: '127.0.0.1', port, method, path: target, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
            });
          });
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  return {
    origin,
    request,
    async ask(name, body = {}) {
      const { status, text } = await request(
        'POST',
        `${path}/api/${name}`,
        fromPage(origin),
        JSON.stringify(body),
      );
      return { status, body: JSON.parse(text) };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** The headers that a browser sends with the page's own requests. */
export function fromPage(origin: string): Record<string, string> {
  return { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
}

/** Starts an inspector at the root of a server. */
export function serveInspector(options: InspectorOptions = {}): Promise<TestServer> {
  const handler = inspector({ path: '/', ...options });
  return serve((req, res) => void handler(req, res), '');
}
