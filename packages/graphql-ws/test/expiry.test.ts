import { once } from 'node:events';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client as UrqlClient, subscriptionExchange } from '@urql/core';
import { WebSocket } from 'ws';
import { legacyClient, modernClient } from './clients.js';
import { RawSocket } from './raw-socket.js';
import { startSocketApp, type SocketApp } from './socket-app.js';
import { userToken } from './tokens.js';

let app: SocketApp;
beforeAll(async () => {
  app = await startSocketApp();
});
afterAll(() => app.close());

const params = async (endsAfterMs: number): Promise<{ headers: { authorization: string } }> => ({
  headers: { authorization: `Bearer ${await userToken('7', endsAfterMs)}` },
});

/** What happens to a client from its first connection on. */
interface Story {
  readonly closes: { readonly code: number; readonly reason: string; readonly at: number }[];
  /** When the first token expires. */
  endsAt: number;
  connections: number;
}

/** The first token lives for two seconds, every later one for a minute. */
function freshTokens(story: Story): () => Promise<Record<string, unknown>> {
  return async () => {
    story.connections++;
    if (story.connections > 1) return params(60_000);
    story.endsAt = Date.now() + 2000;
    return params(2000);
  };
}

function watched(story: Story): ReturnType<typeof modernClient> {
  return modernClient(
    app.url,
    {},
    {
      connectionParams: freshTokens(story),
      retryAttempts: 5, // as the client has it by default
      on: {
        closed: (event) => {
          const { code, reason } = event as { code: number; reason: string };
          story.closes.push({ code, reason, at: Date.now() });
        },
      },
    },
  );
}

type Follow = (story: Story, tick: () => void, failed: (error: unknown) => void) => () => unknown;
const subscription = 'subscription { tick }';

const followers: Readonly<Record<string, Follow>> = {
  'graphql-ws': (story, tick, failed) => {
    const client = watched(story);
    client.subscribe(
      { query: subscription },
      { next: tick, error: failed, complete: () => undefined },
    );
    return () => client.dispose();
  },
  'Apollo Client': (story, tick, failed) => {
    const client = watched(story);
    const apollo = new ApolloClient({
      link: new GraphQLWsLink(client),
      cache: new InMemoryCache(),
    });
    const following = apollo
      .subscribe({ query: gql(subscription) })
      .subscribe({ next: tick, error: failed });
    return () => {
      following.unsubscribe();
      return client.dispose();
    };
  },
  urql: (story, tick, failed) => {
    const client = watched(story);
    const urql = new UrqlClient({
      url: 'http://unused.invalid',
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: (request) => ({
            subscribe: (sink) => ({
              unsubscribe: client.subscribe(
                { ...request, query: request.query ?? '' },
                sink as never, // urql's sink is graphql-ws's with looser types
              ),
            }),
          }),
        }),
      ],
    });
    const { unsubscribe } = urql.subscription(subscription, {}).subscribe(({ error }) => {
      if (error) failed(error);
      else tick();
    });
    return () => {
      unsubscribe();
      return client.dispose();
    };
  },
  'subscriptions-transport-ws': (story, tick, failed) => {
    class Watched extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        this.on('close', (code, reason) => {
          story.closes.push({ code, reason: reason.toString(), at: Date.now() });
        });
      }
    }
    const client = legacyClient(
      app.url,
      {},
      { reconnect: true, connectionParams: freshTokens(story) },
      Watched,
    );
    client.request({ query: subscription }).subscribe({ next: tick, error: failed });
    return () => {
      client.close();
    };
  },
};

/** Follows the subscription until it has gone on after the close. */
async function followed(follow: Follow): Promise<Story> {
  const story: Story = { closes: [], endsAt: 0, connections: 0 };
  let stop: () => unknown = () => undefined;
  await new Promise<void>((resolve, reject) => {
    const tick = (): void => {
      if (story.closes.length > 0) resolve();
    };
    stop = follow(story, tick, reject);
  });
  await stop();
  return story;
}

describe('a socket is closed when its token expires, and the subscription continues with a fresh one', () => {
  const stories = new Map<string, Story>();
  beforeAll(async () => {
    // All at once: the stock clients wait for seconds before they come back.
    const each = Object.entries(followers);
    const all = await Promise.all(each.map(([, follow]) => followed(follow)));
    for (const [index, [name]] of each.entries()) stories.set(name, all[index] as Story);
  }, 20_000);

  test.each(Object.keys(followers))('%s', (name) => {
    const { closes, endsAt, connections } = stories.get(name) as Story;
    expect(closes[0]).toMatchObject({ code: 4403, reason: 'Could not verify JWT: JWTExpired' });
    const late = (closes[0]?.at ?? 0) - endsAt;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(250);
    expect(connections).toBe(2);
  });
});

