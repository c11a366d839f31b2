import { Readable } from 'node:stream';
import { AuthError, type AuthHookFunction } from '@hasura-auth/core';
import {
  hmacKey,
  hmacToken,
  sendRequest,
  type ReceivedAnswer,
  type SentRequest,
  startWebhookServer,
  keptLog,
} from '@hasura-auth/testkit';

import { hookFrameworks, hookHandlers } from '../src/hook-apps.js';

import type { RunningApp } from '../src/running-app.js';

const now = 1_900_000_000_000;
const jwtMode = {
  adminSecret: 'the right admin secret',
  jwtSecret: { type: 'HS256', key: hmacKey },
  runtime: { now: () => now },
} as const;
const callOf = (headers: Record<string, string>, request?: unknown): SentRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ headers, request }),
});

describe.each(Object.entries(hookHandlers))('authHookHandler on %s', (_, authHookHandler) => {
  it('has its authenticator, so that an app can close it; a function of the app has none', async () => {
    const { logger } = keptLog();
    const unsubscribe = jest.fn();
    const revocations = {
      load: () => Readable.from([]),
      add: () => Promise.resolve(),
      subscribe: () => unsubscribe,
    };
    const { authenticator } = authHookHandler({ ...jwtMode, logger, revocations });
    await authenticator?.ready();
    expect(unsubscribe).not.toHaveBeenCalled();
    await authenticator?.close();
    expect(unsubscribe).toHaveBeenCalledTimes(1);
    expect(authHookHandler({ resolve: () => undefined }).authenticator).toBeUndefined();
  });
});

