import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

const servers = new Set<Server>();

/** The address of a server on loopback, until `closeServers`. */
export async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.add(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Ends the servers of a test. */
export function closeServers(): void {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
}

/** Serves a registry as an app does. */
export function metricsListener(register: Registry): RequestListener {
  return (_request, response) => {
    void register.metrics().then((text) => {
      response.setHeader('content-type', register.contentType).end(text);
    });
  };
}

/** What a scrape has: the text, and the value of each series by name and labels as they are written. */
export interface Scrape {
  readonly text: string;
  readonly series: ReadonlyMap<string, number>;
}

/** Scrapes over HTTP, as Prometheus does. */
export async function scrape(url: string): Promise<Scrape> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    text,
    series: new Map(
      lines.map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))] as const;
      }),
    ),
  };
}

/** The series of a scrape that are not 0, without buckets and sums. */
export function counted({ series }: Scrape): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...series].filter(([name, value]) => value !== 0 && !/_(?:bucket|sum)(?:\{|$)/.test(name)),
  );
}
