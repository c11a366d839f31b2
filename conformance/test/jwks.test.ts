import { isAuthError, type Authenticator } from '@hasura-auth/core';
import {
  startJwksServer,
  type JwksServer,
  mintToken,
  freshnessCases,
  keySetCases,
} from '@hasura-auth/testkit';

import { startThreeApps, type ThreeApps } from '../src/three-apps.js';

const claims = {
  'https://hasura.io/jwt/claims': {
    'x-hasura-allowed-roles': ['user'],
    'x-hasura-default-role': 'user',
  },
};

interface Guarded {
  readonly server: JwksServer;
  readonly authenticator: Authenticator;
  readonly apps: ThreeApps;
  now: number;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function guarded(
  keys: readonly unknown[],
  headers: Readonly<Record<string, string>>,
  now = Date.now(),
  maxAgeMs = 3_600_000,
): Promise<Guarded> {
  const server = await startJwksServer({ keys, headers });
  const time = { now };
  const apps = await startThreeApps({
    adminSecret: 'secret',
    jwtSecret: { jwk_url: server.url },
    keySets: { waitMs: 60_000, timeoutMs: 60_000, maxAgeMs }, // these run in real time, on machines that may be busy
    runtime: { now: () => time.now },
    logger: { warn: () => undefined, error: () => undefined },
  });
  open.push(async () => {
    await apps.close();
    await server.close();
  });
  return Object.assign(time, { server, apps, authenticator: apps.authenticator });
}

/** The role that a token gives, or the engine's code of its refusal. */
const outcome = ({ authenticator }: Guarded, token: string): Promise<string> =>
  authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } }).then(
    ({ role }) => role,
    (error: unknown) =>
      isAuthError(error) ? `${String(error.status)} ${error.code}` : String(error),
  );

/** The statuses of the apps, one for each framework. */
const statuses = ({ apps }: Guarded, token: string): Promise<number[]> =>
  Promise.all(
    apps.all.map(async ({ url }) => {
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      await response.body?.cancel();
      return response.status;
    }),
  );

describe('published key sets, on core and on every framework', () => {
  it.each(keySetCases())('$id', async ({ jwks, token, accepted }) => {
    const { keys } = jwks as { readonly keys: readonly unknown[] }; // so are all of the rows
    const app = await guarded(keys, {});
    const { key, alg, kid } = token;
    const header = kid === undefined ? {} : { kid };
    const minted = await mintToken({ sign: { key, alg, header }, claims });
    // The provider answers, so what is not accepted is a bad token (401) and not an outage (503).
    expect(await outcome(app, minted)).toBe(accepted ? 'user' : '401 invalid-jwt');
    const status = accepted ? 200 : 401;
    expect(await statuses(app, minted)).toEqual([status, status, status]);
  });

  it('are all there', () => {
    expect(keySetCases()).toHaveLength(13);
  });
});

describe('how long a published set is fresh', () => {
  const [first] = keySetCases();
  const { keys } = (first?.jwks ?? {}) as { readonly keys: readonly unknown[] }; // one RSA key
  const token = mintToken({ sign: { key: 'rsa', alg: 'RS256', header: { kid: 'a' } }, claims });

  it.each(freshnessCases())('$id', async ({ headers, now, freshForSeconds }) => {
    const start = Date.parse(now);
    const app = await guarded(keys, headers, start);
    // A set is stale after this long; a request then waits for the next one. A second is the least.
    // Without a header that can be read, it is fresh for an hour.
    const freshMs =
      typeof freshForSeconds === 'number' ? Math.max(1, freshForSeconds) * 1000 : 3_600_000;
    expect(await outcome(app, await token)).toBe('user');
    app.now = start + freshMs * 0.79; // a refresh begins in the last fifth
    expect(await outcome(app, await token)).toBe('user');
    expect(app.server.fetches).toBe(1);
    app.now = start + freshMs;
    expect(await outcome(app, await token)).toBe('user');
    expect(app.server.fetches).toBe(2);
  });

  it.each(freshnessCases().filter(({ freshForSeconds }) => typeof freshForSeconds !== 'number'))(
    '$id: for ever if keySets.maxAgeMs is Infinity',
    async ({ headers, now }) => {
      const start = Date.parse(now);
      const app = await guarded(keys, headers, start, Infinity);
      expect(await outcome(app, await token)).toBe('user');
      app.now = start + 1e12;
      expect(await outcome(app, await token)).toBe('user');
      expect(app.server.fetches).toBe(1);
    },
  );

  it('are all there', () => {
    expect(freshnessCases()).toHaveLength(11);
  });
});