describe.each(hookFrameworks)('authHookHandler on $name', ({ hook }) => {
  let app: RunningApp | undefined;
  afterEach(() => app?.close());

  async function asked(
    resolve: AuthHookFunction['resolve'],
    sent: SentRequest,
    answer: 'hasura' | 'headers' = 'hasura',
  ): Promise<ReceivedAnswer> {
    app = await hook({ resolve, answer });
    return sendRequest(app.url, sent);
  }

  describe('responds to an engine', () => {
    it('GET: the headers are those of the client', async () => {
      const { status, body, headers } = await asked(
        ({ headers: { 'auth-user-id': id = '' }, request }) => ({
          'X-Hasura-Role': 'user',
          'X-Hasura-User-Id': id,
          'x-hasura-request': JSON.stringify(request),
        }),
        { headers: { 'AUTH-USER-ID': '4' } },
      );
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      });
      expect(JSON.parse(body)).toEqual({
        'x-hasura-role': 'user',
        'x-hasura-user-id': '4',
        'x-hasura-request': 'null',
      });
    });

    it('POST: the client’s headers and request are in the body, and the headers of the call are not used', async () => {
      const resolve = jest.fn(() => ({ 'x-hasura-role': 'user' }));
      const call = callOf({ 'Auth-User-Id': '4' }, { query: '{ a }' });
      const { status } = await asked(resolve, {
        ...call,
        headers: { ...call.headers, cookie: 'evil=1' },
      });
      expect(status).toBe(200);
      expect(resolve).toHaveBeenCalledWith({
        headers: { 'auth-user-id': '4' },
        request: { query: '{ a }' },
      });
    });

    it.each([
      ['no object', '[]'],
      ['no headers', '{"request":null}'],
      ['headers of another type', '{"headers":[]}'],
      ['a header of another type', '{"headers":{"cookie":["a"]}}'],
    ])('POST: %s is not the call of a hook and gets a 400', async (_name, body) => {
      const resolve = jest.fn();
      const { status } = await asked(resolve, { ...callOf({}), body });
      expect(status).toBe(400);
      expect(resolve).not.toHaveBeenCalled();
    });

    it('POST: without a body parser it fails, and does not use the headers of the call', async () => {
      const resolve = jest.fn(() => ({ 'x-hasura-role': 'user' }));
      app = await hook({ resolve }, false);
      const { status } = await sendRequest(app.url, callOf({}));
      expect(status).toBe(500);
      expect(resolve).not.toHaveBeenCalled();
    });

    it.each([
      ['undefined', () => undefined],
      ['a promise of it', async () => undefined],
      [
        'an AuthError',
        () => {
          throw new AuthError('role-not-allowed');
        },
      ],
    ])('responds with 401 if the function returns or throws %s', async (_name, resolve) => {
      const { status, body } = await asked(resolve, {});
      expect(status).toBe(401);
      expect(JSON.parse(body)).toHaveProperty('errors.0.extensions.code', 'access-denied');
    });

    it.each([
      ['throws', () => Promise.reject(new Error('marked'))],
      [
        'answers with a number',
        () => ({ 'x-hasura-role': 1 }) as unknown as Record<string, string>,
      ],
      ['names no role', () => ({ 'x-hasura-user-id': '1' })],
      ['gives an end that cannot be read', () => ({ 'x-hasura-role': 'a', Expires: 'soon' })],
    ])('responds with 500, and never a session, if the function %s', async (_name, resolve) => {
      const { status, body } = await asked(resolve, {});
      expect(status).toBe(500);
      expect(body).not.toContain('x-hasura-user-id');
    });

    it('sends an expiry as max-age, which needs no equal clocks', async () => {
      const { body } = await asked(
        () => ({ 'x-hasura-role': 'user', 'Cache-Control': 'max-age=90' }),
        {},
      );
      expect(JSON.parse(body)).toHaveProperty(
        ['Cache-Control'],
        expect.stringMatching(/^max-age=(89|90)$/),
      );
    });

    it('with options: sends a token’s role, variables and end', async () => {
      const { status, body } = await sendRequest((app = await hook(jwtMode)).url, {
        headers: {
          authorization: `Bearer ${await hmacToken(['user', 'editor'], { exp: now / 1000 + 600 })}`,
          'x-hasura-role': 'editor',
        },
      });
      expect(status).toBe(200);
      expect(JSON.parse(body)).toEqual({
        'x-hasura-role': 'editor',
        'x-hasura-user-id': '7',
        'Cache-Control': 'max-age=600',
      });
    });

    it('with options: reads the token in a POST’s body, not that of the call', async () => {
      app = await hook(jwtMode);
      const authorization = `Bearer ${await hmacToken(['user'])}`;
      const call = callOf({ Authorization: authorization });
      expect((await sendRequest(app.url, call)).status).toBe(200);
      const none = callOf({});
      const beside = { ...none, headers: { ...none.headers, authorization } };
      expect((await sendRequest(app.url, beside)).status).toBe(401);
    });

    it('with options: responds with 401 to whatever is refused, also for a role', async () => {
      app = await hook(jwtMode);
      const authorization = `Bearer ${await hmacToken(['user'])}`;
      for (const headers of [
        {},
        { authorization: 'Bearer marked' },
        { authorization, 'x-hasura-role': 'admin' },
      ] as Record<string, string>[])
        expect((await sendRequest(app.url, { headers })).status).toBe(401);
    });

    it('with options: a failing hook is a failure, and the cookies of another are passed on', async () => {
      const behind = await startWebhookServer();
      behind.answerWith({
        body: { 'x-hasura-role': 'user' },
        headers: { 'set-cookie': ['a=1', 'b=2'] },
      });
      app = await hook({ adminSecret: false, authHook: behind.url, logger: keptLog().logger });
      expect(await sendRequest(app.url, {})).toMatchObject({
        status: 200,
        cookies: ['a=1', 'b=2'],
      });
      await behind.close();
      expect((await sendRequest(app.url, {})).status).toBe(500);
    });
  });

  describe('responds to a gateway', () => {
    const gateway = (variables: Record<string, string>): Promise<ReceivedAnswer> =>
      asked(() => variables, {}, 'headers');

    it('200 with a header for each session variable, and no body', async () => {
      const { status, headers, body } = await gateway({
        'x-hasura-role': 'user',
        'X-Hasura-User-Id': '4',
        'x-hasura-note': 'a: "b", {c}; d',
        'x-hasura-team': '',
        'Cache-Control': 'max-age=60',
      });
      expect({ status, body }).toEqual({ status: 200, body: '' });
      expect(headers).toMatchObject({
        'x-hasura-role': 'user',
        'x-hasura-user-id': '4',
        'x-hasura-note': 'a: "b", {c}; d',
        'x-hasura-team': '',
        'cache-control': 'no-store',
      });
    });

    it.each([
      ['a line break', 'user\r\nx-hasura-role: admin'],
      ['a space before it', ' admin'],
      ['a tab behind it', 'admin\t'],
      ['a letter beyond ASCII', 'Zoë'],
      ['a letter beyond Latin-1', '名'],
      ['a control character', 'a\u0000b'],
    ])('500 for a value with %s', async (_name, value) => {
      const { status, headers } = await gateway({ 'x-hasura-role': 'user', 'x-hasura-a': value });
      expect(status).toBe(500);
      expect(headers).not.toHaveProperty('x-hasura-role');
    });

    it('500 for a name that no header can have', async () => {
      expect((await gateway({ 'x-hasura-role': 'user', 'x-hasura-a b': '1' })).status).toBe(500);
    });

    it('the call’s headers are the client’s, whatever its method and body', async () => {
      const resolve = jest.fn(() => ({ 'x-hasura-role': 'user' }));
      const call = callOf({ cookie: 'evil=1' });
      const sent = { ...call, headers: { ...call.headers, cookie: 'id=1' } };
      expect((await asked(resolve, sent, 'headers')).status).toBe(200);
      expect(resolve).toHaveBeenCalledWith({
        headers: expect.objectContaining({ cookie: 'id=1' }),
        request: null,
      });
    });

    it('401 for no or a wrong token, with its challenge; 403 for a role', async () => {
      app = await hook({ ...jwtMode, answer: 'headers' });
      const authorization = `Bearer ${await hmacToken(['user'])}`;
      const send = (headers: Record<string, string>): Promise<ReceivedAnswer> =>
        sendRequest(app?.url ?? '', { headers });
      expect(await send({ authorization })).toMatchObject({
        status: 200,
        headers: { 'x-hasura-role': 'user', 'x-hasura-user-id': '7' },
      });
      expect(await send({})).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="hasura"' },
      });
      expect(await send({ authorization: 'Bearer marked' })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringContaining('invalid_token') },
      });
      expect((await send({ authorization, 'x-hasura-role': 'admin' })).status).toBe(403);
      const odd = {
        'x-hasura-admin-secret': 'the right admin secret',
        'x-hasura-use-backend-only-permissions': '?',
      };
      expect((await send(odd)).status).toBe(403);
    });
  });
});
