import { legacyProtocol } from '@hasura-auth/graphql-ws';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startChild, type Child } from './child.js';
import type { SocketServerFigures } from './hostile-socket-server.js';

export type Protocol = 'modern' | 'legacy';

const subprotocols: Readonly<Record<Protocol, string>> = {
  modern: GRAPHQL_TRANSPORT_WS_PROTOCOL,
  legacy: legacyProtocol,
};

/** The attacked server, which runs in its own process, and its clients in this one. */
export class AttackedServer {
  readonly #child: Child;
  readonly #port: unknown;

  private constructor(child: Child, port: unknown) {
    this.#child = child;
    this.#port = port;
  }

  static async start(): Promise<AttackedServer> {
    const { child, ready } = await startChild('./hostile-socket-server.ts');
    return new AttackedServer(child, ready);
  }

  async figures(question: 'cpu' | 'memory'): Promise<SocketServerFigures> {
    return (await this.#child.ask(question)) as SocketServerFigures; // hostile-socket-server.ts sends this
  }

  async connect(protocol: Protocol, authentication: 'token' | 'hook'): Promise<WebSocket> {
    const url = `ws://127.0.0.1:${String(this.#port)}/${protocol}/${authentication}`;
    const client = new WebSocket(url, subprotocols[protocol]);
    client.on('error', () => undefined); // the server may close while the client sends
    await once(client, 'open');
    return client;
  }

  /** Waits until the server has nothing to do. */
  async idle(): Promise<void> {
    let last = await this.figures('cpu');
    for (let quiet = 0; quiet < 3;) {
      await delay(30);
      const now = await this.figures('cpu');
      quiet = now.messages === last.messages && now.cpuMs - last.cpuMs < 5 ? quiet + 1 : 0;
      last = now;
    }
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  /** Ends the connections of some clients, and waits until the server knows. */
  async end(clients: readonly WebSocket[]): Promise<void> {
    for (const client of clients) client.terminate();
    while ((await this.figures('cpu')).open > 0) await delay(10);
  }
}

/** Sends messages; resolves when they are written, or the socket is closed. */
export async function send(client: WebSocket, messages: readonly string[]): Promise<void> {
  for (const message of messages)
    await new Promise<void>((resolve) => {
      client.send(message, () => {
        resolve();
      });
    });
}

/** An authorization that is refused; each is different. */
export const badToken = (): string => `Bearer ${randomBytes(24).toString('base64url')}`;

/** As many members with one value as a message has room for. */
export function members(length: number, value: unknown): Record<string, unknown> {
  const each = JSON.stringify({ m00000: value }).length - 1;
  const count = Math.floor((length - 500) / each);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`m${String(index).padStart(5, '0')}`, value]),
  );
}

export const initMessage = (payload: object): string =>
  JSON.stringify({ type: 'connection_init', payload });
