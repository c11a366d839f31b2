// What the package check runs in its users' projects: one small program for each package, written
// once and given as an ES module and as CommonJS, and one TypeScript file for the types.

const imported = ([what, from]) => `import ${what} from '${from}';`;
const required = ([what, from]) => `const ${what} = require('${from}');`;

const asking = `
const refusal = {
  errors: [
    {
      extensions: { path: '$', code: 'access-denied' },
      message: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    },
  ],
};
async function ask(port) {
  const get = (headers) => fetch('http://127.0.0.1:' + port + '/', { headers });
  const admin = await get({ 'x-hasura-admin-secret': 's' });
  assert.equal(admin.status, 200);
  assert.deepEqual(await admin.json(), { role: 'admin' });
  const posing = await get({ 'x-hasura-admin-secret': 's', 'x-hasura-role': 'user' });
  assert.equal(posing.status, 403);
  const nobody = await get({});
  assert.equal(nobody.status, 401);
  assert.deepEqual(await nobody.json(), refusal);
}
function listening(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1', async () => {
    await ask(server.address().port);
    server.close(() => console.log('done'));
  });
}`;

const program = (imports, body) => {
  const all = [['assert', 'node:assert/strict'], ...imports];
  return {
    esm: [...all.map(imported), body].join('\n'),
    cjs: [...all.map(required), body].join('\n'),
  };
};
const http = ['{ createServer }', 'node:http'];
const ours = (name) => ['{ hasuraAuth, requireRole }', `@hasura-auth/${name}`];

export const programs = {
  core: program(
    [['{ createAuthenticator, AuthError, ConfigError }', '@hasura-auth/core']],
    `
async function main() {
  const { authenticate } = createAuthenticator({ adminSecret: 's' });
  const session = await authenticate({ headers: { 'x-hasura-admin-secret': 's' } });
  assert.equal(session.role, 'admin');
  await assert.rejects(
    authenticate({ headers: {} }),
    (error) => error instanceof AuthError && error.code === 'access-denied' && error.status === 401,
  );
  assert.throws(() => createAuthenticator({ adminSecret: '' }), ConfigError);
  console.log('done');
}
main();`,
  ),
  express: program(
    [http, ['express', 'express'], ours('express')],
    `${asking}
const app = express();
app.use(hasuraAuth({ adminSecret: 's' }));
app.get('/', requireRole('admin'), (req, res) => { res.json({ role: req.hasura.role }); });
listening(app);`,
  ),
  koa: program(
    [http, ['Koa', 'koa'], ours('koa')],
    `${asking}
const app = new Koa();
app.use(hasuraAuth({ adminSecret: 's' }));
app.use(requireRole('admin'));
app.use((ctx) => { ctx.body = { role: ctx.state.hasura.role }; });
listening(app.callback());`,
  ),
  fastify: program(
    [['{ fastify }', 'fastify'], ['byDefault', '@hasura-auth/fastify'], ours('fastify')],
    `${asking}
async function main() {
  assert.equal(byDefault.default ?? byDefault, hasuraAuth);
  const app = fastify();
  await app.register(hasuraAuth, { adminSecret: 's' });
  app.get('/', { preHandler: requireRole('admin') }, async (request) => ({
    role: request.hasura.role,
  }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  await ask(app.server.address().port);
  await app.close();
  console.log('done');
}
main();`,
  ),
  'graphql-ws': program(
    [
      http,
      ['{ once }', 'node:events'],
      ['{ buildSchema }', 'graphql'],
      ['{ createClient }', 'graphql-ws'],
      ['{ useServer }', 'graphql-ws/use/ws'],
      ['{ WebSocket, WebSocketServer }', 'ws'],
      ['{ hasuraAuth, legacyHandler, requireRole }', '@hasura-auth/graphql-ws'],
    ],
    `
async function main() {
  const adminsOnly = requireRole('admin');
  const auth = hasuraAuth({ adminSecret: 's', unauthorizedRole: 'nobody' });
  const options = auth.server({
    schema: buildSchema('type Query { role: String! secret: String }'),
    roots: {
      query: {
        role: (_args, { session }) => session.role,
        secret: (_args, { session }) => adminsOnly(session),
      },
    },
  });
  assert.equal(typeof legacyHandler(options), 'function');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  useServer(options, sockets);
  const ask = async (headers) => {
    const client = createClient({
      url: 'ws://127.0.0.1:' + server.address().port,
      webSocketImpl: WebSocket,
      connectionParams: { headers },
      retryAttempts: 0,
    });
    const answers = [];
    for await (const answer of client.iterate({ query: '{ role secret }' })) answers.push(answer);
    await client.dispose();
    return answers[0];
  };
  assert.deepEqual((await ask({ 'x-hasura-admin-secret': 's' })).data, { role: 'admin', secret: null });
  const { data, errors } = await ask({});
  assert.equal(data.role, 'nobody');
  assert.equal(errors[0].extensions.code, 'access-denied');
  await assert.rejects(ask({ 'x-hasura-admin-secret': 'wrong' }), ({ code, reason }) => {
    assert.deepEqual([code, reason], [4403, 'invalid x-hasura-admin-secret/x-hasura-access-key']);
    return true;
  });
  sockets.close();
  server.close(() => console.log('done'));
}
main();`,
  ),
};

