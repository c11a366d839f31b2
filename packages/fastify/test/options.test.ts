import { createAuthenticator } from '@hasura-auth/core';
import byDefault, {
  authHookHandler,
  hasuraAuth,
  requireRole,
  type HasuraAuthPluginOptions,
} from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';

const right = { 'x-hasura-admin-secret': 'a-long-admin-secret' };
const withUnknown = JSON.stringify({ type: 'HS256', key: 'k'.repeat(32), unknownMember: 1 });
let app: FastifyInstance;
let lines: string[];
beforeEach(() => {
  lines = [];
  app = Fastify({ logger: { level: 'warn', stream: { write: (line) => void lines.push(line) } } });
});
afterEach(() => app.close());

const register = (options: unknown): PromiseLike<unknown> =>
  app.register(hasuraAuth, options as HasuraAuthPluginOptions); // what JavaScript passes

it('is the default export too', () => {
  expect(byDefault).toBe(hasuraAuth);
});

it('warns in the log of the app', async () => {
  await register({ adminSecret: 'a-long-admin-secret', jwtSecret: withUnknown });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    msg: expect.stringContaining('unknownMember'),
  });
});

it('warns in a logger of its own where it has one', async () => {
  const warn = jest.fn();
  await register({
    adminSecret: 'a-long-admin-secret',
    jwtSecret: withUnknown,
    logger: { warn, error: warn },
  });
  expect(warn).toHaveBeenCalledTimes(1);
  expect(lines).toEqual([]);
});

it('warns in the log of the app if its own logger is undefined', async () => {
  await register({
    adminSecret: 'a-long-admin-secret',
    jwtSecret: withUnknown,
    logger: undefined,
  });
  expect(lines).toHaveLength(1);
});

it('ignores what register itself knows', async () => {
  await register({
    adminSecret: 'a-long-admin-secret',
    prefix: '/a',
    logLevel: 'warn',
    logSerializers: {},
  });
  app.get('/', () => 'in');
  expect((await app.inject({ url: '/', headers: right })).statusCode).toBe(200);
});

it('warns that a prefix has no effect on it', async () => {
  await register({ adminSecret: 'a-secret-of-some-length', prefix: '/a' });
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    expect.stringContaining("register's option prefix has no effect"),
  ]);
});

it('says that it is a plugin where it is called', () => {
  const called = hasuraAuth as unknown as (options?: unknown) => unknown; // what JavaScript calls
  for (const options of [undefined, null, { adminSecret: 'secret' }])
    expect(() => called(options)).toThrow('it is a plugin: do not call it');
});

it.each([
  ['authHookHandler', authHookHandler],
  ['requireRole', requireRole],
])('%s says that it makes a handler where it is passed as one', async (name, factory) => {
  const handler = factory as unknown as RouteHandlerMethod; // what JavaScript passes
  app.get('/', handler);
  const { message } = (await app.inject('/')).json<{ message: string }>();
  expect(message).toContain(`${name}: it makes a handler and is not one itself; call it`);
});

it.each([
  [{ adminSecret: 'a-long-admin-secret', unauthorisedRole: 'a' }, 'did you mean unauthorizedRole'],
  [{ authenticator: {} }, 'authenticator: expected what createAuthenticator returns'],
  [{ authenticator: undefined }, 'authenticator: expected what createAuthenticator returns'],
])('refuses to be registered with %j', async (options, message) => {
  await expect(register(options)).rejects.toThrow(message);
});

describe('the authenticator', () => {
  const closed = (authenticator: { close(): Promise<void> }): jest.SpyInstance =>
    jest.spyOn(authenticator, 'close');

  it('stands on the instance, and is closed with it where it was made here', async () => {
    await register({ adminSecret: 'a-long-admin-secret' });
    expect(await app.hasuraAuth.authenticate({ headers: right })).toMatchObject({ role: 'admin' });
    const close = closed(app.hasuraAuth);
    await app.close();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('is shared by several apps, and left open by each of them', async () => {
    const own = createAuthenticator({
      adminSecret: 'a-long-admin-secret',
      errorResponse: 'problem',
    });
    const authenticator = { ...own, close: jest.fn(() => own.close()) };
    const second = Fastify();
    await register({ authenticator });
    await second.register(hasuraAuth, { authenticator, errorResponse: 'graphql' });
    expect([app.hasuraAuth, second.hasuraAuth]).toEqual([authenticator, authenticator]);
    for (const [one, status] of [[app, 401] as const, [second, 200] as const]) {
      one.get('/', () => 'in');
      expect((await one.inject('/')).statusCode).toBe(status);
      expect((await one.inject({ url: '/', headers: right })).payload).toBe('in');
      await one.close();
    }
    expect(authenticator.close).not.toHaveBeenCalled();
  });
});

describe('without options', () => {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('HASURA_GRAPHQL_')) delete process.env[name];
    process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'a-long-admin-secret';
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it.each([undefined, {}, { prefix: '/a' }])('the environment is read: %j', async (options) => {
    await register(options);
    expect(await app.hasuraAuth.authenticate({ headers: right })).toMatchObject({ role: 'admin' });
  });

  it('a mistake names the variable', async () => {
    process.env['HASURA_GRAPHQL_JWT_SECRET'] = '{"type":"XS256","key":"a"}';
    await expect(register({})).rejects.toThrow('HASURA_GRAPHQL_JWT_SECRET');
  });
});
