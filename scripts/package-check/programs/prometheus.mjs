import assert from 'node:assert/strict';
import { createAuthenticator } from '@hasura-auth/core';
import { metrics } from '@hasura-auth/prometheus';
import { register } from 'prom-client';

async function main() {
  const { stop } = metrics();
  const { authenticate } = createAuthenticator({ adminSecret: 's' });
  await authenticate({ headers: { 'x-hasura-admin-secret': 's' } });
  assert.match(
    await register.metrics(),
    /^hasura_auth_authenticate_duration_seconds_count\{method="admin-secret",result="success"\} 1$/m,
  );
  stop();
  assert.doesNotMatch(await register.metrics(), /hasura_auth/);
  console.log('done');
}
main();
