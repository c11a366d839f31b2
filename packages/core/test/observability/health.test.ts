import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startJwksServer, testKey, virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import { announceHealth, healthOfProcess, type Health } from '../../src/observability/health.js';
import { rejected } from '../thrown.js';
import { spki } from '../tokens.js';

const logger = { warn: () => undefined, error: () => undefined };
const secret = 'a-long-admin-secret';
const rsa = { ...testKey('rsa').publicJwk, kid: 'a' };

describe('health', () => {
  it('is ready at once if the keys are part of the configuration', () => {
    const jwtSecret = { type: 'RS256', key: spki('rsa') } as const;
    expect(createAuthenticator({ adminSecret: secret, jwtSecret }).health()).toEqual({
      ready: true,
      keySets: [],
      hook: undefined,
      revocations: undefined,
      connections: 0,
    });
  });

  it('shows a key set from its first fetch to its end, and fetches nothing itself', async () => {
    const server = await startJwksServer({
      keys: [rsa],
      headers: { 'cache-control': 'max-age=60' },
    });
    const clock = virtualClock();
    const { health, ready, close } = createAuthenticator({
      adminSecret: secret,
      jwtSecret: { jwk_url: `${server.url}?key=marked` },
      keySets: { maxStaleMs: 30_000 },
      runtime: { now: () => clock.now() },
      logger,
    });
    const named = { keySet: 'jwtSecret', origin: new URL(server.url).origin, failures: 0 };
    const absent = { ...named, state: 'absent', keys: 0 };
    expect(health()).toMatchObject({ ready: false, keySets: [absent] });
    expect(server.requests).toHaveLength(0);
    await ready();
    expect(health()).toMatchObject({
      ready: true,
      keySets: [{ ...named, state: 'fresh', keys: 1, ageMs: 0 }],
    });
    clock.advance(61_000);
    expect(health()).toMatchObject({
      ready: true,
      keySets: [{ ...named, state: 'stale', keys: 1, ageMs: 61_000 }],
    });
    clock.advance(29_000);
    expect(health()).toMatchObject({ ready: false, keySets: [absent] });
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify(health())).not.toContain('marked');
    await close();
    await server.close();
  });

  it('counts failed fetches and says why the last one failed, until one succeeds', async () => {
    let status = 502;
    const clock = virtualClock();
    const { health, ready } = createAuthenticator({
      adminSecret: secret,
      jwtSecrets: [{ jwk_url: 'https://issuer.example/marked' }],
      fetch: async () => Response.json({ keys: [rsa] }, { status }),
      runtime: { now: () => clock.now() },
      logger,
    });
    await rejected(ready());
    await rejected(ready());
    const failing = {
      keySet: 'jwtSecrets[0]',
      origin: 'https://issuer.example',
      failures: 2,
      lastFailure: { at: clock.now(), reason: 'the response has the status 502' },
    };
    expect(health().keySets).toEqual([{ ...failing, state: 'absent', keys: 0, ageMs: undefined }]);
    status = 200;
    await ready();
    expect(health().keySets).toMatchObject([{ failures: 0, lastFailure: undefined, keys: 1 }]);
  });

  it('counts the failures of a webhook in a row; a rejected client is none', async () => {
    let status = 500;
    const clock = virtualClock();
    const options: AuthOptions = {
      adminSecret: secret,
      authHook: 'https://hook.example/marked',
      fetch: async () => Response.json({ 'x-hasura-role': 'user' }, { status }),
      runtime: { now: () => clock.now(), setTimeout: (run, ms) => clock.setTimeout(run, ms) },
      logger,
    };
    const { authenticate, health } = createAuthenticator(options);
    const fine = {
      origin: 'https://hook.example',
      failures: 0,
      lastFailure: undefined,
      inProgress: 0,
    };
    expect(health()).toMatchObject({ ready: true, hook: fine });
    for (let time = 0; time < 3; time++) await rejected(authenticate({ headers: {} }));
    expect(health()).toMatchObject({
      ready: true,
      hook: {
        ...fine,
        failures: 3,
        lastFailure: { at: clock.now(), kind: 'hook-invalid-response' },
      },
    });
    for (const next of [401, 200]) {
      status = next;
      await authenticate({ headers: {} }).catch(() => undefined);
      expect(health().hook).toEqual(fine);
      status = 500;
      await rejected(authenticate({ headers: {} }));
      expect(health().hook?.failures).toBe(1);
    }
    status = 200;
    const asked = authenticate({ headers: {} });
    expect(health().hook?.inProgress).toBe(1);
    await asked;
    expect(health().hook?.inProgress).toBe(0);
  });

  it('counts the connections of all registries', async () => {
    const { connections, health } = createAuthenticator({ adminSecret: secret });
    const one = connections().open(() => undefined);
    connections().open(() => undefined);
    expect(health().connections).toBe(2);
    one.closed();
    expect(health().connections).toBe(1);
  });
});

