import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type RequestListener } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import request from 'supertest';
import {
  createAuthenticator,
  isAuthError,
  optionsFromEnv,
  type AuthOptions,
  type ErrorResponse,
  type RefusalKind,
} from '@hasura-auth/core';
import { createAdapter } from '@hasura-auth/core/adapter';
import { hasuraAuth as expressAuth, requireRole as expressRole } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth, requireRole as fastifyRole } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth, requireRole as koaRole } from '@hasura-auth/koa';
import { privatePem, testKey, type LoopbackServer } from '@hasura-auth/testkit';

import { markedModes, type MarkedMode } from '../src/marked-cases.js';
import { listen, protectedEndpoint } from '../src/running-app.js';
import { startMarkedServer } from '../src/marked-server.js';
import { shownText } from '../src/marked-tokens.js';
import { marked, Watch } from '../src/marks.js';

let server: LoopbackServer;
let modes: readonly MarkedMode[];
beforeAll(async () => {
  server = await startMarkedServer();
  modes = await markedModes(server.url);
});
afterAll(() => server.close());

const channels = [
  ...['authenticate', 'key-set', 'webhook'].flatMap((name) =>
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map(
      (event) => `tracing:hasura-auth.${name}:${event}`,
    ),
  ),
  ...['open', 'close', 'reauthenticate'].map((event) => `hasura-auth.connection:${event}`),
  ...['entry', 'gap', 'stale'].map((event) => `hasura-auth.revocation:${event}`),
];

/**
 * Everything that is published or logged while `run` runs: events, logs by the logger of `options`, warnings of the
 * process.
 */
async function watching(run: (watch: Watch, logger: AuthOptions['logger'] & object) => unknown) {
  const watch = new Watch();
  const events: unknown[] = [];
  const listen = (event: unknown, channel: string | symbol): void => {
    events.push(event);
    watch.see(`event ${String(channel)}`, event);
  };
  const lines: unknown[] = [];
  const log = (...parts: unknown[]): void => {
    lines.push(parts);
    for (const part of parts) watch.see('log', part);
  };
  const warning = jest.spyOn(process, 'emitWarning').mockImplementation((text) => {
    watch.see('process warning', text);
  });
  for (const channel of channels) subscribe(channel, listen);
  try {
    await run(watch, { warn: log, error: log });
  } finally {
    for (const channel of channels) unsubscribe(channel, listen);
    warning.mockRestore();
  }
  return { leaks: watch.leaks(), events, lines, seen: watch.size };
}

describe('the watch itself', () => {
  it('sees marks in texts, errors, causes and hidden members, in any case, and parts of tokens', () => {
    const hidden = Object.defineProperty({}, 'secret', { value: marked('hidden') });
    const deep = new Error('a', { cause: new Error('b', { cause: new Error(marked('cause')) }) });
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJlLWFuZC1tb3Jl';
    for (const value of [
      marked('a').toUpperCase(),
      hidden,
      deep,
      { a: [marked('b')] },
      `x ${token.slice(4, 48)}`,
    ]) {
      const watch = new Watch();
      watch.hide(token);
      watch.see('here', value);
      expect(watch.leaks()).toHaveLength(1);
    }
    const watch = new Watch();
    watch.hide(token);
    watch.see('here', { message: 'nothing of it' });
    expect(watch.leaks()).toEqual([]);
  });
});

// ── Configurations ─────────────────────────────────────────────────────────────────────────────────

/** A marked value in every shape that an option could have by mistake. */
function shapes(name: string): unknown[] {
  const value = marked(name);
  const json = JSON.stringify({ key: value, type: 'HS256' });
  return [
    value,
    [value],
    [value, 5],
    { a: value },
    { url: value },
    json,
    json.slice(0, -1),
    value.repeat(9),
  ];
}
const rsa = { type: 'RS256', key: testKey('rsa').spki ?? '' };
const options = [
  ...['adminSecret', 'adminSecrets', 'jwtSecret', 'jwtSecrets', 'authHook', 'unauthorizedRole'],
  ...['precedence', 'compatibility', 'errorResponse', 'unsecured', 'requireAudience', 'fetch'],
  ...['clientVariables', 'tokenCache', 'keySets', 'now', 'setTimeout'],
];
const members = [
  ...['type', 'key', 'jwk_url', 'claims_namespace', 'claims_namespace_path', 'claims_format'],
  ...[
    'audience',
    'issuer',
    'claims_map',
    'allowed_skew',
    'header',
    'extra_required_claims',
    'algorithms',
  ],
];
const privateKeys = [
  privatePem('rsa.pkcs8'),
  privatePem('p256.sec1'),
  JSON.stringify(testKey('rsa').privateJwk),
];

