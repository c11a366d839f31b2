import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as adapter from '@hasura-auth/core/adapter';
import { codeBlocks, top } from './code-blocks.js';
import { runBlock } from './run-block.js';

const options = { adminSecret: 'a-long-random-admin-secret' };
let server: http.Server;
let url: string;

beforeAll(async () => {
  const block = codeBlocks(`${top}/docs/configuration.md`).find(({ note }) => note === 'adapter');
  if (block === undefined) throw new Error('no block has the note adapter');
  const exported = runBlock(block, {
    'node:http': http,
    '@hasura-auth/core/adapter': {
      ...adapter,
      createAdapter: () => adapter.createAdapter(options),
    },
  });
  server = (exported['server'] as http.Server).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
});

it('the example of an adapter sends the session of an accepted request', async () => {
  const response = await fetch(url, { headers: { 'x-hasura-admin-secret': options.adminSecret } });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ role: 'admin', method: 'admin-secret' });
});

it('the example of an adapter rejects a wrong admin secret', async () => {
  const response = await fetch(url, { headers: { 'x-hasura-admin-secret': 'wrong' } });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(/^HasuraAdminSecret/);
  expect(await response.json()).toHaveProperty('errors.0.extensions.code', 'access-denied');
});
