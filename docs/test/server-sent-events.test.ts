import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as core from '@hasura-auth/core';
import * as adapter from '@hasura-auth/express';
import express from 'express';
import { SignJWT } from 'jose';
import { codeBlocks, top } from './code-blocks.js';
import { runBlock } from './run-block.js';

const key = 'a shared secret of the test, 32 bytes or more';

it('the example for server-sent events ends the response when the token expires', async () => {
  const block = codeBlocks(`${top}/docs/websocket.md`).find(({ note }) => note === 'sse');
  if (block === undefined) throw new Error('no block has the note sse');
  const configured = adapter.hasuraAuth({ adminSecret: false, jwtSecret: { type: 'HS256', key } });
  const { app } = runBlock(block, {
    '@hasura-auth/core': core,
    '@hasura-auth/express': { ...adapter, hasuraAuth: () => configured },
    express: { __esModule: true, default: express },
  });
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const exp = (Date.now() + 500) / 1000;
  const token = await new SignJWT({
    'https://hasura.io/jwt/claims': {
      'x-hasura-default-role': 'user',
      'x-hasura-allowed-roles': ['user'],
    },
    exp,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
  const response = await fetch(`http://127.0.0.1:${String(port)}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toBe('data: hello\n\n'); // resolves when the response ends
  expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);

  server.close();
  await once(server, 'close');
});
