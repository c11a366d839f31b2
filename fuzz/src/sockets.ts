import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  hasuraAuth,
  isLegacy,
  legacyHandler,
  legacyProtocol,
  sessionOf,
} from '@hasura-auth/graphql-ws';
import { hmacKey, hmacToken } from '@hasura-auth/testkit';
import fc, { type Arbitrary } from 'fast-check';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { adminSecret, anyJson, deepJson } from './hostile-values.js';
import type { Part } from './part.js';

const protocols = ['graphql-transport-ws', legacyProtocol] as const;
const silent = { warn: (): undefined => undefined, error: (): undefined => undefined };

/** How long the registry may take to forget what is gone, in milliseconds. */
const forgetMs = 10_000;

/** graphql-ws prints each message that it does not expect; a fuzzer sends thousands. */
function muteConsole(): () => void {
  const { error } = console;
  console.error = () => undefined;
  return () => {
    console.error = error;
  };
}

const endless = new Promise<never>(() => undefined);

/** A generator whose end fails. */
function failing(): AsyncGenerator<object> {
  async function* once(): AsyncGenerator<object> {
    yield { fails: 1 };
    await endless;
  }
  return Object.assign(once(), {
    return: () => Promise.reject(new Error('a generator that fails at its end')),
  });
}

async function startServer() {
  const bare: string[] = [];
  const auth = hasuraAuth({
    adminSecret,
    jwtSecret: { type: 'HS256', key: hmacKey },
    logger: silent,
    paramsOfPing: (payload) => payload?.['params'],
  });
  const server = auth.server({
    schema: buildSchema(
      'type Query { role: String } type Subscription { endless: Int fails: Int }',
    ),
    roots: {
      query: {
        role: (_args: unknown, context: unknown) => {
          const { session } = context as { readonly session?: { readonly role: string } };
          if (session === undefined) bare.push('a resolver ran without a session');
          return session?.role;
        },
      },
      subscription: {
        async *endless() {
          yield { endless: 1 };
          await endless;
        },
        fails: failing,
      },
    },
    onSubscribe: (ctx) => {
      if (sessionOf(ctx).role === '') bare.push('an operation without a role');
      return undefined;
    },
  });
  const modern = new WebSocketServer({ noServer: true });
  const legacy = new WebSocketServer({ noServer: true, handleProtocols: () => legacyProtocol });
  useServer(server, modern);
  legacy.on('connection', legacyHandler(server));
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    const sockets = isLegacy(request) ? legacy : modern;
    sockets.handleUpgrade(request, socket, head, (opened) =>
      sockets.emit('connection', opened, request),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `ws://127.0.0.1:${String(port)}/`,
    bare,
    connections: auth.connections,
    async close() {
      for (const sockets of [modern, legacy]) for (const one of sockets.clients) one.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

type Action =
  | { readonly kind: 'send'; readonly data: string | Uint8Array }
  | { readonly kind: 'pause' | 'ping' | 'wait' };

function actions(token: string): Arbitrary<readonly Action[]> {
  const send = (data: string | Uint8Array): Action => ({ kind: 'send', data });
  const type = fc.constantFrom(
    ...[
      'connection_init',
      'subscribe',
      'start',
      'stop',
      'complete',
      'ping',
      'pong',
      'connection_terminate',
      'connection_ack',
    ],
  );
  const id = fc.oneof(fc.constantFrom('1', '', '2', 'x'.repeat(3000)), anyJson);
  const headers = fc.dictionary(
    fc.constantFrom(
      'Authorization',
      'authorization',
      'x-hasura-admin-secret',
      'x-hasura-role',
      '__proto__',
    ),
    fc.oneof(fc.constantFrom(`Bearer ${token}`, adminSecret, 'user', 'wrong'), anyJson),
  );
  const operation = fc.constantFrom(
    { query: '{ role }' },
    { query: 'subscription { endless }' },
    { query: 'subscription { fails }' },
    { query: '{' },
  );
  const payload = fc.oneof(
    operation,
    headers,
    headers.map((given) => ({ headers: given })),
    headers.map((given) => ({ params: { headers: given } })),
    anyJson,
  );
  const message = fc.record(
    {
      type: fc.oneof({ weight: 9, arbitrary: type }, { weight: 1, arbitrary: anyJson }),
      id,
      payload,
    },
    { requiredKeys: [] },
  );
  const good = fc.constant(
    JSON.stringify({
      type: 'connection_init',
      payload: { headers: { Authorization: `Bearer ${token}` } },
    }),
  );
  const action: Arbitrary<Action> = fc.oneof(
    { weight: 6, arbitrary: message.map((one) => send(JSON.stringify(one))) },
    { weight: 3, arbitrary: good.map(send) },
    {
      weight: 1,
      arbitrary: fc
        .oneof(
          anyJson.map((json) => JSON.stringify(json) ?? ''),
          deepJson,
          fc.string(),
        )
        .map(send),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }).map(send) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Action>({ kind: 'ping' }, { kind: 'pause' }, { kind: 'wait' }),
    },
  );
  return fc.array(action, { maxLength: 14 });
}

/** A client that does what it is given and goes away, politely or not. */
async function play(
  url: string,
  protocol: string,
  steps: readonly Action[],
  isPolite: boolean,
): Promise<void> {
  const socket = new WebSocket(url, protocol);
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await Promise.race([once(socket, 'open'), closed]);
  for (const step of steps) {
    if (socket.readyState !== WebSocket.OPEN) break;
    if (step.kind === 'send') socket.send(step.data);
    else if (step.kind === 'ping') socket.ping();
    else if (step.kind === 'pause') socket.pause();
    else await new Promise((resolve) => setImmediate(resolve));
  }
  if (isPolite && !socket.isPaused) socket.close(1000);
  else socket.terminate();
  await closed;
}

/** Messages of any form at both WebSocket protocols. */
export const socketsPart: Part = {
  name: 'sockets',
  async start() {
    const server = await startServer();
    const unmute = muteConsole();
    const steps = actions(await hmacToken(['user', 'editor']));
    return {
      property: fc.asyncProperty(
        fc.constantFrom(...protocols),
        steps,
        fc.boolean(),
        async (protocol, list, isPolite) => {
          await play(server.url, protocol, list, isPolite);
          const [wrong] = server.bare;
          if (wrong !== undefined) throw new Error(wrong);
        },
      ),
      async finish() {
        const until = Date.now() + forgetMs;
        while (server.connections.size > 0 && Date.now() < until)
          await new Promise((resolve) => setImmediate(resolve));
        const { size } = server.connections;
        await server.close();
        unmute();
        if (size > 0)
          throw new Error(`${String(size)} connections that are gone are still registered`);
      },
    };
  },
};
