import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  createAuthenticator,
  isAuthError,
  type Authenticator,
  type RevocationOptions,
} from '@hasura-auth/core';
import {
  hmacSecret,
  keptLog,
  mintToken,
  startTcpProxy,
  virtualClock,
  type Clock,
  type TcpProxy,
} from '@hasura-auth/testkit';
import { redisRevocations, type RedisRevocations } from '@hasura-auth/redis';
import { clientOf, describeWithRedis } from './servers.js';

const minute = 60_000;

/** Lets what waits for the network happen, until a condition is true. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describeWithRedis('an authenticator with revocations on Redis', (server) => {
  const stores: RedisRevocations[] = [];
  const authenticators: Authenticator[] = [];
  let clock: Clock;
  let proxy: TcpProxy;
  let good: string;
  let revoked: string;

  async function started(
    options: RevocationOptions = {},
    port: number = proxy.port,
  ): Promise<Authenticator> {
    const { logger } = keptLog();
    const { now, setTimeout } = clock;
    const runtime = { now, setTimeout };
    const client = clientOf(`redis://127.0.0.1:${String(port)}`);
    const store = redisRevocations({ client, logger, runtime });
    const authenticator = createAuthenticator({
      adminSecret: false,
      jwtSecret: { type: 'HS256', key: hmacSecret('hs').toString() },
      revocations: { store, ...options },
      logger,
      runtime,
    });
    stores.push(store);
    authenticators.push(authenticator);
    await authenticator.ready();
    return authenticator;
  }

  const tokenOf = (jti: string): Promise<string> =>
    mintToken({
      sign: { key: 'hs', alg: 'HS256' },
      claims: {
        jti,
        'https://hasura.io/jwt/claims': {
          'x-hasura-default-role': 'user',
          'x-hasura-allowed-roles': ['user'],
        },
      },
    });

  /** What a request with a token gets: its role, or the kind of its refusal. A request that has to wait fails the test. */
  function decided({ decide }: Authenticator, token: string): string {
    try {
      const decision = decide({ headers: { authorization: `Bearer ${token}` } });
      if (decision instanceof Promise) throw new Error('the request waits');
      return decision.session.role;
    } catch (error) {
      if (isAuthError(error)) return error.kind;
      throw error;
    }
  }

  beforeEach(async () => {
    clock = virtualClock(Date.now());
    proxy = await startTcpProxy(server().port);
    [good, revoked] = (await Promise.all(['good', 'revoked'].map(tokenOf))) as [string, string];
  });
  afterEach(async () => {
    for (const authenticator of authenticators.splice(0)) await authenticator.close();
    for (const store of stores.splice(0)) store.close();
    await proxy.close();
    await server().stop(); // each test begins with an empty one
    await server().start();
  });

  it('accepts good tokens and refuses known revoked ones through an hour without Redis', async () => {
    const authenticator = await started();
    await authenticator.revoke({ jti: 'revoked' });
    await server().stop();
    const seen = new Set<string>();
    for (let passed = 0; passed < 60; passed++) {
      clock.advance(minute);
      await new Promise(setImmediate);
      seen.add(`${decided(authenticator, good)} ${decided(authenticator, revoked)}`);
    }
    expect([...seen]).toEqual(['user revoked']);
    let failure: unknown;
    authenticator.revoke({ jti: 'later' }).catch((error: unknown) => {
      failure = error;
    });
    await until(() => {
      clock.advance(1000);
      return failure !== undefined;
    });
    expect(String(failure)).toContain('could not be stored in Redis');
    expect(decided(authenticator, await tokenOf('later'))).toBe('revoked'); // in this process
  });

  it('answers 503 after maxStalenessMs with onUnavailable refuse, until Redis is back', async () => {
    const authenticator = await started({ onUnavailable: 'refuse', maxStalenessMs: 20_000 });
    expect(decided(authenticator, good)).toBe('user');
    await server().stop();
    clock.advance(19_000);
    expect(decided(authenticator, good)).toBe('user');
    clock.advance(2000);
    expect(decided(authenticator, good)).toBe('revocations-unavailable');
    await server().start();
    await until(() => {
      clock.advance(100);
      return decided(authenticator, good) === 'user';
    });
  });

  it('waits for Redis with no request, however slow Redis is', async () => {
    const authenticator = await started();
    expect(decided(authenticator, good)).toBe('user'); // and its token is kept
    proxy.delay(3000);
    const stored = authenticator.revoke({ jti: 'revoked' });
    expect(decided(authenticator, revoked)).toBe('revoked');
    expect(decided(authenticator, good)).toBe('user');
    expect(decided(authenticator, await tokenOf('never seen'))).toBe('user');
    proxy.delay(0);
    await stored;
  });

  it('keeps its entries when Redis comes back empty, and Redis gets them again', async () => {
    const authenticator = await started();
    await authenticator.revoke({ jti: 'revoked' });
    await server().stop();
    await server().start();
    await until(async () => {
      clock.advance(100);
      expect(decided(authenticator, revoked)).toBe('revoked');
      const later = await started({}, server().port);
      return decided(later, revoked) === 'revoked';
    });
  });

  it('and all that it opened is closed by close(): the process ends by itself', async () => {
    const child = fork(join(__dirname, 'closing-process.ts'), [server().url], {
      execArgv: ['--conditions=hasura-auth-source', '--import', 'tsx'],
    });
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 20_000);
});
