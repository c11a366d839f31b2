import * as diagnostics from 'node:diagnostics_channel';
import * as http from 'node:http';
import { Writable } from 'node:stream';
import * as core from '@hasura-auth/core';
import * as onExpress from '@hasura-auth/express';
import * as opentelemetry from '@hasura-auth/opentelemetry';
import * as prometheus from '@hasura-auth/prometheus';
import { createTestIssuer } from '@hasura-auth/testing';
import * as otelInstrumentation from '@opentelemetry/instrumentation';
import express, { type RequestHandler } from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import * as promClient from 'prom-client';
import { codeBlocks, top, type CodeBlock } from './code-blocks.js';
import { defaultOf, installed } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

const modules = installed({ HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-random-admin-secret' });
function block(page: string, note: string): CodeBlock {
  const found = codeBlocks(`${top}/docs/${page}.md`).find((one) => one.note === note);
  if (found === undefined) throw new Error(`docs/${page}.md has no block ${note}`);
  return found;
}

// Channels belong to the process, which runs other test files too: what an example subscribes ends with its test.
const subscriptions: (() => void)[] = [];
const subscribedForTest = (name: string): object => {
  const channels = diagnostics.tracingChannel(name);
  const during = (part: 'end' | 'asyncEnd'): object => ({
    subscribe(listener: (message: unknown) => void) {
      channels[part].subscribe(listener);
      subscriptions.push(() => channels[part].unsubscribe(listener));
    },
  });
  return { end: during('end'), asyncEnd: during('asyncEnd') };
};
afterEach(() => {
  for (const end of subscriptions.splice(0)) end();
});

afterEach(closeAll);

it('the example of onRefused writes a line for a rejected request', async () => {
  const { auth, lines } = runBlock(block('observability', 'on-refused'), modules);
  const url = await addressOf(express().use(auth as RequestHandler));
  await fetch(url, { headers: { 'x-hasura-admin-secret': 'wrong' } });
  expect(lines).toEqual([
    JSON.stringify({
      status: 401,
      kind: 'wrong-secret',
      reason: 'invalid x-hasura-admin-secret/x-hasura-access-key',
      method: 'GET',
    }),
  ]);
});

it('the log line of the page is the one that logRefusals writes', async () => {
  const issuer = await createTestIssuer();
  const warn = jest.fn();
  const app = express().use(
    onExpress.hasuraAuth({
      adminSecret: false,
      jwtSecret: issuer.jwtSecret,
      fetch: issuer.fetch,
      logRefusals: true,
      logger: { warn, error: warn },
    }),
  );
  const authorization = `Bearer ${await issuer.expiredToken()}`;
  await fetch(`${await addressOf(app)}/me?page=2`, { headers: { authorization } });
  const line = codeBlocks(`${top}/docs/observability.md`).find(
    ({ language }) => language === 'text',
  );
  expect(warn.mock.calls).toEqual([[line?.code.trim()]]);
});

it('the example of channels counts decisions by method and kind', async () => {
  const { metrics } = runBlock(block('observability', 'metrics'), {
    'node:diagnostics_channel': { ...diagnostics, tracingChannel: subscribedForTest },
  });
  const authenticator = core.createAuthenticator({ adminSecret: 'a-long-random-admin-secret' });
  const headers = { 'x-hasura-admin-secret': 'a-long-random-admin-secret' };
  await authenticator.authenticate({ headers });
  await authenticator.authenticate({ headers });
  await authenticator.authenticate({ headers: {} }).catch(() => undefined);
  expect((metrics as () => string)()).toBe(
    'hasura_auth_decisions_total{method="admin-secret",kind=""} 2\n' +
      'hasura_auth_decisions_total{method="",kind="missing-secret"} 1\n',
  );
});

it('the example of Prometheus answers a scrape with the decisions of the app', async () => {
  const register = new promClient.Registry();
  const stops: (() => void)[] = [];
  const { app } = runBlock(block('observability', 'prometheus'), {
    ...modules,
    'prom-client': { ...promClient, register },
    '@hasura-auth/prometheus': {
      metrics: () => stops.push(prometheus.metrics({ register }).stop),
    },
  });
  const url = await addressOf(app);
  await fetch(url, { headers: { 'x-hasura-admin-secret': 'wrong' } });
  const scraped = await fetch(`${url}/metrics`);
  expect(scraped.headers.get('content-type')).toContain('text/plain');
  expect(await scraped.text()).toContain(
    'hasura_auth_authenticate_duration_seconds_count{result="failure",error_type="wrong-secret"} 1\n',
  );
  for (const stop of stops) stop();
});

it('the example of OpenTelemetry registers an instrumentation that is enabled', () => {
  const { instrumentation } = runBlock(block('observability', 'opentelemetry'), {
    '@hasura-auth/opentelemetry': opentelemetry,
    '@opentelemetry/instrumentation': otelInstrumentation,
  });
  const registered = instrumentation as opentelemetry.HasuraAuthInstrumentation;
  expect(diagnostics.hasSubscribers('tracing:hasura-auth.authenticate:end')).toBe(true);
  registered.disable();
  expect(diagnostics.hasSubscribers('tracing:hasura-auth.authenticate:end')).toBe(false);
});

it('the example of /readyz answers 503 with the reason until the key set is there, which it fetches', async () => {
  const issuer = await createTestIssuer();
  const { app } = runBlock(block('observability', 'readyz'), {
    ...modules,
    '@hasura-auth/express': {
      ...onExpress,
      hasuraAuth: () =>
        onExpress.hasuraAuth({
          adminSecret: false,
          jwtSecret: issuer.jwtSecret,
          fetch: issuer.fetch,
        }),
    },
  });
  const url = await addressOf(app);
  const first = await fetch(`${url}/readyz`);
  expect(first.status).toBe(503);
  expect(await first.json()).toMatchObject({ ready: false, keySets: [{ state: 'absent' }] });
  let later = await fetch(`${url}/readyz`);
  for (let attempt = 0; attempt < 50 && later.status !== 200; attempt++)
    later = await fetch(`${url}/readyz`);
  expect(later.status).toBe(200);
  expect(await later.json()).toMatchObject({ ready: true, keySets: [{ state: 'fresh', keys: 1 }] });
});

it('the example of readiness answers 503 until the key set is fetched', async () => {
  const issuer = await createTestIssuer();
  const { app, ready } = runBlock(block('deployment', 'ready'), {
    ...modules,
    '@hasura-auth/express': {
      ...onExpress,
      hasuraAuth: () =>
        onExpress.hasuraAuth({
          adminSecret: false,
          jwtSecret: issuer.jwtSecret,
          fetch: issuer.fetch,
        }),
    },
  });
  const url = await addressOf(app);
  await ready;
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/me`)).status).toBe(401);
});

it('the example of a logger writes no credentials', async () => {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const { app } = runBlock(block('deployment', 'redact'), {
    fastify: defaultOf((options: { logger: object }) =>
      fastify({ ...options, logger: { ...options.logger, stream } }),
    ),
    http,
  });
  (app as FastifyInstance).get('/me', () => ({}));
  const url = await addressOf(app);
  const headers = {
    authorization: 'Bearer MARKED',
    cookie: 'MARKED',
    'x-hasura-admin-secret': 'MARKED',
  };
  await fetch(`${url}/me?token=MARKED`, { headers });
  expect(written).toContain('[Redacted]');
  expect(written).not.toContain('MARKED');
});
