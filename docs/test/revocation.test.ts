import * as onExpress from '@hasura-auth/express';
import { createTestIssuer } from '@hasura-auth/testing';
import express, { type RequestHandler } from 'express';
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
  const { app } = runBlock(block(note), {
    express: defaultOf(express),
    '@hasura-auth/express': { ...onExpress, optionsFromEnv: () => options },
  });
  const url = await addressOf(express().use(app as RequestHandler));
  return { issuer, url };
}

it('the route of the page logs a user out', async () => {
  const { issuer, url } = await appOf('revoke');
  const authorization = `Bearer ${await issuer.token({ claims: { sub: 'ada' } })}`;
  const statuses = [];
  for (let time = 0; time < 2; time++)
    statuses.push(
      (await fetch(`${url}/log-out`, { method: 'POST', headers: { authorization } })).status,
    );
  expect(statuses).toEqual([204, 401]);
});

it('the route for logout tokens of the page answers before anything is authenticated', async () => {
  const { url } = await appOf('back-channel-logout');
  const body = new URLSearchParams({ logout_token: 'nonsense' });
  const response = await fetch(`${url}/back-channel-logout`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});
