import assert from 'node:assert/strict';
import { createAuthenticator } from '@hasura-auth/core';
import { inspector } from '@hasura-auth/inspector';
import { forms, providers, readConfiguration, readRequest } from '@hasura-auth/inspector/reading';

async function main() {
  const options = readConfiguration('{"adminSecret":"a-long-random-admin-secret"}');
  const request = readRequest(
    "curl http://localhost -H 'x-hasura-admin-secret: a-long-random-admin-secret'",
  );
  const session = await createAuthenticator(options).authenticate(request);
  assert.equal(session.role, 'admin');
  const firebase = providers.find(({ name }) => name === 'firebase');
  const secret = firebase.secret({ project: 'my-app-1234' });
  assert.deepEqual(JSON.parse(forms.find(({ name }) => name === 'line').print(secret)), secret);
  assert.equal(typeof inspector, 'function');
  console.log('done');
}
main();
