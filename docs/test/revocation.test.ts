import * as onExpress from '@hasura-auth/express';
import * as onFastify from '@hasura-auth/fastify';
import * as onKoa from '@hasura-auth/koa';
import { createTestIssuer } from '@hasura-auth/testing';
import Router from '@koa/router';
import express, { type RequestHandler } from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { codeBlocks, top, type CodeBlock } from './code-blocks.js';
import { defaultOf } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

function block(note: string): CodeBlock {
  const found = codeBlocks(`${top}/docs/revocation.md`).find((one) => one.note === note);
  if (found === undefined) throw new Error(`docs/revocation.md has no block ${note}`);
  return found;
}
afterEach(closeAll);

/** The app of a block, whose configuration is that of a test issuer. */
async function appOf(note: string) {
  const issuer = await createTestIssuer();
  const options = {
    adminSecret: false,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
    logger: { warn: () => undefined, error: () => undefined },
  };
  const optionsFromEnv = (): object => options;
  const { app } = runBlock(block(note), {
    express: defaultOf(express),
    koa: defaultOf(Koa),
    '@koa/router': defaultOf(Router),
    fastify: defaultOf(Fastify),
    '@hasura-auth/express': { ...onExpress, optionsFromEnv },
    '@hasura-auth/koa': { ...onKoa, optionsFromEnv },
    '@hasura-auth/fastify': { ...onFastify, optionsFromEnv },
  });
  return { issuer, app };
}

it('the route of the page logs a user out', async () => {
  const { issuer, app } = await appOf('revoke');
  const url = await addressOf(express().use(app as RequestHandler));
  const authorization = `Bearer ${await issuer.token({ claims: { sub: 'ada' } })}`;
  const statuses = [];
  for (let time = 0; time < 2; time++)
    statuses.push(
      (await fetch(`${url}/log-out`, { method: 'POST', headers: { authorization } })).status,
    );
  expect(statuses).toEqual([204, 401]);
});

it.each(['back-channel-logout', 'back-channel-logout=koa', 'back-channel-logout=fastify'])(
  'the route for logout tokens of the page answers before anything is authenticated: %s',
  async (note) => {
    const url = await addressOf((await appOf(note)).app);
    const body = new URLSearchParams({ logout_token: 'nonsense' });
    const response = await fetch(`${url}/back-channel-logout`, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    expect((await fetch(url)).status).toBe(401); // everything else is protected
  },
);
