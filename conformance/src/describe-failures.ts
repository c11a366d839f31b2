import {
  mintToken,
  startWebhookServer,
  testKey,
  type TokenRecipe,
  type WebhookServer,
} from '@hasura-auth/testkit';
import request from 'supertest';
import { isAuthError, type AuthOptions, type HasuraAuthOptions } from '@hasura-auth/core';
import type { RunningApp } from './running-app.js';

/** An app that keeps what its framework's error handling was given. */
export interface FailingApp extends RunningApp {
  readonly errors: readonly unknown[];
}

/**
 * Starts an app that sets the cookie `first=1`, then authenticates, and then answers `GET /` with the session; the handler
 * of `GET /broken` throws an Error, the same one each time. Errors are kept, and answered by the framework itself.
 */
export type StartFailing = (options: HasuraAuthOptions) => Promise<FailingApp>;

/** An Error with a member that throws when it is read. */
function unreadable(member: string): Error {
  return Object.defineProperty(new Error('broken'), member, {
    enumerable: true,
    get() {
      throw new Error('this cannot be read');
    },
  });
}

/** An Error whose status a framework cannot set, as a class with a getter makes it. */
class FixedStatus extends Error {
  get status(): number {
    return 500;
  }
}

function bringing(headers: object): Error {
  return Object.assign(new Error('broken'), { headers });
}

/** Something that can be sent when it is read for the first time, and not later. */
let reads = 0;
const computed: PropertyDescriptor = {
  enumerable: true,
  get: () => (reads++ % 2 === 0 ? {} : { 'a b': 'c' }),
};

const values: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['false', false],
  ['0', 0],
  ['an empty string', ''],
  ['the word route', 'route'],
  ['the word router', 'router'],
  ['an object', { status: 200 }],
  ['an Error', new Error('broken')],
  ['a frozen Error', Object.freeze(new Error('broken'))],
  ['an Error whose status cannot be set', new FixedStatus('broken')],
  ['an Error whose message cannot be read', unreadable('message')],
  ['an Error whose stack cannot be read', unreadable('stack')],
  ['an Error whose status cannot be read', unreadable('status')],
  ['an Error whose headers cannot be read', unreadable('headers')],
  ['an Error with a header that HTTP does not allow', bringing({ 'a b': 'c' })],
  ['an Error with a trailer', bringing({ Trailer: 'x' })],
  ['an Error with a length', bringing({ 'Content-Length': '9' })],
  ['an Error with a transfer coding', bringing({ 'transfer-encoding': 'chunked' })],
  ['an Error with headers of the connection', bringing({ 'Keep-Alive': 'x', Upgrade: 'x' })],
  ['an Error with two content types', bringing({ 'Content-Type': ['text/plain', 'text/html'] })],
  ['an Error with the headers of another response', bringing(new Headers({ 'X-A': '1' }))],
  ['an Error with inherited headers', bringing(Object.create({ append: () => 'x' }) as object)],
  ['an Error with a header that is computed', bringing(Object.defineProperty({}, 'a', computed))],
  [
    'an Error whose headers are computed',
    Object.defineProperty(new Error('broken'), 'headers', computed),
  ],
  ['an Error with a status that is a bigint', Object.assign(new Error('broken'), { status: 404n })],
  ['an Error with the status 200', Object.assign(new Error('broken'), { status: 200 })],
  [
    'an Error with the status 200 that may be shown',
    Object.assign(new Error('broken'), { statusCode: 200, expose: true }),
  ],
  [
    'an Error with a status beyond the range',
    Object.assign(new Error('broken'), { statusCode: 1000 }),
  ],
];

const thrownValues = values.flatMap(([name, value]) => {
  const throwing = (): never => {
    throw value;
  };
  return [
    [`throws ${name}`, throwing],
    [`rejects with ${name}`, async () => throwing()],
  ] as const;
});

const stringified: TokenRecipe = {
  sign: { key: 'rsa', alg: 'RS256', header: {} },
  claims: { 'https://hasura.io/jwt/claims': 'a value of a claim' },
};

