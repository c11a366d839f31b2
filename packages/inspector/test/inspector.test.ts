import { request as connect } from 'node:http';
import express from 'express';
import { fastify } from 'fastify';
import Koa from 'koa';
import { inspector } from '@hasura-auth/inspector';
import { fromPage, serve, serveInspector, type TestServer } from './inspector-server.js';

describe('the page', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serveInspector();
  });
  afterAll(() => server.close());

  test('has a Content-Security-Policy that allows its own files only, and is not kept or framed', async () => {
    const { status, headers } = await server.request('GET', '/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test('has no script, style or handler of its own inside it', async () => {
    const { text } = await server.request('GET', '/');
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i);
  });

  test('names only files that its server has, with a type that fits', async () => {
    const { text } = await server.request('GET', '/');
    const named = [...text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    const queue = [...new Set(named)];
    const seen = new Set<string>();
    for (const name of queue) {
      if (seen.has(name)) continue;
      seen.add(name);
      const file = await server.request('GET', `/${name}`);
      expect([name, file.status]).toEqual([name, 200]);
      const ending = name.slice(name.lastIndexOf('.') + 1);
      expect(file.headers['content-type']).toMatch(
        { js: /javascript/, css: /css/, svg: /svg/ }[ending] ?? /nothing/,
      );
      expect(file.text).not.toMatch(
        /https?:\/\/(?!picocss\.com|www\.w3\.org)[^\s'")]*\.(?:js|css|woff)/,
      );
      if (ending === 'js')
        queue.push(
          ...[...file.text.matchAll(/from '\.\/([^']+)'/g)].map(([, module = '']) => module),
        );
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['main.js', 'dom.js', 'answer.js', 'pico.css']),
    );
  });

  test('answers HEAD without a body, with the length of the page', async () => {
    const page = await server.request('GET', '/');
    const head = await server.request('HEAD', '/');
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(page.text)));
  });

  test.each([
    '/nothing',
    '/api/start',
    '/../package.json',
    '/%2e%2e/package.json',
    '/page-files.ts',
    '/tsconfig.json',
  ])('the path %s has nothing for a GET', async (path) => {
    const { status, text } = await server.request('GET', path);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({ error: 'The inspector has nothing at this path.' });
  });

  test.each(['/', '/api/', '/api/constructor', '/api/__proto__', '/main.js'])(
    'the path %s has nothing for a POST',
    async (path) => {
      const { status } = await server.request('POST', path, fromPage(server.origin), '{}');
      expect(status).toBe(404);
    },
  );
});

describe('a body', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serveInspector();
  });
  afterAll(() => server.close());
  const post = async (body: string | Buffer): Promise<[number, unknown]> => {
    const { status, text } = await server.request(
      'POST',
      '/api/explain',
      fromPage(server.origin),
      body,
    );
    return [status, JSON.parse(text)];
  };

  test.each([
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '\u0000',
    '{"request":1}',
    '{"request":"x","configuration":[]}',
  ])('%j is rejected with one sentence', async (body) => {
    const [status, answer] = await post(body);
    expect(status).toBe(400);
    expect(answer).toEqual({ error: expect.stringMatching(/^[^\n]+\.$/) });
  });

  test('of more than 256 KiB is rejected before it is read to its end', async () => {
    const [status, answer] = await post(JSON.stringify({ request: 'x'.repeat(262_144) }));
    expect(status).toBe(413);
    expect(answer).toEqual({ error: 'The text is too large; at most 256 KiB are read.' });
    expect((await post('{}'))[0]).toBe(400);
  });

  test('that ends with its connection harms nothing', async () => {
    await new Promise<void>((resolve) => {
      const sent = connect(`${server.origin}/api/explain`, {
        method: 'POST',
        headers: { ...fromPage(server.origin), 'content-length': '1000' },
      });
      sent.once('error', () => {
        resolve();
      });
      sent.write('{"request":', () => sent.destroy(new Error('gone')));
    });
    expect((await server.ask('start')).status).toBe(200);
  });
});

describe('mounted', () => {
  const inspected = async (server: TestServer): Promise<void> => {
    expect(await server.request('GET', '/inspector')).toMatchObject({
      status: 308,
      headers: { location: 'inspector/' },
    });
    const page = await server.request('GET', '/inspector/?from=here');
    expect(page.text).toContain('<title>hasura-auth inspector</title>');
    expect((await server.ask('start')).status).toBe(200);
    const { body } = await server.ask<{ error: string }>('explain', {
      request: '',
      configuration: '',
    });
    expect(body.error).toMatch(/the text is empty/);
    expect(await server.request('GET', '/')).toMatchObject({ status: 200, text: 'the app' });
    expect((await server.request('GET', '/inspectors')).text).toBe('the app');
    await server.close();
  };

  test('on a server of node:http, the app answers what is not for the inspector', async () => {
    const inspect = inspector();
    const server = await serve((req, res) => {
      inspect(req, res, () => res.end('the app'));
    }, '/inspector');
    await inspected(server);
  });

  test('on a server of node:http without an app, everything else is 404', async () => {
    const server = await serve(inspector(), '/inspector');
    const { status, text } = await server.request('GET', '/');
    expect([status, text]).toEqual([404, '{"error":"The inspector is at /inspector/."}']);
    await server.close();
  });

  test('in Express', async () => {
    const app = express();
    app.use(inspector());
    app.use((req, res) => void res.send('the app'));
    await inspected(await serve(app, '/inspector'));
  });

  test('in Express, behind a body parser', async () => {
    const app = express();
    app.use(express.json());
    app.use(inspector());
    app.use((req, res) => void res.send('the app'));
    await inspected(await serve(app, '/inspector'));
  });

  test('in Express, below a path of the app', async () => {
    const app = express();
    app.use('/tools', inspector());
    const server = await serve(app, '/tools/inspector');
    expect((await server.request('GET', '/tools/inspector/')).status).toBe(200);
    expect((await server.ask('start')).status).toBe(200);
    await server.close();
  });

  test('in Koa', async () => {
    const app = new Koa();
    const inspect = inspector();
    app.use(async (ctx, next) => {
      if (inspect(ctx.req, ctx.res, () => undefined)) ctx.respond = false;
      else await next();
    });
    app.use((ctx) => {
      ctx.body = 'the app';
    });
    const callback = app.callback();
    await inspected(await serve((req, res) => void callback(req, res), '/inspector'));
  });

  test('in Fastify', async () => {
    const app = fastify();
    const inspect = inspector();
    app.addHook('onRequest', (request, reply, done) => {
      if (inspect(request.raw, reply.raw, done)) reply.hijack();
    });
    app.get('/*', (request, reply) => reply.send('the app'));
    await app.ready();
    await inspected(await serve(app.routing, '/inspector'));
    await app.close();
  });

  test('after a middleware that read the body and kept nothing, it says where to mount it', async () => {
    const inspect = inspector({ path: '/' });
    const server = await serve((req, res) => {
      req.resume();
      req.once('end', () => inspect(req, res));
    }, '');
    const { status, body } = await server.ask('start');
    expect([status, body]).toEqual([
      500,
      { error: 'Another middleware has read the body; mount the inspector before body parsers.' },
    ]);
    await server.close();
  });
});

test.each(['', 'inspector', '//evil.example', '/a?b', '/a b', 3, null])(
  'the path %j is refused at the start',
  (path) => {
    // @ts-expect-error what JavaScript passes
    expect(() => inspector({ path })).toThrow(/^path: expected a path that begins with a slash/);
  },
);
