import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { createTestClock } from '@hasura-auth/testing';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
import { AuthorizationCodes, type Grant } from '../src/development/codes.js';
import { hiddenFields, logInAt, post } from './browser.js';

const redirect_uri = 'http://127.0.0.1:5173/callback';
const code_verifier = 'v'.repeat(43);
const asked = {
  response_type: 'code',
  client_id: 'web-app',
  redirect_uri,
  scope: 'openid',
  state: 'state-1',
  code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
  code_challenge_method: 'S256',
};
const clock = createTestClock();
let issuer: DevelopmentIssuer;

beforeAll(async () => {
  issuer = await createDevelopmentIssuer({ now: clock.now });
});
afterAll(() => issuer.close());

const at = (path: string, query: Readonly<Record<string, string>> = {}): URL =>
  new URL(`${path}?${new URLSearchParams(query).toString()}`, issuer.issuer);
const codeOf = async (): Promise<string> => {
  const callback = await logInAt(at('/authorize', asked), { user: '7', roles: 'user' });
  return callback.searchParams.get('code') ?? '';
};
const redeem = (fields: Readonly<Record<string, string>>): Promise<Response> =>
  post(at('/token'), {
    grant_type: 'authorization_code',
    client_id: 'web-app',
    redirect_uri,
    code_verifier,
    ...fields,
  });

