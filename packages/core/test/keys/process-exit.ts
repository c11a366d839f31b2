// A process that has an authenticator and nothing else, for the test that it ends by itself. Its words: the address of
// the key set, and what to do: `idle`, `ready`, `request`, `close`, `slow-store` or `close-store`.
import { argv, stdout } from 'node:process';
import { createAuthenticator, type Authenticator, type RevocationStore } from '@hasura-auth/core';

const [url = '', what] = argv.slice(2);
const authenticator = createAuthenticator({
  adminSecret: 'secret',
  jwtSecret: { jwk_url: url },
  keySets: { timeoutMs: 1500, waitMs: 200 },
  logger: { warn: () => undefined, error: () => undefined },
});

/** A store that is read after a while, or never. Its timer keeps no process alive, as those of a Redis client may not. */
const storeThatTakes = (ms: number): RevocationStore => ({
  async *load() {
    await new Promise<void>((resolve) => {
      if (Number.isFinite(ms)) setTimeout(resolve, ms).unref();
    });
    yield* [];
  },
  subscribe: () => () => undefined,
  add: async () => undefined,
});
const withStore = (ms: number): Authenticator =>
  createAuthenticator({ adminSecret: 'a-long-admin-secret', revocations: storeThatTakes(ms) });

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
    case 'slow-store':
      await withStore(300).ready();
      return 'ready';
    case 'close-store': {
      const pending = withStore(Infinity);
      setImmediate(() => void pending.close());
      stdout.write('closed');
      await pending.ready();
      return 'ready';
    }
    default:
      return 'idle';
  }
}

run().then(
  (done) => stdout.write(done),
  (error: unknown) => stdout.write(String(error)),
);
