import { createHmac } from 'node:crypto';
import { createAuthenticator, hasuraAuth, type AuthOptions } from '@hasura-auth/express';
import { createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import { startWebhookServer } from '@hasura-auth/testkit';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import express, { type RequestHandler } from 'express';
import { endTelemetry, listening, telemetry, withServerSpan, type Telemetry } from './telemetry.js';

const quiet = { warn: () => undefined, error: () => undefined };
const adminSecret = 'mrk7-admin-secret-mrk7';
afterEach(endTelemetry);

/** An app within the span of its request. */
async function appWith(
  options: AuthOptions,
): Promise<(headers: Record<string, string>) => Promise<number>> {
  const auth = hasuraAuth({ adminSecret, logger: quiet, ...options });
  const app = express()
    .use(auth as RequestHandler)
    .get('/', (_request, response) => void response.send('ok'));
  const url = await listening(withServerSpan(app as never));
  return async (headers) => {
    const { status } = await fetch(url, { headers });
    return status;
  };
}

const tokenOf = (issuer: TestIssuer): Promise<string> =>
  issuer.token({ role: 'user', variables: { 'x-hasura-user-id': 'mrk7-id-mrk7' } });

/** The only span of that name; the client span of the test's own request left out. */
function only(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as ReadableSpan; // as just counted
}
const parentOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;
const idOf = (span: ReadableSpan): string => span.spanContext().spanId;
const own = ({ spans }: Telemetry): readonly ReadableSpan[] =>
  spans().filter(({ name }) => name.startsWith('hasura-auth'));

/** The server span whose request was answered with so many others before it. */
const servers = ({ spans }: Telemetry): readonly ReadableSpan[] =>
  spans().filter(({ kind }) => kind === SpanKind.SERVER);

describe('the span of a request', () => {
  it('says how the client was authenticated, or why not, and whose token it was does not appear', async () => {
    const sdk = await telemetry();
    const issuer = await createTestIssuer();
    const ask = await appWith({ jwtSecret: issuer.jwtSecret, fetch: issuer.fetch });
    const token = await tokenOf(issuer);
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask({ authorization: `Bearer ${await issuer.expiredToken()}` })).toBe(401);
    expect(await ask({})).toBe(401);
    expect(servers(sdk).map(({ attributes }) => attributes)).toEqual([
      { 'hasura_auth.result': 'success', 'hasura_auth.method': 'jwt', 'user.roles': ['user'] },
      { 'hasura_auth.result': 'failure', 'hasura_auth.refusal': 'invalid-token' },
      { 'hasura_auth.result': 'none', 'hasura_auth.refusal': 'missing-token' },
    ]);
    // A rejected token is no error of the server, and the span of the middleware gets nothing.
    for (const { status } of servers(sdk)) expect(status.code).toBe(SpanStatusCode.UNSET);
    for (const { name, attributes } of sdk.spans())
      if (name === 'middleware') expect(attributes).toEqual({});
    const seen = JSON.stringify(
      sdk.spans().map(({ name, attributes, events }) => [name, attributes, events]),
    );
    expect(seen).not.toContain('mrk7');
    expect(seen).not.toContain(token.slice(0, 16));
  });

  it('names the user only if that is configured: as it is, or as a hash', async () => {
    const key = 'a-secret-of-thirty-two-characters';
    const sdk = await telemetry({
      userId: 'X-Hasura-User-Id',
      userHash: { variable: 'x-hasura-user-id', key },
    });
    const issuer = await createTestIssuer();
    const ask = await appWith({ jwtSecret: issuer.jwtSecret, fetch: issuer.fetch });
    await ask({ authorization: `Bearer ${await tokenOf(issuer)}` });
    await ask({ 'x-hasura-admin-secret': adminSecret });
    await ask({});
    const [user, admin, nobody] = servers(sdk).map(({ attributes }) => attributes);
    expect(user).toMatchObject({
      'user.id': 'mrk7-id-mrk7',
      'user.hash': createHmac('sha256', key).update('mrk7-id-mrk7').digest('hex'),
    });
    for (const other of [admin, nobody]) {
      expect(other).not.toHaveProperty(['user.id']);
      expect(other).not.toHaveProperty(['user.hash']);
    }
    expect(JSON.stringify(own(sdk).map(({ attributes }) => attributes))).not.toContain('mrk7');
  });

  it.each<[string, object, string]>([
    ['userId', { userId: 'sub' }, 'userId: expected the name of a session variable'],
    ['userId', { userId: 7 }, 'userId: expected the name of a session variable'],
    ['userHash', { userHash: 'x-hasura-user-id' }, 'userHash: expected an object'],
    ['userHash', { userHash: null }, 'userHash: expected an object'],
    [
      'its variable',
      { userHash: { variable: 'x-hasura-', key: 'k'.repeat(32) } },
      'userHash.variable',
    ],
    [
      'its key',
      { userHash: { variable: 'x-hasura-user-id', key: 'mrk7' } },
      'userHash.key: expected a secret of at least 32',
    ],
    ['spans', { spans: 'some' }, 'spans: expected one of waiting, all, none'],
    ['roles', { roles: 'user' }, 'roles: expected a list'],
  ])('cannot be configured by a wrong %s', async (_name, config, message) => {
    await expect(telemetry(config)).rejects.toThrow(message);
    await expect(telemetry(config)).rejects.not.toThrow('mrk7');
  });
});

