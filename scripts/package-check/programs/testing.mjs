import assert from 'node:assert/strict';
import { createAuthenticator } from '@hasura-auth/core';
import { createTestIssuer, sessionFor } from '@hasura-auth/testing';
import { createDevelopmentIssuer } from '@hasura-auth/testing/development-issuer';

async function main() {
  const { jwtSecret, fetch, signAs } = await createTestIssuer();
  const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret, fetch });
  const authorization = `Bearer ${await signAs('editor')}`;
  const session = await authenticate({ headers: { authorization } });
  assert.equal(session.role, sessionFor('editor').role);
  const issuer = await createDevelopmentIssuer();
  assert.equal((await globalThis.fetch(issuer.issuer + '/authorize')).status, 400);
  await issuer.close();
  console.log('done');
}
main();
