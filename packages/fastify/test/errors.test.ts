import { startWebhookServer, type WebhookServer } from '@hasura-auth/testkit';

import { AuthError, type AuthOptions } from '@hasura-auth/core';
import { hasuraAuth, requireRole } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';

const right = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
let hook: WebhookServer;
let app: FastifyInstance;
let errors: unknown[];
beforeAll(async () => {
  hook = await startWebhookServer();
});
beforeEach(() => {
  errors = [];
  app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    errors.push(error);
    reply.code(599).send();
  });
});
afterEach(async () => {
  hook.answerWith({ body: { 'x-hasura-role': 'user' } });
  await app.close();
});
afterAll(() => hook.close());

async function status(headers = {}): Promise<number> {
  return (await app.inject({ url: '/', headers })).statusCode;
}

const atOnce = (): AuthOptions => ({ adminSecret: 'secret' });
const waits = (): AuthOptions => ({ adminSecret: 'secret', authHook: hook.url });

describe('forward', () => {
  it('hands a refusal to the error handler, and to no later handler', async () => {
    const later = jest.fn();
    await app.register(hasuraAuth, { adminSecret: 'secret', errorResponse: 'forward' });
    app.get('/', { preHandler: requireRole('editor') }, later);
    expect([await status(), await status(right)]).toEqual([599, 599]);
    expect(errors).toEqual([expect.any(AuthError), expect.any(AuthError)]);
    expect(errors).toMatchObject([{ kind: 'missing-secret' }, { kind: 'role-guard' }]);
    expect(later).not.toHaveBeenCalled();
  });

  it('keeps the status where Fastify answers by itself', async () => {
    const bare = Fastify();
    await bare.register(hasuraAuth, { adminSecret: 'secret', errorResponse: 'forward' });
    bare.get('/', () => 'in');
    const { statusCode } = await bare.inject('/');
    expect(statusCode).toBe(401);
    await bare.close();
  });

  it('logs no cookie of a webhook', async () => {
    const lines: string[] = [];
    const logged = Fastify({ logger: { stream: { write: (line: string) => lines.push(line) } } });
    hook.answerWith({ status: 401, headers: { 'set-cookie': ['id=of-a-client'] } });
    await logged.register(hasuraAuth, {
      adminSecret: 'secret',
      authHook: hook.url,
      errorResponse: 'forward',
    });
    logged.get('/', () => 'in');
    const { headers } = await logged.inject('/');
    expect(headers['set-cookie']).toEqual(['id=of-a-client']);
    expect(lines.join('')).toContain('hook-unauthorized');
    expect(lines.join('')).not.toContain('of-a-client');
    await logged.close();
  });
});

describe.each([
  ['that was decided at once', atOnce, right],
  ['that was waited for', waits, {}],
])('behind a request %s', (_name, options, headers) => {
  const throws =
    (error: Error): RouteHandlerMethod =>
    () => {
      throw error;
    };
  const rejects =
    (error: Error): RouteHandlerMethod =>
    async () => {
      throw error;
    };

  it.each([
    ['throws', new Error('broken'), throws],
    ['rejects with', new Error('broken'), rejects],
    ['throws', new AuthError('missing-token'), throws],
    ['rejects with', new AuthError('missing-token'), rejects],
  ])('what a handler %s goes to the error handler once: %s', async (_how, error, failing) => {
    await app.register(hasuraAuth, options());
    app.get('/', failing(error));
    expect(await status(headers)).toBe(599);
    expect(errors).toEqual([error]);
  });
});

it.each([
  ['at once', atOnce],
  ['after a wait', waits],
])('an errorResponse that fails goes to the error handler, %s', async (_name, options) => {
  const error = new Error('broken');
  const errorResponse = (): never => {
    throw error;
  };
  hook.answerWith({ status: 401 });
  await app.register(hasuraAuth, { ...options(), errorResponse });
  app.get('/', () => 'in');
  expect(await status()).toBe(599);
  expect(errors).toEqual([error]);
});
