// A process that has an authenticator and nothing else, for the test that it ends by itself. Its words: the address of
// the key set, and what to do: `idle`, `ready`, `request` or `close`.
import { argv, stdout } from 'node:process';
import { createAuthenticator } from '@hasura-auth/core';

const [url = '', what] = argv.slice(2);
const authenticator = createAuthenticator({
  adminSecret: 'secret',
  jwtSecret: { jwk_url: url },
  keySets: { timeoutMs: 1500, waitMs: 200 },
  logger: { warn: () => undefined, error: () => undefined },
});
const token = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.AAAA';

async function run(): Promise<string> {
  switch (what) {
    case 'ready':
      await authenticator.ready();
      return 'ready';
    case 'request':
      await authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } });
      return 'accepted';
    case 'close':
      setImmediate(() => void authenticator.close());
      await authenticator.ready();
      return 'ready';
    default:
      return 'idle';
  }
}

run().then(
  (done) => stdout.write(done),
  (error: unknown) => stdout.write(String(error)),
);
