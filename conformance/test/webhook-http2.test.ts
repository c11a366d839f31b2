import { connect, createServer } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { AuthOptions } from '@hasura-auth/core';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import { keptLog, startWebhookServer, type WebhookServer } from '@hasura-auth/testkit';
import Fastify from 'fastify';
import Koa from 'koa';

type Start = (options: AuthOptions) => Promise<Server>;

const frameworks: readonly [name: string, start: Start][] = [
  [
    'Fastify',
    async (options) => {
      const app = Fastify({ http2: true });
      await app.register(fastifyAuth, options);
      app.get('/', (request) => ({ role: request.hasura?.role }));
      await app.listen({ port: 0, host: '127.0.0.1' });
      return app.server;
    },
  ],
  [
    'Koa',
    async (options) => {
      const app = new Koa().use(koaAuth(options)).use((ctx) => {
        ctx.body = { role: ctx.state.hasura?.role };
      });
      const handle = app.callback();
      const server = createServer((request, response) => void handle(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    },
  ],
];

/** Sends a GET over HTTP/2 without encryption; resolves to the status of the response. */
function get(port: number, headers: Record<string, string>): Promise<number> {
  const client = connect(`http://127.0.0.1:${String(port)}`);
  return new Promise<number>((resolve, reject) => {
    const stream = client.request(headers);
    client.once('error', reject);
    stream.once('error', reject);
    stream.once('response', ({ ':status': status }) => resolve(status ?? 0));
    stream.resume().end();
  }).finally(() => client.close());
}

describe.each(frameworks)('an auth hook of an app on %s over HTTP/2', (_name, start) => {
  let hook: WebhookServer;
  beforeEach(async () => {
    hook = await startWebhookServer();
  });
  afterEach(() => hook.close());

  it.each(['GET', 'POST'] as const)(
    'receives the headers of the client by %s, with the host, and no pseudo-headers',
    async (mode) => {
      const server = await start({
        adminSecret: false,
        authHook: { url: hook.url, mode },
        logger: keptLog().logger,
      });
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      try {
        expect(await get(port, { ':authority': 'app.example', 'auth-user-id': '1' })).toBe(200);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
      const [request] = hook.requests;
      if (mode === 'POST')
        expect(JSON.parse(request?.body ?? '')).toEqual({
          headers: { host: 'app.example', 'auth-user-id': '1' },
          request: null,
        });
      else
        expect(request?.headers).toMatchObject({
          host: new URL(hook.url).host,
          'auth-user-id': '1',
        });
    },
  );
});
