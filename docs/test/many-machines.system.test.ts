import { randomBytes } from 'node:crypto';
import * as core from '@hasura-auth/core';
import type { Authenticator } from '@hasura-auth/core';
import * as onExpress from '@hasura-auth/express';
import * as onRedis from '@hasura-auth/redis';
import { createTestIssuer } from '@hasura-auth/testing';
import { installedRedis, startRedis, type RedisServer } from '@hasura-auth/testkit';
import express, { type RequestHandler } from 'express';
import { createClient, type RedisClientType } from 'redis';
import { codeBlocks, top, type CodeBlock } from './code-blocks.js';
import { defaultOf } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

function block(note: string, page = 'many-machines'): CodeBlock {
  const found = codeBlocks(`${top}/docs/${page}.md`).find((one) => one.note === note);
  if (found === undefined) throw new Error(`docs/${page}.md has no block ${note}`);
  return found;
}

/** An app of the page, as one of several processes. */
interface Process {
  readonly app: RequestHandler;
  readonly authenticator: Authenticator;
}

if (installedRedis.length === 0)
  it.todo(
    'the page of many machines (skipped: neither redis-server nor valkey-server is installed)',
  );

for (const kind of installedRedis)
  describe(`the page of many machines, with a real ${kind}-server`, () => {
    let redis: RedisServer;
    const processes: Process[] = [];
    beforeAll(async () => {
      redis = await startRedis(kind);
    });
    afterAll(async () => {
      closeAll();
      await Promise.all(processes.map(({ authenticator }) => authenticator.close()));
      await redis.close();
    });

    it('its app and its account of the fewest rights revoke a token in another process', async () => {
      const admin: RedisClientType = createClient({ url: redis.url });
      await admin.connect();
      const [, password = ''] = / >(\S+) /.exec(block('acl').code) ?? [];
      expect(await admin.sendCommand(block('acl').code.trim().split(' '))).toBe('OK');
      admin.destroy();

      const problems: string[] = [];
      const logger = { warn: () => undefined, error: (line: string) => problems.push(line) };
      const issuer = await createTestIssuer();
      const { jwtSecret, fetch: issuerFetch } = issuer;
      const options = { adminSecret: false, jwtSecret, fetch: issuerFetch, logger };
      const url = redis.url.replace('redis://', `redis://auth:${password}@`);
      const start = async (): Promise<Process> => {
        const started = runBlock(block('many-machines'), {
          express: defaultOf(express),
          '@hasura-auth/express': { ...onExpress, optionsFromEnv: () => options },
          '@hasura-auth/redis': {
            ...onRedis,
            redisRevocations: (given: onRedis.RedisRevocationsOptions) =>
              onRedis.redisRevocations({ ...given, logger }),
          },
          redis: { createClient },
          'node:process': { env: { REDIS_URL: url } },
        }) as unknown as Process; // what the block exports
        await started.authenticator.ready();
        processes.push(started);
        return started;
      };
      const [one, other] = [await start(), await start()];
      const authorization = `Bearer ${await issuer.token({ claims: { sub: 'ada' } })}`;
      const address = await addressOf(
        express()
          .use(other.app)
          .get('/', (_req, res) => void res.sendStatus(204)),
      );
      const status = async (): Promise<number> =>
        (await fetch(address, { headers: { authorization } })).status;
      expect(await status()).toBe(204);
      await one.authenticator.revoke({ sub: 'ada' });
      while ((await status()) !== 401);
      const late = await start();
      expect(late.authenticator.health().revocations?.entries.sub).toBe(1);
      expect(problems).toEqual([]);
    });

    it('the processes of the page of webhooks ask once for the same request', async () => {
      let calls = 0;
      const hook = express().get('/auth', (_req, res) => {
        calls += 1;
        res.json({ 'x-hasura-role': 'user', 'Cache-Control': 'max-age=60' });
      });
      const env = {
        HOOK_REDIS_URL: redis.url,
        AUTH_HOOK: `${await addressOf(hook)}/auth`,
        HOOK_ANSWER_KEY: randomBytes(32).toString('base64'),
      };
      const start = (environment: object) =>
        runBlock(block('shared-responses', 'webhook'), {
          '@hasura-auth/core': core,
          '@hasura-auth/redis': onRedis,
          redis: { createClient },
          'node:process': { env: environment },
        }) as unknown as { shared: onRedis.RedisHookAnswers; authenticator: Authenticator }; // what the block exports
      const started = [start(env), start(env)];
      const request = { headers: { authorization: 'Bearer opaque' } };
      const sessions = await Promise.all(
        started.map(({ authenticator }) => authenticator.authenticate(request)),
      );
      expect(sessions.map(({ role }) => role)).toEqual(['user', 'user']);
      expect(calls).toBe(1);
      expect(() => start({ ...env, HOOK_ANSWER_KEY: undefined })).toThrow(
        'keys[0]: expected 32 bytes in base64, such as of: openssl rand -base64 32',
      );
      for (const { authenticator, shared } of started) {
        await authenticator.close();
        shared.close();
      }
    });
  });