describe('a decision has a span of its own', () => {
  it('if it had to wait, and none if it had not', async () => {
    const sdk = await telemetry();
    const issuer = await createTestIssuer();
    const ask = await appWith({ jwtSecret: issuer.jwtSecret, fetch: issuer.fetch });
    const headers = { authorization: `Bearer ${await tokenOf(issuer)}` };
    await ask(headers);
    const waited = only(sdk.spans(), 'hasura-auth.authenticate');
    expect(waited.kind).toBe(SpanKind.INTERNAL);
    expect(waited.attributes).toEqual({
      'hasura_auth.transport': 'http',
      'hasura_auth.mode': 'jwt',
      'hasura_auth.result': 'success',
      'hasura_auth.method': 'jwt',
      'user.roles': ['user'],
    });
    await ask(headers);
    await ask({});
    expect(
      own(sdk)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['hasura-auth.authenticate', 'hasura-auth.key-set']);
  });

  it('always if all are asked for, with what the rejection was', async () => {
    const sdk = await telemetry({ spans: 'all' });
    const ask = await appWith({});
    await ask({ 'x-hasura-admin-secret': adminSecret });
    await ask({});
    expect(
      own(sdk).map(({ attributes, status }) => [attributes['error.type'], status.code]),
    ).toEqual([
      [undefined, SpanStatusCode.UNSET],
      ['missing-secret', SpanStatusCode.UNSET],
    ]);
    const [server] = servers(sdk);
    expect(server?.attributes).toHaveProperty(['user.roles'], ['admin']);
    const middleware = sdk.spans().find(({ name }) => name === 'middleware');
    expect(parentOf(own(sdk)[0] as ReadableSpan)).toBe(middleware && idOf(middleware));
  });

  it('never if none are asked for, and the span of the request says the same', async () => {
    const sdk = await telemetry({ spans: 'none' });
    const issuer = await createTestIssuer();
    const ask = await appWith({ jwtSecret: issuer.jwtSecret, fetch: issuer.fetch });
    await ask({ authorization: `Bearer ${await tokenOf(issuer)}` });
    expect(own(sdk)).toEqual([]);
    expect(servers(sdk)[0]?.attributes).toHaveProperty(['hasura_auth.method'], 'jwt');
  });
});

describe('the span of a webhook', () => {
  it.each(['waiting', 'all'] as const)(
    'is between the decision and the request that fetch makes (%s)',
    async (spans) => {
      const sdk = await telemetry({ spans });
      const hook = await startWebhookServer();
      const ask = await appWith({ authHook: `${hook.url}/mrk7` });
      expect(await ask({ cookie: 'mrk7' })).toBe(200);
      const finished = sdk.spans();
      const question = only(finished, 'hasura-auth.webhook');
      const decision = only(finished, 'hasura-auth.authenticate');
      expect(parentOf(question)).toBe(idOf(decision));
      expect(question.attributes).toEqual({
        'hasura_auth.shared': false,
        'hasura_auth.outcome': 'accepted',
      });
      const call = finished.find(
        (span) => span.kind === SpanKind.CLIENT && parentOf(span) === idOf(question),
      );
      expect(call?.attributes['http.response.status_code']).toBe(200);
      const middleware = only(finished, 'middleware');
      expect(parentOf(decision)).toBe(idOf(middleware));
      await hook.close();
    },
  );

  it('and that of its decision are not lost if fetch asks for a decision itself', async () => {
    const sdk = await telemetry();
    const hook = await startWebhookServer();
    const gateway = createAuthenticator({ adminSecret });
    const ask = await appWith({
      authHook: hook.url,
      fetch: async (url, init) => {
        await gateway.authenticate({ headers: { 'x-hasura-admin-secret': adminSecret } });
        return fetch(url, init);
      },
    });
    expect(await ask({ cookie: 'mrk7' })).toBe(200);
    const question = only(sdk.spans(), 'hasura-auth.webhook');
    expect(parentOf(question)).toBe(idOf(only(sdk.spans(), 'hasura-auth.authenticate')));
    await hook.close();
  });

  it('is an error only if there was no usable answer, and a kept answer has none', async () => {
    const sdk = await telemetry();
    const hook = await startWebhookServer(() => ({
      body: { 'x-hasura-role': 'user', 'cache-control': 'max-age=60' },
    }));
    const ask = await appWith({ authHook: { url: hook.url, cache: { headers: ['cookie'] } } });
    await ask({ cookie: 'a=1' });
    await ask({ cookie: 'a=1' });
    hook.answerWith({ status: 401 });
    await ask({ cookie: 'a=2' });
    hook.answerWith({ status: 500 });
    await ask({ cookie: 'a=3' });
    const shown = own(sdk).map(({ name, attributes, status }) => [
      name.slice('hasura-auth.'.length),
      attributes['error.type'],
      status.code,
    ]);
    const { UNSET, ERROR } = SpanStatusCode;
    expect(shown).toEqual([
      ['webhook', undefined, UNSET],
      ['authenticate', undefined, UNSET],
      ['webhook', 'hook-unauthorized', UNSET],
      ['authenticate', 'hook-unauthorized', UNSET],
      ['webhook', 'hook-invalid-response', ERROR],
      ['authenticate', 'hook-invalid-response', ERROR],
    ]);
    await hook.close();
  });
});

it('the span of a key set says why it was fetched and why that failed', async () => {
  const sdk = await telemetry();
  const issuer = await createTestIssuer();
  const { ready } = createAuthenticator({
    adminSecret,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
    logger: quiet,
  });
  issuer.outage();
  await ready().catch(() => undefined);
  issuer.recover();
  await ready();
  const about = { 'hasura_auth.key_set': 'jwtSecret', 'hasura_auth.reason': 'start' };
  expect(own(sdk).map(({ attributes, status }) => [attributes, status.code])).toEqual([
    [{ ...about, 'error.type': 'status' }, SpanStatusCode.ERROR],
    [{ ...about, 'hasura_auth.keys': 1 }, SpanStatusCode.UNSET],
  ]);
});
