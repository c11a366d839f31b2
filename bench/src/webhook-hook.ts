// Runs in its own process: an auth hook that responds after a delay in milliseconds, `webhook-hook.ts 50`.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';

const delayMs = Number(argv[2] ?? 50);
const body = JSON.stringify({ 'x-hasura-role': 'user', 'x-hasura-user-id': '1' });

const server = createServer((request, response) => {
  request.resume();
  const send = (): void => {
    response.setHeader('Content-Type', 'application/json');
    response.end(body);
  };
  if (delayMs === 0) send();
  else setTimeout(send, delayMs);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.(`http://127.0.0.1:${String(port)}/`);
});
