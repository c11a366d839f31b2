import type { IncomingMessage } from 'node:http';
import { inspector } from '@hasura-auth/inspector';
import { rejectionOf } from '../src/server/admission.js';
import { refuseProduction } from '../src/server/production.js';
import { fromPage, serveInspector, type TestServer } from './inspector-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await serveInspector();
});
afterAll(() => server.close());

const hostOf = (origin: string): string => new URL(origin).host;

/** A request that came over a socket from this address. */
const from = (remoteAddress: string | undefined): IncomingMessage =>
  ({
    method: 'GET',
    headers: { host: 'localhost:3000' },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage; // all that is read of it

test('the inspector refuses to start with NODE_ENV=production', () => {
  expect(() => {
    refuseProduction('production');
  }).toThrow(/^inspector: .*NODE_ENV=production/);
  const before = process.env['NODE_ENV'];
  try {
    process.env['NODE_ENV'] = 'production';
    expect(() => inspector()).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  } finally {
    process.env['NODE_ENV'] = before;
  }
  for (const environment of ['development', 'test', undefined])
    expect(() => {
      refuseProduction(environment);
    }).not.toThrow();
});

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
  'a client with the loopback address %s is answered',
  (address) => {
    expect(rejectionOf(from(address))).toBeUndefined();
  },
);

test.each(['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', '1270.0.0.1', undefined])(
  'a client with the address %s is not answered',
  (address) => {
    expect(rejectionOf(from(address))).toMatchObject({ status: 403 });
  },
);

test.each(['localhost', 'LOCALHOST:80', '127.0.0.1:4000', '[::1]:4000'])(
  'the page is served to the host name %s',
  async (host) => {
    expect((await server.request('GET', '/', { host })).status).toBe(200);
  },
);

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '192.0.2.1:4000',
  'localhost@evil.example',
  '0.0.0.0',
])(
  'a request for the host name "%s" is rejected, so that DNS rebinding gains nothing',
  async (host) => {
    const { status, text } = await server.request('GET', '/', { host });
    expect(status).toBe(403);
    expect(text).not.toContain('<html');
    const posted = await server.request(
      'POST',
      '/api/start',
      { ...fromPage(`http://${host}`), host },
      '{}',
    );
    expect(posted.status).toBe(403);
  },
);

test.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])(
  'a request that a proxy marked with %s is rejected',
  async (name) => {
    expect((await server.request('GET', '/', { [name]: '127.0.0.1' })).status).toBe(403);
  },
);

describe('a POST', () => {
  const post = async (change: Record<string, string | undefined>): Promise<number> => {
    const headers = Object.entries({ ...fromPage(server.origin), ...change });
    const sent = headers.filter((entry): entry is [string, string] => entry[1] !== undefined);
    return (await server.request('POST', '/api/start', Object.fromEntries(sent), '{}')).status;
  };

  test('is answered if the page sent it', async () => {
    expect(await post({})).toBe(200);
    expect(await post({ 'sec-fetch-site': undefined })).toBe(200);
    expect(await post({ origin: `http://LOCALHOST:1`, host: 'localhost:1' })).toBe(200);
  });

  test.each([
    ['without Origin', { origin: undefined }],
    ['with the Origin of another page', { origin: 'https://evil.example' }],
    ['with the Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['with the Origin null', { origin: 'null' }],
    ['that is same-site but of another origin', { 'sec-fetch-site': 'same-site' }],
    ['that is cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('%s is rejected', async (_, change) => {
    expect(await post(change)).toBe(403);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
    'with the content type %s, which a form could send, is rejected',
    async (type) => {
      expect(await post({ 'content-type': type })).toBe(415);
    },
  );

  test('whose host is right is compared with that host', async () => {
    expect(await post({ host: `localhost:${hostOf(server.origin).split(':')[1] ?? ''}` })).toBe(
      403,
    );
  });
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('the method %s is not allowed', async (method) => {
  const { status, headers } = await server.request(method, '/');
  expect(status).toBe(405);
  expect(headers['allow']).toBe('GET, HEAD, POST');
});

it('an unknown option is a ConfigError', () => {
  const wrong = { option: {} } as never; // what JavaScript may pass
  expect(() => inspector(wrong)).toThrow('"option" is unknown; did you mean options?');
});
