import { createAuthenticator } from '../src/authenticator.js';
import type { AuthOptions } from '../src/config/options.js';
import { AuthError } from '../src/errors.js';
import { createHookEndpoint, type AuthHookHandlerOptions } from '../src/hook-endpoint/index.js';
import type { AuthRequest } from '../src/request.js';
import { mistake } from './thrown.js';

const get = (headers: Record<string, string> = {}): AuthRequest => ({ method: 'GET', headers });
const post = (body: unknown): AuthRequest => ({ method: 'POST', headers: { cookie: 'own' }, body });
const respond = (options: AuthHookHandlerOptions, call: AuthRequest) =>
  createHookEndpoint(options).respond(call);
const refuseAll = (): undefined => undefined;
const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

describe('an auth hook made of an app', () => {
  it('responds to an engine with the session variables', async () => {
    const resolve = () => ({ 'X-Hasura-Role': 'user', name: 'Ada', 'x-hasura-admin-secret': 's' });
    expect(await respond({ resolve }, get())).toEqual({
      status: 200,
      headers: json,
      body: '{"x-hasura-role":"user"}',
    });
  });

  it('passes the client’s request to the function', async () => {
    const resolve = jest.fn(() => undefined);
    const headers = Object.fromEntries([
      ['X-A', 'b'],
      ['__proto__', 'c'],
    ]);
    const endpoint = createHookEndpoint({ resolve });
    await endpoint.respond(get(headers));
    await endpoint.respond(post({ headers, request: [] }));
    await endpoint.respond(post({ headers: {} }));
    const received = Object.fromEntries([
      ['x-a', 'b'],
      ['__proto__', 'c'],
    ]);
    expect(resolve.mock.calls).toEqual([
      [{ headers: received, request: null }],
      [{ headers: received, request: [] }],
      [{ headers: {}, request: null }],
    ]);
  });

  it.each([
    [null],
    [[]],
    ['{}'],
    [{}],
    [{ headers: null }],
    [{ headers: [] }],
    [{ headers: { a: 1 } }],
  ])('responds with 400 to the body %j, which is not the call of a hook', async (body) => {
    const resolve = jest.fn();
    expect(await respond({ resolve }, post(body))).toMatchObject({ status: 400, headers: json });
    expect(resolve).not.toHaveBeenCalled();
  });

  it('does not use the headers of a POST whose body was not parsed', async () => {
    const resolve = jest.fn();
    await expect(respond({ resolve }, post(undefined))).rejects.toThrow(
      'register a JSON body parser before the handler',
    );
    expect(resolve).not.toHaveBeenCalled();
  });

  it.each([
    ['hasura', 'role-not-allowed', 401],
    ['hasura', 'ambiguous-token', 401],
    ['hasura', 'keys-unavailable', 503],
    ['headers', 'role-not-allowed', 403],
    ['headers', 'ambiguous-token', 403],
    ['headers', 'missing-token', 401],
    ['headers', 'keys-unavailable', 503],
  ] as const)('responds in the form %s to %s with %i', async (form, kind, status) => {
    const error = new AuthError(kind);
    const resolve = () => Promise.reject(error);
    expect(await respond({ resolve, answer: form }, get())).toEqual({
      status,
      headers: { ...error.headers, ...json },
      body: JSON.stringify({ errors: [error] }),
    });
  });

  it.each([
    [{ 'x-hasura-role': '' }, 'it contains no x-hasura-role'],
    [{ 'x-hasura-role': 'a', Expires: 'soon' }, 'Expires cannot be read'],
    [{ 'x-hasura-role': 1 }, 'is of type Number, not String'],
    [null, 'of type Null'],
  ])('fails if the function returns %j', async (answered, problem) => {
    const resolve = () => answered as unknown as Record<string, string>;
    await expect(respond({ resolve }, get())).rejects.toThrow(problem);
  });

  it('rejects with what the function throws', async () => {
    const thrown = new Error('thrown');
    await expect(respond({ resolve: () => Promise.reject(thrown) }, get())).rejects.toBe(thrown);
  });

  it.each([
    ['Thu, 01 Jan 1970 00:00:01 GMT', 'max-age=0'],
    ['Fri, 01 Jan 2100 00:00:00 GMT', expect.stringMatching(/^max-age=\d{8,}$/)],
  ])('sends the end %s as %s', async (Expires, left) => {
    const { body } = await respond({ resolve: () => ({ 'x-hasura-role': 'a', Expires }) }, get());
    expect(JSON.parse(body)).toEqual({ 'x-hasura-role': 'a', 'Cache-Control': left });
  });

  describe('with options', () => {
    const fetch = async () => {
      const body = { 'x-hasura-role': 'user', 'Cache-Control': 'max-age=60' };
      return Response.json(body, { headers: { 'set-cookie': 'a=1' } });
    };
    const options: AuthOptions = {
      adminSecret: 'the right admin secret',
      authHook: 'https://hook.example/',
      fetch,
      runtime: { now: () => 1000 },
    };

    it('responds with the session, its end and its cookies', async () => {
      expect(await respond(options, get())).toMatchObject({
        status: 200,
        headers: { ...json, 'Set-Cookie': ['a=1'] },
        body: '{"x-hasura-role":"user","Cache-Control":"max-age=60"}',
      });
      expect(await respond({ ...options, answer: 'headers' }, post({}))).toEqual({
        status: 200,
        headers: {
          'x-hasura-role': 'user',
          'Cache-Control': 'no-store',
          'Set-Cookie': ['a=1'],
        },
        body: '',
      });
    });

    it('computes how long the session lasts by the clock of a shared authenticator', async () => {
      const authenticator = createAuthenticator(options);
      const { body } = await respond({ authenticator }, get());
      expect(body).toBe('{"x-hasura-role":"user","Cache-Control":"max-age=60"}');
    });

    it('leaves the realm of an AuthError that the function throws', async () => {
      const error = new AuthError('missing-token', { realm: 'own' });
      const { headers } = await respond({ resolve: () => Promise.reject(error) }, get());
      expect(headers['WWW-Authenticate']).toBe('Bearer realm="own"');
    });

    it('names its realm in the challenge of a refusal', async () => {
      const jwtSecret = { type: 'HS256', key: 'a'.repeat(32) } as const;
      const { headers } = await respond({ adminSecret: false, jwtSecret, realm: 'app' }, get());
      expect(headers['WWW-Authenticate']).toBe('Bearer realm="app"');
    });

    it('may share an authenticator', async () => {
      const authenticator = createAuthenticator({ adminSecret: 'the right admin secret' });
      const call = get({ 'x-hasura-admin-secret': 'the right admin secret' });
      expect(await respond({ authenticator }, call)).toMatchObject({
        status: 200,
        body: '{"x-hasura-role":"admin"}',
      });
    });

    it('passes the GraphQL request to a hook of its own', async () => {
      const asked = jest.fn(fetch);
      const authHook = { url: 'https://hook.example/', mode: 'POST' } as const;
      await respond(
        { ...options, authHook, fetch: asked },
        post({ headers: {}, request: { query: 'a' } }),
      );
      const body = '{"headers":{},"request":{"query":"a"}}';
      expect(asked).toHaveBeenCalledWith(
        'https://hook.example/',
        expect.objectContaining({ body }),
      );
    });

    it('reads the environment if there are none', async () => {
      const before = process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
      process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'the right admin secret';
      try {
        const call = get({ 'x-hasura-admin-secret': 'the right admin secret' });
        expect((await createHookEndpoint().respond(call)).status).toBe(200);
        expect((await respond({ answer: 'headers' }, call)).status).toBe(200);
      } finally {
        if (before === undefined) delete process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
        else process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = before;
      }
    });
  });

  describe('for a gateway', () => {
    const gateway = (variables: Record<string, string>) =>
      respond(
        { resolve: () => ({ 'x-hasura-role': 'a', ...variables }), answer: 'headers' },
        get(),
      );

    it.each(['', 'a', 'a b', 'a\tb', '~!"#$%&\'()*+,/:;<=>?@[]\\^_`{|}'])(
      'sends the value %j',
      async (value) => {
        const { status, headers } = await gateway({ 'x-hasura-b': value });
        expect({ status, value: headers['x-hasura-b'] }).toEqual({ status: 200, value });
      },
    );

    it.each([' ', ' a', 'a ', 'a\t', '\ta', 'a\nb', 'a\r\nb', 'ä', '名', '\u007f', '\u0000'])(
      'fails for the value %j',
      async (value) => {
        await expect(gateway({ 'x-hasura-b': value })).rejects.toThrow(
          '"x-hasura-b" cannot be sent',
        );
      },
    );

    it.each(['x-hasura-a b', 'x-hasura-ä', 'x-hasura-a:b', 'x-hasura-\n'])(
      'fails for the name %j',
      async (name) => {
        await expect(gateway({ [name]: 'a' })).rejects.toThrow(
          'cannot be sent as a response header',
        );
      },
    );
  });

  it.each([
    [{ resolve: 'a' }, 'resolve'],
    [{ resolve: refuseAll, adminSecret: 'a' }, 'options'],
    [{ resolve: refuseAll, answer: 'json' }, 'answer'],
    [{ adminSecret: 'a', anser: 'headers' }, 'options'],
    [{ adminSecret: '' }, 'adminSecret'],
  ])('refuses the options %j', (options, option) => {
    expect(mistake(() => createHookEndpoint(options as AuthHookHandlerOptions)).option).toBe(
      option,
    );
  });
});