function* badConfigurations(): Generator<unknown> {
  for (const option of options)
    for (const value of shapes(option)) {
      yield { [option]: value };
      yield { adminSecret: marked('admin'), [option]: value };
      yield { adminSecret: marked('admin'), jwtSecret: rsa, [option]: value };
    }
  for (const member of members)
    for (const value of shapes(member))
      for (const type of ['HS256', 'HS512', 'RS256', 'Ed25519']) {
        const secret = { type, key: marked('key').repeat(3), [member]: value };
        yield { adminSecret: marked('admin'), jwtSecret: secret };
        yield { adminSecret: marked('admin'), jwtSecret: JSON.stringify(secret) };
        yield { adminSecret: marked('admin'), jwtSecrets: [secret, { ...rsa, [member]: value }] };
      }
  for (const key of privateKeys)
    for (const type of ['HS256', 'RS256', 'ES256'])
      yield { adminSecret: marked('admin'), jwtSecret: { type, key } };
}

describe('nothing marked is seen', () => {
  it('of a configuration, accepted or refused', async () => {
    let refused = 0;
    let accepted = 0;
    const { leaks } = await watching((watch, logger) => {
      for (const key of privateKeys)
        for (const line of key.split('\n')) if (!line.startsWith('-----')) watch.hide(line);
      for (const given of badConfigurations())
        for (const more of [{ logger }, {}])
          try {
            const authenticator = createAuthenticator({ ...(given as AuthOptions), ...more });
            watch.see('an authenticator', authenticator);
            accepted += 1;
          } catch (error) {
            watch.see('a ConfigError', error);
            refused += 1;
          }
    });
    expect(leaks).toEqual([]);
    expect(refused).toBeGreaterThan(1000);
    expect(accepted).toBeGreaterThan(100);
  }, 60_000);

  it('of an environment', async () => {
    const variables = [
      'ADMIN_SECRET',
      'ACCESS_KEY',
      'ADMIN_SECRETS',
      'JWT_SECRET',
      'JWT_SECRETS',
      'AUTH_HOOK',
      'AUTH_HOOK_MODE',
      'AUTH_HOOK_SEND_REQUEST_BODY',
    ];
    let refused = 0;
    const { leaks } = await watching((watch, logger) => {
      for (const variable of variables)
        for (const value of shapes(variable)) {
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          const env = {
            HASURA_GRAPHQL_ADMIN_SECRET: marked('admin'),
            [`HASURA_GRAPHQL_${variable}`]: text,
          };
          try {
            createAuthenticator({ ...optionsFromEnv(env), logger });
          } catch (error) {
            refused += 1;
            watch.see(variable, error);
          }
        }
    });
    expect(leaks).toEqual([]);
    expect(refused).toBeGreaterThan(20);
  });
});

// ── Requests ───────────────────────────────────────────────────────────────────────────────────────

const own: ErrorResponse = ({ status, code, message }) => ({ status, body: { code, message } });
const styles: readonly ErrorResponse[] = [
  'http',
  'engine',
  'graphql',
  'metadata',
  'problem',
  'forward',
  own,
];