/** A request whose headers `fetch` would not send, such as another `Host`. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  body = '',
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(issuer.issuer);
    const sent = request({ hostname, port, path, headers, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end(body);
  });
}

describe('an authorization code', () => {
  it('is redeemed once', async () => {
    const code = await codeOf();
    expect((await redeem({ code })).status).toBe(200);
    const again = await redeem({ code });
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('is redeemed within a minute', async () => {
    const [early, late] = [await codeOf(), await codeOf()];
    clock.advance(59_999);
    expect((await redeem({ code: early })).status).toBe(200);
    clock.advance(1);
    expect((await redeem({ code: late })).status).toBe(400);
  });

  it.each([
    ['another verifier', { code_verifier: 'w'.repeat(43) }],
    ['a verifier that is too short', { code_verifier: 'v' }],
    ['another client', { client_id: 'other' }],
    ['another redirect URI', { redirect_uri: 'http://127.0.0.1:5173/other' }],
  ])('is refused and used up with %s', async (_, wrong) => {
    const code = await codeOf();
    expect((await redeem({ code, ...wrong })).status).toBe(400);
    expect((await redeem({ code })).status).toBe(400);
  });

  it('replaces the oldest of a thousand that nobody has redeemed', () => {
    const codes = new AuthorizationCodes(() => 0);
    const grant = { sid: 's' } as Grant; // nothing else of it is read
    const [first = '', second = ''] = Array.from({ length: 1001 }, () => codes.issue(grant));
    expect(codes.redeem(first)).toBeUndefined();
    expect(codes.redeem(second)).toBe(grant);
  });
});

describe('a request for a login', () => {
  it.each([
    ['another machine', 'https://app.example/callback'],
    ['a name that only begins like this machine', 'http://localhost.evil.example/'],
    ['credentials before another host', 'http://localhost@evil.example/'],
    ['another scheme', 'javascript:alert(1)//localhost'],
    ['a fragment', 'http://localhost/#x'],
    ['nothing', ''],
  ])('is not answered by a redirect if it leads to %s', async (_, uri) => {
    for (const response of [
      await fetch(at('/authorize', { ...asked, redirect_uri: uri }), { redirect: 'manual' }),
      await post(at('/authorize'), { ...asked, redirect_uri: uri, user: '7' }),
    ]) {
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
    }
  });

  it.each([
    ['without PKCE', { code_challenge_method: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with a challenge that is no hash', { code_challenge: 'x' }, 'invalid_request'],
    ['for the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['for a form post', { response_mode: 'form_post' }, 'invalid_request'],
    ['with a state that is too long', { state: 's'.repeat(2001) }, 'invalid_request'],
    ['without a page', { prompt: 'none' }, 'login_required'],
  ])('%s sends the client an error', async (_, wrong, error) => {
    const response = await fetch(at('/authorize', { ...asked, ...wrong }), { redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(redirect_uri);
    expect(location.searchParams.get('error')).toBe(error);
    expect(location.searchParams.get('iss')).toBe(issuer.issuer);
    expect(location.searchParams.get('code')).toBeNull();
  });

  it('that names a parameter twice sends the client an error', async () => {
    const url = at('/authorize', asked);
    url.searchParams.append('nonce', 'a');
    url.searchParams.append('nonce', 'b');
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.headers.get('location')).toContain('error=invalid_request');
  });
});

describe('the login page', () => {
  it('shows what the client sent as text, runs no script, and is shown in no frame', async () => {
    const client_id = `"><script>alert('1')</script>&amp;`;
    const response = await fetch(at('/authorize', { ...asked, client_id }));
    const html = await response.text();
    expect(html).not.toContain('<script');
    expect(hiddenFields(html)['client_id']).toBe(client_id);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:5173;");
  });

  it('comes back with the mistake and what was filled in', async () => {
    const fields = { ...asked, user: '7', roles: '<b>', variables: 'wrong' };
    const response = await post(at('/authorize'), fields);
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toMatch(/<p role="alert"[^>]*>Enter each variable on a line of its own/);
    expect(html).toContain('value="&lt;b&gt;"');
    expect(html).toContain('>wrong</textarea>');
  });
});

describe('a request to the development issuer', () => {
  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io:80',
    '0.0.0.0',
    '192.168.0.1',
  ])('for the host %j is refused, so that no other name reaches it', async (host) => {
    for (const path of ['/', '/token', '/control/rotate', '/.well-known/jwks.json'])
      expect((await raw(path, { host })).status).toBe(403);
  });

  it.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'x'])(
    'of a page at %j is refused',
    async (origin) => {
      for (const path of ['/token', '/authorize', '/control/outage', '/control/rotate']) {
        const response = await post(at(path), { grant_type: 'client_credentials' }, { origin });
        expect(response.status).toBe(403);
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
      }
      expect(issuer.status()).toMatchObject({ behaviour: { kind: 'normal' }, keys: [{}] });
    },
  );

  it('of a page at another port of this machine is answered, and its response can be read', async () => {
    const origin = 'http://localhost:5173';
    const response = await post(at('/token'), { grant_type: 'client_credentials' }, { origin });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    const preflight = await fetch(at('/token'), { method: 'OPTIONS', headers: { origin } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('with a body of more than 16 KiB is refused before the rest is read', async () => {
    const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' };
    const body = `user=${'x'.repeat(16_384)}`;
    expect((await raw('/token', headers, 'POST', body)).status).toBe(413);
  });

  it.each([
    ['JSON', 'POST', '/token', { 'content-type': 'application/json' }, 415],
    ['another method', 'PUT', '/token', {}, 405],
    ['GET instead of POST', 'GET', '/token', {}, 405],
    ['a path that does not exist', 'GET', '/nothing', {}, 404],
    ['an address with two hosts', 'GET', '//evil.example/token', {}, 404],
    ['an address that is none', 'OPTIONS', '*', {}, 400],
    ['another grant', 'POST', '/token', {}, 400],
  ] as const)('with %s is refused', async (_, method, path, headers, status) => {
    expect(await raw(path, { host: 'localhost', ...headers }, method)).toMatchObject({ status });
  });

  it('is answered with something other than 500, whatever bytes it holds', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const bytes of ['%', '%ff%00=%', '&&==', '\u0000', 'grant_type=%F0%28%8C%BC', '{"a":']) {
      for (const path of ['/token', '/authorize', '/end-session', '/userinfo', '/control/logout'])
        expect((await raw(path, { host: 'localhost', ...type }, 'POST', bytes)).status).not.toBe(
          500,
        );
      const authorization = `Basic ${Buffer.from(bytes).toString('base64')}`;
      const headers = { host: 'localhost', ...type, authorization };
      expect((await raw('/token', headers, 'POST', 'grant_type=client_credentials')).status).toBe(
        200,
      );
    }
  });
});

describe('the controls over HTTP', () => {
  const control = async (path: string, fields: Record<string, string> = {}): Promise<unknown> => {
    const response = await post(at(`/control/${path}`), fields);
    return response.headers.get('content-type') === 'application/json'
      ? response.json()
      : response.text();
  };

  afterEach(() => {
    issuer.recover();
  });

  it('replace the key, and add one that leaves the one before published', async () => {
    expect(await control('rotate', { previous: 'keep' })).toMatchObject({ keys: [{}, {}] });
    expect(await control('rotate')).toMatchObject({ keys: [{}] });
  });

  it('play an outage of everything but themselves', async () => {
    expect(await control('outage')).toMatchObject({ behaviour: { kind: 'outage' } });
    for (const path of [
      '/.well-known/jwks.json',
      '/.well-known/openid-configuration',
      '/authorize',
    ])
      expect((await fetch(at(path))).status).toBe(503);
    expect((await redeem({})).status).toBe(503);
    expect((await fetch(at('/'))).status).toBe(200);
    expect(await control('recover')).toMatchObject({ behaviour: { kind: 'normal' } });
    const keySet = await fetch(at('/.well-known/jwks.json'));
    expect(keySet.status).toBe(200);
    expect(keySet.headers.get('cache-control')).toBe('max-age=600');
  });

  it('hold responses back, which a client does not have to wait for', async () => {
    expect(await control('slow', { ms: '60000' })).toMatchObject({
      behaviour: { kind: 'slow', ms: 60_000 },
    });
    const signal = AbortSignal.timeout(20);
    await expect(fetch(at('/.well-known/jwks.json'), { signal })).rejects.toThrow('timeout');
    expect(await control('slow', { ms: '1' })).toMatchObject({ behaviour: { ms: 1 } });
    expect((await fetch(at('/.well-known/jwks.json'))).status).toBe(200);
  });

  it.each([
    ['slow', {}, 'slow: expected 0 to 600000 milliseconds'],
    ['slow', { ms: '1e9' }, 'slow: expected 0 to 600000 milliseconds'],
    ['logout', {}, 'logout: send sub or sid'],
    [
      'back-channel',
      { uri: 'https://app.example/' },
      'a back-channel logout URI is a http address',
    ],
  ])('refuse %s with %j', async (path, fields, message) => {
    expect(await control(path, fields as Record<string, string>)).toContain(message);
  });

  it('lead a browser back to the page at /, which shows the state and the configuration', async () => {
    const accept = { accept: 'text/html', origin: issuer.issuer };
    const response = await post(at('/control/outage'), {}, accept);
    expect(response.headers.get('location')).toBe('/');
    const html = await (await fetch(at('/'))).text();
    expect(html).toContain('It plays an outage');
    expect(html).toContain(JSON.stringify(issuer.jwtSecret).replaceAll('"', '&quot;'));
  });
});

describe('starting a development issuer', () => {
  it('is impossible in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(createDevelopmentIssuer()).rejects.toThrow(
        'does not start with NODE_ENV=production',
      );
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });

  it('at a port in use fails, and leaves the other issuer alone', async () => {
    const port = Number(new URL(issuer.issuer).port);
    await expect(createDevelopmentIssuer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect((await fetch(at('/control'))).status).toBe(200);
  });

  it('gives all other paths to another listener, whose errors end only that response', async () => {
    const other = await createDevelopmentIssuer({
      algorithm: 'ES256',
      otherwise(req, res) {
        if (req.url === '/throws') throw new Error('a mistake of the app');
        res.end('other');
      },
    });
    try {
      expect(await (await fetch(`${other.issuer}/`)).text()).toBe('other');
      await expect(fetch(`${other.issuer}/throws`)).rejects.toThrow('fetch failed');
      expect((await fetch(`${other.issuer}/.well-known/jwks.json`)).status).toBe(200);
      const headers = { origin: 'https://evil.example' };
      expect((await fetch(`${other.issuer}/`, { headers })).status).toBe(403);
    } finally {
      await other.close();
    }
  });
});