test('a client that reconnects with the expired token is answered later each time', async () => {
  const connectionParams = await params(-1);
  const before = app.seen.attempts;
  const closes: number[] = [];
  const start = Date.now();
  await new Promise<void>((resolve) => {
    const client = modernClient(
      app.url,
      { connectionParams },
      {
        retryAttempts: Infinity,
        retryWait: () => Promise.resolve(), // as eager as a client can be
        on: {
          closed: () => {
            closes.push(Date.now() - start);
            if (closes.length === 3) {
              // It is about to come back, and rejects because of it.
              Promise.resolve(client.dispose()).catch(() => undefined);
              resolve();
            }
          },
        },
      },
    );
    client.subscribe(
      { query: subscription },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
  });
  const [first = NaN, second = NaN, third = NaN] = closes;
  expect(first).toBeLessThan(500);
  expect(second - first).toBeGreaterThan(950);
  expect(third - second).toBeGreaterThan(1950);
  expect(app.seen.attempts - before).toBeLessThanOrEqual(4);
}, 20_000);

test.each(['graphql-transport-ws', 'graphql-ws'])(
  'an operation that arrives on a closing socket is not run, over %s',
  async (protocol) => {
    const socket = await RawSocket.open(app.url, protocol);
    const init = { type: 'connection_init', payload: await params(60_000) };
    expect(await socket.ask(init)).toEqual({ type: 'connection_ack' });
    socket.pause(); // the close frame is not read, so it is not answered
    expect(app.auth.connections.disconnect({ role: 'user' })).toBe(1);
    const payload = { query: 'mutation { note(text: "too late") }' };
    socket.say({ id: '1', type: protocol === 'graphql-ws' ? 'start' : 'subscribe', payload });
    socket.resume();
    expect(await socket.closed).toEqual([4403, 'The session has ended']);
    expect(app.seen.notes).toEqual([]);
    expect(app.auth.connections.size).toBe(0);
  },
);

test('a connection is forgotten if its client goes away while it is authenticated', async () => {
  const slow = await startSocketApp({
    server: { onConnect: () => new Promise<void>((resolve) => setImmediate(resolve)) },
  });
  const socket = new WebSocket(slow.url, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: await params(60_000) }));
  socket.terminate();
  await slow.close();
  expect(slow.auth.connections.size).toBe(0);
});

describe.each(['graphql-transport-ws', 'graphql-ws'])('over %s', (protocol) => {
  const subscribe = protocol === 'graphql-ws' ? 'start' : 'subscribe';

  test.each(['endless', 'failsAtReturn', 'failsInFinally', 'throwsAtReturn'])(
    '50 of 50 connections are forgotten when their sockets close, while the generator of %s runs',
    async (field) => {
      const failing = await startSocketApp({
        auth: { logger: { warn: () => undefined, error: () => undefined } },
        server: { onDisconnect: () => new Promise(() => undefined) },
      });
      const payload = await params(60_000);
      const open = async (): Promise<RawSocket> => {
        const socket = await RawSocket.open(failing.url, protocol);
        expect(await socket.ask({ type: 'connection_init', payload })).toEqual({
          type: 'connection_ack',
        });
        socket.say({ id: '1', type: subscribe, payload: { query: `subscription { ${field} }` } });
        while ((await socket.next()).id !== '1') continue;
        return socket;
      };
      const sockets = await Promise.all(Array.from({ length: 50 }, open));
      expect(failing.auth.connections.size).toBe(50);
      for (const socket of sockets) socket.terminate();
      while (failing.openSockets() > 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      expect(failing.auth.connections.size).toBe(0);
      await failing.close();
    },
  );
});

test('what the app’s own functions do when a socket has closed is logged, and harms nothing', async () => {
  const log: string[] = [];
  const write = (message: string): void => {
    if (message.includes('failed')) log.push(message); // the options of this app are warned of, too
  };
  const fails = (name: string) => () => Promise.reject(new Error(`${name} of the app`));
  const failing = await startSocketApp({
    auth: { logger: { warn: write, error: write } },
    server: { onDisconnect: fails('onDisconnect'), onClose: fails('onClose') },
  });
  const socket = await RawSocket.open(failing.url, 'graphql-transport-ws');
  await socket.ask({ type: 'connection_init', payload: await params(60_000) });
  const query = 'subscription { failsAtReturn }';
  await socket.ask({ id: '1', type: 'subscribe', payload: { query } });
  socket.terminate();
  while (log.length < 3) await new Promise((resolve) => setImmediate(resolve));
  expect(log.sort()).toEqual([
    'ending an operation failed: Error: return() rejects',
    'onClose failed: Error: onClose of the app',
    'onDisconnect failed: Error: onDisconnect of the app',
  ]);
  await failing.close();
});
