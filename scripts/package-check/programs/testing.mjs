import assert from 'node:assert/strict';
import { createAuthenticator } from '@hasura-auth/core';
import { createTestIssuer, sessionFor } from '@hasura-auth/testing';

async function main() {
  const { jwtSecret, fetch, signAs } = await createTestIssuer();
  const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret, fetch });
  const authorization = `Bearer ${await signAs('editor')}`;
  const session = await authenticate({ headers: { authorization } });
  assert.equal(session.role, sessionFor('editor').role);
  console.log('done');
}
main();
