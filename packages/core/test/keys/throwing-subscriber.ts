// A process whose subscribers of all channels throw, for the test of what becomes of that. Its argument is the address of
// a key set.
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import { createAuthenticator, isAuthError } from '@hasura-auth/core';

let uncaught = 0;
process.on('uncaughtException', () => {
  uncaught += 1;
});
for (const name of ['authenticate', 'key-set', 'webhook'])
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error'])
    subscribe(`tracing:hasura-auth.${name}:${event}`, () => {
      throw new Error('a subscriber failed');
    });

const { authenticate, ready } = createAuthenticator({
  adminSecret: 'a-long-admin-secret',
  jwtSecret: { jwk_url: process.argv[2] ?? '' },
});
const { role } = await authenticate({
  headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' },
});
const status = await authenticate({ headers: {} }).then(
  () => 200,
  (error: unknown) => (isAuthError(error) ? error.status : 0),
);
await ready();
await new Promise(setImmediate);
process.stdout.write(`${role}, ${String(status)}, ready, uncaught: ${String(uncaught)}`);
