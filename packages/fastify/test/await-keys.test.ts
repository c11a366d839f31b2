import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { hasuraAuth } from '@hasura-auth/fastify';
import {
  mintToken,
  startJwksServer,
  testKey,
  type JwksServer,
  keptLog,
} from '@hasura-auth/testkit';

const keys = [{ ...testKey('rsa').publicJwk, kid: 'a' }];
const token = mintToken({
  sign: { key: 'rsa', alg: 'RS256', header: { kid: 'a' } },
  claims: {
    'https://hasura.io/jwt/claims': {
      'x-hasura-allowed-roles': ['user'],
      'x-hasura-default-role': 'user',
    },
  },
});

let jwks: JwksServer;
let app: FastifyInstance;

beforeEach(async () => {
  jwks = await startJwksServer({ keys });
  app = Fastify();
  app.get('/', (request) => ({ role: request.hasura?.role }));
});
afterEach(async () => {
  await app.close();
  await jwks.close();
});

function register(awaitKeys?: boolean): PromiseLike<unknown> {
  return app.register(hasuraAuth, {
    adminSecret: 'secret',
    jwtSecret: { jwk_url: jwks.url },
    logger: keptLog().logger,
    ...(awaitKeys !== undefined && { awaitKeys }),
  });
}

async function get(headers: Record<string, string>): Promise<[status: number, body: unknown]> {
  const response = await app.inject({ url: '/', headers });
  return [response.statusCode, response.json()];
}

const bearer = async (): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await token}`,
});

describe('with awaitKeys', () => {
  it('an app starts when the keys are there', async () => {
    await register(true);
    await app.ready();
    expect(jwks.fetches).toBe(1);
    expect(await get(await bearer())).toEqual([200, { role: 'user' }]);
    expect(jwks.fetches).toBe(1);
  });

  it('an app refuses to start without them, and says why', async () => {
    jwks.misbehave({ status: 500 });
    await expect(register(true)).rejects.toThrow(
      `the key set of ${jwks.url} is not available: the response has the status 500`,
    );
  });

  it('an app refuses to start with a set that has no key in it', async () => {
    jwks.rotate();
    await expect(register(true)).rejects.toThrow('none of its keys can be used');
  });

  it('an app that refused to start closes what it made', async () => {
    jwks.misbehave({ status: 500 });
    const unsubscribe = jest.fn();
    const store = {
      load: () => Readable.from([]),
      add: () => Promise.resolve(),
      subscribe: () => unsubscribe,
    };
    const options = { adminSecret: 'secret', jwtSecret: { jwk_url: jwks.url }, awaitKeys: true };
    const { logger } = keptLog();
    await expect(
      app.register(hasuraAuth, { ...options, logger, revocations: store }),
    ).rejects.toThrow('is not available');
    expect(unsubscribe).not.toHaveBeenCalled();
    await app.close();
    expect(unsubscribe).toHaveBeenCalledTimes(1);
  });

  it('the option must be true or false', async () => {
    const wrong = 'yes' as unknown as boolean; // as JavaScript can
    await expect(register(wrong)).rejects.toThrow(
      'awaitKeys: expected true or false, got a string',
    );
  });
});

describe.each([
  ['by default', undefined],
  ['with awaitKeys: false', false],
])('%s', (_, awaitKeys) => {
  it('an app starts without a fetch, and answers tokens with 503 until the keys are there', async () => {
    jwks.misbehave({ status: 500 });
    await register(awaitKeys);
    await app.ready();
    expect(jwks.fetches).toBe(0);
    const refused = await app.inject({ url: '/', headers: await bearer() });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(await get({ 'x-hasura-admin-secret': 'secret' })).toEqual([200, { role: 'admin' }]);
    jwks.recover();
    await app.hasuraAuth.ready();
    expect(await get(await bearer())).toEqual([200, { role: 'user' }]);
  });
});
