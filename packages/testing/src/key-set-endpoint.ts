import { createServer, type Server } from 'node:http';
import type { Fetch } from '@hasura-auth/core';
import { delay, type EndpointBehaviour } from './endpoint-behaviour.js';
import { closeServer, goneSignal, listenOnLoopback } from './loopback-server.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Publishes a key set: to an in-process `fetch`, and over HTTP on loopback once it listens. */
export class KeySetEndpoint {
  behaviour: EndpointBehaviour = { kind: 'normal' };
  /** How many times the key set was asked for. */
  requests = 0;
  readonly #document: (path: string) => object | undefined;
  readonly #cacheControl: string;
  #server: Server | undefined;

  constructor(document: (path: string) => object | undefined, cacheControl: string) {
    this.#document = document;
    this.#cacheControl = cacheControl;
  }

  /** A `fetch` for the option of that name: answers without a network, and only requests for this issuer. */
  fetchFor(origin: string): Fetch {
    return async (url, { signal }) => {
      const asked = new URL(url);
      if (asked.origin !== origin)
        throw new Error(
          `the test issuer answers for ${origin} only; give the app another fetch for ${asked.origin}`,
        );
      const { status, headers, body } = await this.#answer(asked.pathname, signal);
      return new Response(body, { status, headers });
    };
  }

  /** Listens on a free loopback port; resolves to the origin. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      this.#answer(request.url ?? '/', goneSignal(response)).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(), // the client went away while the answer was held back
      );
    });
    const origin = await listenOnLoopback(server);
    server.unref();
    this.#server = server;
    return origin;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await closeServer(server);
  }

  async #answer(path: string, signal: AbortSignal): Promise<Answer> {
    this.requests += 1;
    if (this.behaviour.kind === 'slow') await delay(this.behaviour.ms, signal);
    const document = this.#document(path);
    const headers = { 'content-type': 'application/json', 'cache-control': this.#cacheControl };
    if (this.behaviour.kind === 'outage')
      return { status: 503, headers: {}, body: 'The test issuer is down.' };
    if (document === undefined)
      return { status: 404, headers: {}, body: 'The test issuer has no such document.' };
    return { status: 200, headers, body: JSON.stringify(document) };
  }
}
