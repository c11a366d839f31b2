import assert from 'node:assert/strict';
import { createAuthenticator, AuthError, ConfigError } from '@hasura-auth/core';

async function main() {
  const { authenticate } = createAuthenticator({ adminSecret: 's' });
  const session = await authenticate({ headers: { 'x-hasura-admin-secret': 's' } });
  assert.equal(session.role, 'admin');
  await assert.rejects(
    authenticate({ headers: {} }),
    (error) => error instanceof AuthError && error.code === 'access-denied' && error.status === 401,
  );
  assert.throws(() => createAuthenticator({ adminSecret: '' }), ConfigError);
  console.log('done');
}
main();
