import { optionsFromEnv as readOptions, type AuthOptions } from '@hasura-auth/core';
import * as onExpress from '@hasura-auth/express';
import * as onFastify from '@hasura-auth/fastify';
import * as onInspector from '@hasura-auth/inspector';
import * as onKoa from '@hasura-auth/koa';
import { codeBlocks, top } from './code-blocks.js';
import { installed } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

const secret = 'a-long-random-admin-secret';
const env = { HASURA_GRAPHQL_ADMIN_SECRET: secret };
const optionsFromEnv = (): AuthOptions => readOptions(env);
const modules = {
  ...installed(env),
  '@hasura-auth/express': { ...onExpress, optionsFromEnv },
  '@hasura-auth/koa': { ...onKoa, optionsFromEnv },
  '@hasura-auth/fastify': { ...onFastify, optionsFromEnv },
  '@hasura-auth/inspector': onInspector,
  'node:process': { env: {} },
};
const blocks = codeBlocks(`${top}/docs/inspector.md`).filter(({ note }) =>
  note.startsWith('inspector='),
);
afterEach(closeAll);

it('docs/inspector.md has an example for each framework', () => {
  expect(blocks.map(({ note }) => note)).toEqual([
    'inspector=express',
    'inspector=koa',
    'inspector=fastify',
  ]);
});

it.each(blocks)('$note: the page explains by the app’s own configuration', async (block) => {
  const { app } = runBlock(block, modules);
  const url = await addressOf(app);
  const page = await fetch(`${url}/inspector/`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>');
  const explained = await fetch(`${url}/inspector/api/explain`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ request: 'x-hasura-admin-secret: wrong' }),
  });
  expect(JSON.stringify(await explained.json())).toContain('access-denied');
  expect((await fetch(url)).status).toBe(401);
  const admin = await fetch(url, { headers: { 'x-hasura-admin-secret': secret } });
  expect(admin.status).toBe(404); // the app has no route
});