export const types = {
  core: `
import { createAuthenticator, optionsFromEnv, type Session } from '@hasura-auth/core';
export async function role(): Promise<string> {
  const authenticator = createAuthenticator({ ...optionsFromEnv(), adminSecret: 's' });
  const session: Session = await authenticator.authenticate({ headers: new Headers() });
  return session.role;
}
// @ts-expect-error a secret is a string
createAuthenticator({ adminSecret: 1 });
`,
  express: `
import express from 'express';
import { hasuraAuth, requireRole } from '@hasura-auth/express';
const app = express();
app.use(hasuraAuth({ adminSecret: 's' }));
app.get('/', requireRole('admin'), (req, res) => {
  const role: string | undefined = req.hasura?.role;
  // @ts-expect-error the session may be absent
  const sure: string = req.hasura.role;
  res.json({ role, sure });
});
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
`,
  koa: `
import Koa from 'koa';
import { hasuraAuth, requireRole } from '@hasura-auth/koa';
const app = new Koa();
app
  .use(hasuraAuth({ adminSecret: 's' }))
  .use(requireRole('admin'))
  .use((ctx) => {
    const role: string | undefined = ctx.state.hasura?.role;
    ctx.body = { role };
  });
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
`,
  fastify: `
import { fastify } from 'fastify';
import { hasuraAuth, requireRole } from '@hasura-auth/fastify';
const app = fastify();
app.register(hasuraAuth, { adminSecret: 's' });
app.get('/', { preHandler: requireRole('admin') }, async (request) => {
  const role: string | undefined = request.hasura?.role;
  // @ts-expect-error the session may be absent
  const sure: string = request.hasura.role;
  return { role, sure };
});
// @ts-expect-error a secret is a string
app.register(hasuraAuth, { adminSecret: 1 });
`,
  'graphql-ws': `
import { hasuraAuth, legacyHandler, sessionOf } from '@hasura-auth/graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
const auth = hasuraAuth({ adminSecret: 's', allowedOrigins: ['https://app.example.com'] });
const options = auth.server<Record<string, unknown>, Extra>({
  onConnect: (ctx) => {
    const role: string = sessionOf(ctx).role;
    return role !== 'nobody';
  },
});
const sockets = new WebSocketServer({ noServer: true });
useServer(options, sockets);
sockets.on('connection', legacyHandler(options, { keepAliveMs: 0 }));
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
// @ts-expect-error at least the name of the variable is needed
auth.connections.disconnect({ sessionVariable: {} });
`,
};
