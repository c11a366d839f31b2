// Runs in its own process: the warm decision with and without entries, `many-decisions.ts URL COUNT '{"quick":…}'`.
import { argv } from 'node:process';
import { createAuthenticator, type RevocationStore } from '@hasura-auth/core';
import type { NextFunction, Request, Response } from 'express';
import { expressjwt } from 'express-jwt';
import { createClient } from 'redis';
import { authOptions } from './auth-options.js';
import { storeAt } from './many-entries.js';
import { measured } from './measured.js';
import { acceptsBy, prove } from './proof.js';
import { interleavedRounds } from './rounds.js';
import type { Effort } from './scenario.js';
import { benchKey, benchPayload, signToken, type BenchRequest } from './tokens.js';
import type { Verifier } from './verifiers.js';

const [fullUrl = '', emptyUrl = '', described = ''] = argv.slice(2); // many.ts passes these
const effort = JSON.parse(described) as Effort;
const key = benchKey('HS256');

async function ownVerifier(name: string, revocations?: RevocationStore): Promise<Verifier> {
  const authenticator = createAuthenticator({ ...authOptions(key), revocations });
  await authenticator.ready();
  return { name, verify: (request) => authenticator.authenticate(request) };
}

/** express-jwt as its documents say, with a revoked token's id in Redis, which is read for each request. */
async function expressJwt(name: string, isRevoked: boolean): Promise<Verifier> {
  const client = createClient({ url: emptyUrl });
  await client.connect();
  const handler = expressjwt({
    secret: key.verificationKey,
    algorithms: ['HS256'],
    ...(isRevoked && {
      isRevoked: async (_request: Request, token) =>
        (await client.exists(`revoked:${String((token?.payload as { jti?: string }).jti)}`)) === 1,
    }),
  });
  return {
    name,
    verify: (request: BenchRequest) =>
      new Promise<boolean>((resolve, reject) => {
        const next = (error?: Error): void => (error === undefined ? resolve(true) : reject(error));
        void handler(request as unknown as Request, {} as Response, next as NextFunction); // reads headers only
      }),
  };
}

const now = Math.floor(Date.now() / 1000);
const tokens = Array.from({ length: effort.quick ? 3 : 100 }, (_, user) =>
  signToken(key, {
    ...benchPayload(user, now),
    jti: `jti-${String(user)}`,
    sid: `sid-${String(user)}`,
  }),
);
const contenders = [
  await ownVerifier('hasura-auth, no store'),
  await ownVerifier('hasura-auth, a store without entries', storeAt(emptyUrl)),
  await ownVerifier('hasura-auth, a store with 100,000 entries', storeAt(fullUrl)),
  await expressJwt('express-jwt, no isRevoked', false),
  await expressJwt('express-jwt, isRevoked reads Redis', true),
];
for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);
const rounds = await interleavedRounds(
  contenders.map((verifier) => measured(verifier, tokens)),
  effort,
);

/** How long one request takes when nothing else is under way, in microseconds. */
async function latency({ verify }: Verifier): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < (effort.quick ? 10 : 2000); count++) {
    const request = { headers: { authorization: `Bearer ${tokens[count % tokens.length] ?? ''}` } };
    const start = performance.now();
    await verify(request);
    times.push((performance.now() - start) * 1000);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}
const latencies: [string, number][] = [];
for (const contender of contenders) latencies.push([contender.name, await latency(contender)]);

/** What this process sends. */
export interface DecisionFigures {
  readonly rounds: readonly (readonly [name: string, microseconds: readonly number[]])[];
  readonly latencies: readonly (readonly [name: string, microseconds: number])[];
}
process.send?.({ rounds: [...rounds], latencies } satisfies DecisionFigures);
process.on('message', () => undefined); // keeps the process alive until its parent stops it