describe('the health of the process', () => {
  const own = (secrets: string[]) =>
    healthOfProcess().filter(({ keySets }) =>
      keySets.some(({ origin }) => secrets.includes(origin)),
    );

  it('has every authenticator that is not closed', async () => {
    const urls = ['https://one.example', 'https://two.example'];
    const [one, two] = urls.map((url) =>
      createAuthenticator({ adminSecret: secret, jwtSecret: { jwk_url: `${url}/jwks` } }),
    );
    expect(own(urls)).toEqual([one?.health(), two?.health()]);
    await one?.close();
    expect(own(urls)).toEqual([two?.health()]);
  });

  it('leaves out what cannot be read and what is withdrawn', () => {
    const before = healthOfProcess().length;
    const withdraw = announceHealth(() => {
      throw new Error('a clock failed');
    });
    const health: Health = {
      ready: true,
      keySets: [],
      hook: undefined,
      revocations: undefined,
      connections: 0,
    };
    const read = (): Health => health;
    const withdrawRead = announceHealth(read);
    expect(healthOfProcess()).toHaveLength(before + 1);
    expect(healthOfProcess()).toContain(health);
    withdraw();
    withdrawRead();
    expect(healthOfProcess()).toHaveLength(before);
  });

  it('forgets authenticators that the app made and dropped, without a scrape too', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const made = (count: number): void => {
      for (let at = 0; at < count; at++) createAuthenticator({ adminSecret: secret });
    };
    const left = async (): Promise<number> => {
      await new Promise(setImmediate); // what was looked at in this turn is kept until its end
      collect();
      return healthOfProcess().length;
    };
    const before = await left();
    made(50);
    expect(await left()).toBeLessThan(before + 50);
    // The list itself is swept as it grows.
    const { readers } = (globalThis as unknown as Record<symbol, { readers: Set<unknown> }>)[
      Symbol.for('@hasura-auth/health')
    ] as { readers: Set<unknown> };
    for (let round = 0; round < 10; round++) {
      made(100);
      await new Promise(setImmediate);
      collect();
    }
    made(1);
    expect(readers.size).toBeLessThan(500);
  });

  it('has an authenticator of which the app keeps one function', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const functions = (url: string) => {
      const made = createAuthenticator({
        adminSecret: secret,
        jwtSecret: { jwk_url: `${url}/jwks` },
      });
      return [made.authenticate, made.decide, made.connections, made.close];
    };
    for (const index of [0, 1, 2, 3]) {
      const url = `https://kept-${String(index)}.example`;
      const kept = functions(url)[index];
      await new Promise(setImmediate);
      collect();
      await new Promise(setImmediate);
      collect();
      expect([own([url]).length, typeof kept]).toEqual([1, 'function']);
    }
  });

  it('is empty in a runtime without WeakRef, and an authenticator works there', () => {
    const { WeakRef: native } = globalThis;
    const before = healthOfProcess().length;
    Reflect.deleteProperty(globalThis, 'WeakRef');
    try {
      const { health, close } = createAuthenticator({ adminSecret: secret });
      expect(health().ready).toBe(true);
      void close();
    } finally {
      globalThis.WeakRef = native;
    }
    expect(healthOfProcess()).toHaveLength(before);
  });
});
