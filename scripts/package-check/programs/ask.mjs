// Asks a protected app as an admin, as another role and without credentials.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const refusal = {
  errors: [
    {
      extensions: { path: '$', code: 'access-denied' },
      message: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    },
  ],
};
export async function ask(port) {
  const get = (headers) => fetch('http://127.0.0.1:' + port + '/', { headers });
  const admin = await get({ 'x-hasura-admin-secret': 's' });
  assert.equal(admin.status, 200);
  assert.deepEqual(await admin.json(), { role: 'admin' });
  const posing = await get({ 'x-hasura-admin-secret': 's', 'x-hasura-role': 'user' });
  assert.equal(posing.status, 403);
  const anonymous = await get({});
  assert.equal(anonymous.status, 401);
  assert.deepEqual(await anonymous.json(), refusal);
}
export function listening(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1', async () => {
    await ask(server.address().port);
    server.close(() => console.log('done'));
  });
}