describe('nothing marked is seen of a request that is refused', () => {
  it('in errors, steps, events and logs, whatever it is refused for', async () => {
    const kinds = new Set<RefusalKind>();
    const { leaks, events, lines } = await watching(async (watch, logger) => {
      for (const { name, options: given, requests, tokens } of modes) {
        for (const token of tokens) watch.hide(token);
        const authenticator = createAuthenticator({ ...given, logger });
        for (const headers of requests) {
          const decided = async () =>
            authenticator.decide({ headers, url: `/?${marked('url')}` }, (step) => {
              watch.see(`${name}: step`, step);
            });
          const outcome: unknown = await decided().catch((error: unknown) => error);
          if (!isAuthError(outcome)) continue; // a session holds what it is made of
          kinds.add(outcome.kind);
          if (outcome.message.includes(shownText)) {
            watch.see(`${name}: the one message that shows its value`, outcome.message);
            continue;
          }
          watch.see(`${name}: error`, outcome);
          for (const errorResponse of styles) {
            const see = (sent: unknown): void => watch.see(`${name}: response`, sent);
            const adapter = createAdapter({ authenticator, errorResponse });
            void adapter.refuse(outcome, { headers }, { refuse: see, forward: see });
          }
        }
        await authenticator.ready().catch((error: unknown) => watch.see(`${name}: ready`, error));
        watch.see(`${name}: the authenticator`, authenticator);
        await authenticator.close();
      }
    });
    expect(leaks).toEqual([]);
    expect([...kinds].sort()).toEqual([
      'ambiguous-token',
      'bad-backend-only',
      'hook-invalid-response',
      'hook-unauthorized',
      'hook-unreachable',
      'hook-without-role',
      'invalid-claims',
      'invalid-token',
      'keys-unavailable',
      'malformed-authorization',
      'missing-role-claim',
      'missing-secret',
      'missing-token',
      'role-not-allowed',
      'wrong-secret',
    ]);
    expect(events.length).toBeGreaterThan(200);
    expect(lines.length).toBeGreaterThan(10);
  }, 60_000);

  it('but in the message of claims that are no JSON, for their sender alone: 200 characters of them', async () => {
    const mode = modes.find(({ name }) => name === 'stringified claims');
    const [, headers = {}] = mode?.requests ?? [];
    const { events, lines } = await watching(async (_watch, logger) => {
      const { authenticate } = createAuthenticator({ ...mode?.options, logger });
      const error: unknown = await authenticate({ headers }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'invalid-claims' });
      expect(String(error)).toMatch(/but found: this text is shown to its sender, \.+$/);
      expect(String(error)).toContain(shownText);
    });
    expect(JSON.stringify([events, lines])).not.toContain('shown to its sender');
    expect(events).toHaveLength(3); // start, error and end of one decision
  });
});

// ── Over HTTP ──────────────────────────────────────────────────────────────────────────────────────

type Start = (
  given: AuthOptions,
  watch: Watch,
) => Promise<{ listener: RequestListener; close?: () => Promise<unknown> }>;

const apps: readonly [string, Start][] = [
  [
    'Express',
    (given, watch) => {
      const app = express();
      const errorHandler: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
        watch.see('Express: an error for the framework', error);
        next(error);
      };
      app.set('env', 'test'); // it writes nothing to the console, and answers with the whole stack
      app.use(expressAuth(given), expressRole('unused-role'), errorHandler);
      return Promise.resolve({ listener: app as RequestListener });
    },
  ],
  [
    'Koa',
    (given, watch) => {
      const app = new Koa();
      app.on('error', (error: unknown) => watch.see('Koa: an error for the framework', error));
      app.use(koaAuth(given)).use(koaRole('unused-role'));
      const handle = app.callback();
      return Promise.resolve({ listener: (req, res) => void handle(req, res) });
    },
  ],
  [
    'Fastify',
    async (given, watch) => {
      const write = (line: string): void => watch.see('Fastify: log', line);
      const app = Fastify({ logger: { level: 'trace', stream: { write } } });
      const { logger: _, ...own } = given; // so that core writes to Fastify's log
      await app.register(fastifyAuth, own);
      app.get('/', { preHandler: fastifyRole('unused-role') }, () => 'in');
      await app.ready();
      return { listener: (req, res) => void app.routing(req, res), close: () => app.close() };
    },
  ],
];
/** Styles differ in what core makes of a refusal, seen above; adapters in whether they answer it or pass it on. */
describe.each(apps)('nothing marked is seen through %s', (_, start) => {
  it.each(['http', 'forward'] as const)(
    'in the style %s: not in status, headers, body, nor in the error that the framework gets',
    async (errorResponse) => {
      let refused = 0;
      const { leaks } = await watching(async (watch, logger) => {
        for (const { name, options: given, requests, tokens } of modes) {
          for (const token of tokens) watch.hide(token);
          const { listener, close } = await start({ ...given, logger, errorResponse }, watch);
          const app = await listen(createServer(listener), protectedEndpoint());
          for (const headers of requests) {
            const { status, headers: sent, text } = await request(app.url).get('/').set(headers);
            if (text.includes(shownText)) continue; // to its sender alone
            if (status !== 200) refused += 1;
            watch.see(`${name}: response`, { status, sent, text });
          }
          await app.close();
          await close?.();
        }
      });
      expect(leaks).toEqual([]);
      expect(refused).toBeGreaterThan(150);
    },
    60_000,
  );
});
