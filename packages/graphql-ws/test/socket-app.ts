import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Session } from '@hasura-auth/core';
import {
  hasuraAuth,
  isLegacy,
  legacyHandler,
  legacyProtocol,
  type HasuraAuth,
  type HasuraAuthWebSocketOptions,
  type LegacyOptions,
} from '@hasura-auth/graphql-ws';
import { buildSchema } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { jwtSecret } from './tokens.js';

export const schema = buildSchema(`
  type Query { role: String! userId: String variables: [String!]! fails: Int }
  type Mutation { note(text: String!): String! }
  type Subscription {
    tick: String!
    endless: Int!
    breaks: Int!
    failsAtReturn: Int!
    failsInFinally: Int!
    throwsAtReturn: Int!
  }
`);

interface GraphqlContext {
  readonly session: Session;
}

/** What has happened in a running app. */
export interface Seen {
  readonly notes: string[];
  attempts: number;
}

/** A generator that yields one value, waits for ever, and ends in a way of its own. */
function ending(field: string, end: () => Promise<never>): AsyncIterable<object> {
  const once = (async function* () {
    yield { [field]: 1 };
    await new Promise(() => undefined);
  })();
  return Object.assign(once, { return: end });
}

function rootsOf(seen: Seen): NonNullable<ServerOptions['roots']> {
  const session = (_args: unknown, context: unknown): Session =>
    (context as GraphqlContext).session;
  return {
    query: {
      role: (args: unknown, context: unknown) => session(args, context).role,
      userId: (args: unknown, context: unknown) =>
        session(args, context).sessionVariables['x-hasura-user-id'],
      variables: (args: unknown, context: unknown) =>
        Object.keys(session(args, context).sessionVariables).sort(),
      fails: () => {
        throw new Error('as it should');
      },
    },
    mutation: {
      note: ({ text }: { text: string }) => {
        seen.notes.push(text);
        return text;
      },
    },
    subscription: {
      async *tick(args: unknown, context: unknown) {
        for (;;) {
          yield { tick: session(args, context).role };
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
      },
      async *endless() {
        yield { endless: 1 };
        await new Promise(() => undefined);
      },
      async *breaks() {
        yield { breaks: 1 };
        throw new Error('broken');
      },
      failsAtReturn: () =>
        ending('failsAtReturn', () => Promise.reject(new Error('return() rejects'))),
      throwsAtReturn: () =>
        ending('throwsAtReturn', () => {
          throw new Error('return() throws');
        }),
      async *failsInFinally() {
        try {
          for (;;) {
            yield { failsInFinally: 1 };
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        } finally {
          await Promise.reject(new Error('the end fails'));
        }
      },
    },
  };
}

export interface SocketApp {
  readonly url: string;
  readonly auth: HasuraAuth;
  readonly seen: Seen;
  /** How many sockets the server has open. */
  openSockets(): number;
  close(): Promise<void>;
}

export interface SocketAppOptions {
  readonly auth?: Partial<HasuraAuthWebSocketOptions>;
  readonly server?: Partial<ServerOptions<Record<string, unknown>, Extra>>;
  readonly legacy?: LegacyOptions;
}

/** An app on loopback that takes both subprotocols at one address. */
export async function startSocketApp(options: SocketAppOptions = {}): Promise<SocketApp> {
  const seen: Seen = { notes: [], attempts: 0 };
  const auth = hasuraAuth({
    adminSecret: 'the admin secret of the tests',
    jwtSecret,
    ...options.auth,
  });
  const server = auth.server<Record<string, unknown>, Extra>({
    schema,
    roots: rootsOf(seen),
    ...options.server,
  });
  const modern = new WebSocketServer({ noServer: true });
  const legacy = new WebSocketServer({ noServer: true, handleProtocols: () => legacyProtocol });
  useServer(server, modern);
  legacy.on('connection', legacyHandler(server, options.legacy));
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    seen.attempts++;
    const sockets = isLegacy(request) ? legacy : modern;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `ws://127.0.0.1:${String(port)}/graphql`,
    auth,
    seen,
    openSockets: () => modern.clients.size + legacy.clients.size,
    async close() {
      for (const sockets of [modern, legacy]) for (const one of sockets.clients) one.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