/** Checks that what fails in an app's own functions or handlers lets no handler run, hangs nothing and loses no cookie. */
export function describeFailures(name: string, start: StartFailing): void {
  describe(`${name}: failures`, () => {
    let hook: WebhookServer;
    let app: FailingApp;
    beforeAll(async () => {
      hook = await startWebhookServer();
    });
    afterEach(() => app.close());
    afterAll(() => hook.close());

    const logger = { warn: () => undefined, error: () => undefined };
    const atOnce = (): AuthOptions => ({ adminSecret: 'secret', logger });
    const later = (): AuthOptions => ({ adminSecret: 'secret', authHook: hook.url, logger });
    const decisions = [
      ['at once', atOnce],
      ['after a wait', later],
    ] as const;

    describe.each(decisions)('a request that is refused %s', (_, options) => {
      beforeEach(() => hook.answerWith({ status: 401 }));

      it.each(thrownValues)(
        'reaches no handler if errorResponse %s',
        async (_name, errorResponse) => {
          app = await start({ ...options(), errorResponse });
          await request(app.url).get('/').expect(500);
          expect(app.endpoint.reached).toEqual([]);
          expect(app.errors).toEqual([expect.any(Error)]);
        },
      );

      it.each<[string, unknown]>([
        ['nothing', undefined],
        ['no status', { body: 'no' }],
        ['a status that is none', { status: 1000 }],
        ['headers that are none', { status: 401, headers: 'no' }],
        ['a body that is no JSON', { status: 401, body: () => 'no' }],
        ['a header that HTTP does not allow', { status: 401, headers: { 'X-A': 'a\nb' } }],
        ['a length', { status: 401, headers: { 'content-length': '9' } }],
        ['a trailer', { status: 401, headers: { Trailer: 'x' } }],
        ['two content types', { status: 401, headers: { 'Content-Type': ['a/b', 'c/d'] } }],
        ['headers of a class', { status: 401, headers: new Date() }],
      ])('reaches no handler if errorResponse returns %s', async (_name, returned) => {
        const own = () => returned as { status: number }; // what JavaScript returns
        app = await start({ ...options(), errorResponse: own });
        await request(app.url).get('/').expect(500);
        expect(app.endpoint.reached).toEqual([]);
        expect(app.errors).toEqual([expect.any(Error)]);
      });

      it('is answered by an async errorResponse, beside the cookies that were set before', async () => {
        app = await start({
          ...options(),
          errorResponse: async ({ code }) => ({
            status: 418,
            headers: {
              'Set-Cookie': ['a=1', 'b=2'],
              'WWW-Authenticate': ['Bearer', 'Basic'],
              'X-A': '1',
            },
            body: { code },
          }),
        });
        const { headers, body } = await request(app.url).get('/').expect(418);
        expect(headers['set-cookie']).toEqual(['first=1', 'a=1', 'b=2']);
        expect(headers['www-authenticate']).toBe('Bearer, Basic');
        expect(headers['x-a']).toBe('1');
        expect(body).toEqual({ code: 'access-denied' });
        expect(app.errors).toEqual([]);
      });
    });

    it('an errorResponse may return the headers as the web has them', async () => {
      const headers = new Headers([
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-A', '1'],
      ]);
      const errorResponse = () => ({ status: 418, headers });
      app = await start({ ...atOnce(), errorResponse });
      const response = await request(app.url).get('/').expect(418);
      expect(response.headers['set-cookie']).toEqual(['first=1', 'a=1', 'b=2']);
      expect(response.headers['x-a']).toBe('1');
      expect(app.errors).toEqual([]);
    });

    it('no client gets the cookies of another one, also if the app’s objects are constants', async () => {
      app = await start(later());
      const cookiesOf = async (path: string, own: string): Promise<string[]> => {
        hook.answerWith({ headers: { 'set-cookie': own }, body: { 'x-hasura-role': 'user' } });
        const { headers } = await request(app.url).get(path);
        return [headers['set-cookie'] ?? []].flat().filter((cookie) => cookie !== 'first=1');
      };
      for (const path of ['/', '/broken'])
        for (const own of ['one=1', 'two=2']) expect(await cookiesOf(path, own)).toEqual([own]);
      hook.answerWith({ status: 401, headers: { 'set-cookie': 'three=3' } });
      const refused = await request(app.url).get('/').expect(401);
      expect(refused.headers['set-cookie']).toEqual(['first=1', 'three=3']);
      expect(app.errors).toHaveLength(2);
      for (const error of app.errors) expect(error).toMatchObject({ message: 'broken' });
    });

    it('an error in errorResponse names the option', async () => {
      app = await start({ ...atOnce(), errorResponse: () => ({ status: NaN }) });
      await request(app.url).get('/').expect(500);
      expect(app.errors).toMatchObject([
        { message: expect.stringMatching(/^errorResponse: the status/) },
      ]);
    });

    it('a webhook’s cookies reach the client, also if a later handler throws', async () => {
      hook.answerWith({
        headers: { 'set-cookie': ['a=1', 'b=2'] },
        body: { 'x-hasura-role': 'user' },
      });
      app = await start(later());
      const cookies = ['first=1', 'a=1', 'b=2'];
      const good = await request(app.url).get('/').expect(200);
      expect(good.headers['set-cookie']).toEqual(cookies);
      const broken = await request(app.url).get('/broken').expect(500);
      expect(broken.headers['set-cookie']).toEqual(expect.arrayContaining(cookies.slice(1)));
      expect(app.errors).toMatchObject([{ message: 'broken' }]);
    });

    it('an error that is forwarded holds no claim’s value', async () => {
      const { spki = '' } = testKey('rsa');
      app = await start({
        adminSecret: 'secret',
        jwtSecret: { type: 'RS256', key: spki, claims_format: 'stringified_json' },
        errorResponse: 'forward',
        logger,
      });
      const authorization = `Bearer ${await mintToken(stringified)}`;
      await request(app.url).get('/').set({ authorization }).expect(401);
      expect(app.errors).toEqual([expect.any(Error)]);
      const [error] = app.errors as Error[];
      expect(isAuthError(error)).toBe(true);
      expect(`${error?.message} ${error?.stack}`).toContain('expecting stringified json');
      expect(`${error?.message} ${error?.stack}`).not.toContain('a value of a claim');
    });
  });
}
