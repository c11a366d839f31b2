import { createAuthenticator } from '../src/authenticator.js';
import type { AuthOptions } from '../src/config/options.js';
import { AuthError } from '../src/errors.js';
import { createHookEndpoint, type AuthHookHandlerOptions } from '../src/hook-endpoint/index.js';
import type { AuthRequest } from '../src/request.js';
import { mistake } from './thrown.js';

const get = (headers: Record<string, string> = {}): AuthRequest => ({ method: 'GET', headers });
const post = (body: unknown): AuthRequest => ({ method: 'POST', headers: { cookie: 'own' }, body });
const answer = (options: AuthHookHandlerOptions, call: AuthRequest) =>
  createHookEndpoint(options).answer(call);
const refuseAll = (): undefined => undefined;
const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

describe('an auth hook made of this app', () => {
  it('answers an engine with the session variables', async () => {
    const resolve = () => ({ 'X-Hasura-Role': 'user', name: 'Ada', 'x-hasura-admin-secret': 's' });
    expect(await answer({ resolve }, get())).toEqual({
      status: 200,
      headers: json,
      added: [],
      body: '{"x-hasura-role":"user"}',
    });
  });

  it('tells the function of a client', async () => {
    const resolve = jest.fn(() => undefined);
    const headers = Object.fromEntries([
      ['X-A', 'b'],
      ['__proto__', 'c'],
    ]);
    const endpoint = createHookEndpoint({ resolve });
    await endpoint.answer(get(headers));
    await endpoint.answer(post({ headers, request: [] }));
    await endpoint.answer(post({ headers: {} }));
    const told = Object.fromEntries([
      ['x-a', 'b'],
      ['__proto__', 'c'],
    ]);
    expect(resolve.mock.calls).toEqual([
      [{ headers: told, request: null }],
      [{ headers: told, request: [] }],
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
  ])('calls %j no call of a hook', async (body) => {
    const resolve = jest.fn();
    expect(await answer({ resolve }, post(body))).toMatchObject({ status: 400, headers: json });
    expect(resolve).not.toHaveBeenCalled();
  });

  it('does not believe the headers of a POST whose body was not parsed', async () => {
    const resolve = jest.fn();
    await expect(answer({ resolve }, post(undefined))).rejects.toThrow(
      'put a JSON body parser before it',
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
  ] as const)('in the form %s, %s is %i', async (form, kind, status) => {
    const error = new AuthError(kind);
    const resolve = () => Promise.reject(error);
    expect(await answer({ resolve, answer: form }, get())).toEqual({
      status,
      headers: { ...error.headers, ...json },
      added: [],
      body: JSON.stringify({ errors: [error] }),
    });
  });

  it.each([
    [{ 'x-hasura-role': '' }, 'there is no x-hasura-role in it'],
    [{ 'x-hasura-role': 'a', Expires: 'soon' }, 'Expires cannot be read'],
    [{ 'x-hasura-role': 1 }, 'is of type Number, not String'],
    [null, 'of type Null'],
  ])('takes %j from the function for a mistake', async (answered, problem) => {
    const resolve = () => answered as unknown as Record<string, string>;
    await expect(answer({ resolve }, get())).rejects.toThrow(problem);
  });

  it('hands on what the function throws', async () => {
    const thrown = new Error('thrown');
    await expect(answer({ resolve: () => Promise.reject(thrown) }, get())).rejects.toBe(thrown);
  });

  it.each([
    ['Thu, 01 Jan 1970 00:00:01 GMT', 'max-age=0'],
    ['Fri, 01 Jan 2100 00:00:00 GMT', expect.stringMatching(/^max-age=\d{8,}$/)],
  ])('says the end %s as %s', async (Expires, left) => {
    const { body } = await answer({ resolve: () => ({ 'x-hasura-role': 'a', Expires }) }, get());
    expect(JSON.parse(body)).toEqual({ 'x-hasura-role': 'a', 'Cache-Control': left });
  });

  describe('by our own resolver', () => {
    const fetch = async () => {
      const body = { 'x-hasura-role': 'user', 'Cache-Control': 'max-age=60' };
      return Response.json(body, { headers: { 'set-cookie': 'a=1' } });
    };
    const options: AuthOptions = {
      adminSecret: 'right',
      authHook: 'http://hook.example/',
      fetch,
      runtime: { now: () => 1000 },
    };

    it('answers with the session, its end and its cookies', async () => {
      expect(await answer(options, get())).toMatchObject({
        status: 200,
        added: [['Set-Cookie', 'a=1']],
        body: '{"x-hasura-role":"user","Cache-Control":"max-age=60"}',
      });
      expect(await answer({ ...options, answer: 'headers' }, post({}))).toEqual({
        status: 200,
        headers: { 'x-hasura-role': 'user', 'Cache-Control': 'no-store' },
        added: [['Set-Cookie', 'a=1']],
        body: '',
      });
    });

    it('may be one that others use, too', async () => {
      const authenticator = createAuthenticator({ adminSecret: 'right' });
      const call = get({ 'x-hasura-admin-secret': 'right' });
      expect(await answer({ authenticator }, call)).toMatchObject({
        status: 200,
        body: '{"x-hasura-role":"admin"}',
      });
    });

    it('is told the GraphQL request', async () => {
      const asked = jest.fn(fetch);
      const authHook = { url: 'http://hook.example/', mode: 'POST' } as const;
      await answer(
        { ...options, authHook, fetch: asked },
        post({ headers: {}, request: { query: 'a' } }),
      );
      const body = '{"headers":{},"request":{"query":"a"}}';
      expect(asked).toHaveBeenCalledWith('http://hook.example/', expect.objectContaining({ body }));
    });

    it('is that of the environment where there are no options', async () => {
      const before = process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
      process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'right';
      try {
        const call = get({ 'x-hasura-admin-secret': 'right' });
        expect((await createHookEndpoint().answer(call)).status).toBe(200);
        expect((await answer({ answer: 'headers' }, call)).status).toBe(200);
      } finally {
        if (before === undefined) delete process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
        else process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = before;
      }
    });
  });

  describe('for a gateway', () => {
    const gateway = (variables: Record<string, string>) =>
      answer({ resolve: () => ({ 'x-hasura-role': 'a', ...variables }), answer: 'headers' }, get());

    it.each(['', 'a', 'a b', 'a\tb', '~!"#$%&\'()*+,/:;<=>?@[]\\^_`{|}'])(
      '%j is a value',
      async (value) => {
        const { status, headers } = await gateway({ 'x-hasura-b': value });
        expect({ status, value: headers['x-hasura-b'] }).toEqual({ status: 200, value });
      },
    );

    it.each([' ', ' a', 'a ', 'a\t', '\ta', 'a\nb', 'a\r\nb', 'ä', '名', '\u007f', '\u0000'])(
      '%j is none',
      async (value) => {
        await expect(gateway({ 'x-hasura-b': value })).rejects.toThrow(
          '"x-hasura-b" cannot be put',
        );
      },
    );

    it.each(['x-hasura-a b', 'x-hasura-ä', 'x-hasura-a:b', 'x-hasura-\n'])(
      '%j is no name',
      async (name) => {
        await expect(gateway({ [name]: 'a' })).rejects.toThrow(
          'cannot be put into a response header',
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
  ])('%j is a mistake', (options, option) => {
    expect(mistake(() => createHookEndpoint(options as AuthHookHandlerOptions)).option).toBe(
      option,
    );
  });
});
