import { createAuthenticator } from '@hasura-auth/core';
import { verify } from 'node:crypto';
import { jwtVerify } from 'jose';
import { authOptions } from './auth-options.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { spreadOf, type Spread } from './spread.js';
import { benchKey, benchRequests, mintTokens, type BenchKey, type BenchRequest } from './tokens.js';
import { fastJwt, importedKey } from './verifiers.js';

/** Verifies one request; throws or rejects if its token is bad. */
type Handle = (request: BenchRequest) => unknown;

/** Checks the signature with the callback of `crypto.verify`, on the thread pool: what leaving the event loop would give. */
function offTheLoop(key: BenchKey): Handle {
  const digest = key.alg === 'EdDSA' ? null : 'sha256';
  const options = { key: key.verificationKey, dsaEncoding: 'ieee-p1363' } as const;
  return ({ headers }) => {
    const token = headers.authorization.slice(7);
    const dot = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(dot + 1), 'base64url');
    return new Promise((resolve, reject) => {
      verify(digest, Buffer.from(token.slice(0, dot)), options, signature, (error, right) => {
        if (error === null && right) resolve(right);
        else reject(error ?? new Error('signature'));
      });
    });
  };
}

interface Burst {
  readonly longestBlockMs: number;
  readonly totalMs: number;
  readonly cpuMs: number;
}

/** Verifies all requests in one turn of the event loop and measures how long the loop is blocked. */
async function burst(handle: Handle, requests: readonly BenchRequest[]): Promise<Burst> {
  let longest = 0;
  let last = performance.now();
  const measureTurn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  let watching = true;
  const watch = (): void => {
    measureTurn();
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  const before = process.cpuUsage();
  await Promise.all(requests.map((request) => handle(request))); // all in one turn, which is the worst case
  watching = false;
  measureTurn();
  const { user, system } = process.cpuUsage(before);
  return {
    longestBlockMs: longest,
    totalMs: performance.now() - start,
    cpuMs: (user + system) / 1000,
  };
}

async function bursts(report: Report, key: BenchKey, effort: Effort): Promise<void> {
  const tokens = mintTokens(key, effort.quick ? 5 : 1000);
  const { authenticate } = createAuthenticator({ ...authOptions(key), tokenCache: false });
  const cryptoKey = await importedKey(key);
  const contenders: readonly (readonly [name: string, handle: Handle])[] = [
    ['hasura-auth, on the loop', authenticate],
    ['fast-jwt', fastJwt(key, 'cache off').verify],
    ['node:crypto with its callback, signature only', offTheLoop(key)],
    ['jose', ({ headers }) => jwtVerify(headers.authorization.slice(7), cryptoKey)],
  ];
  const found = contenders.map(([name]) => ({ name, bursts: [] as Burst[] }));
  for (let round = 0; round < effort.rounds; round++)
    for (const [index, [, handle]] of contenders.entries())
      found[index]?.bursts.push(
        await burst(async (request) => handle(request), benchRequests(tokens, tokens.length)),
      );
  const of = (all: readonly Burst[], member: keyof Burst): Spread =>
    spreadOf(all.map((one) => one[member]));
  report.table(
    [`1,000 ${key.alg} tokens at once`, 'longest block, ms', 'all verified after, ms', 'CPU, ms'],
    found.map(({ name, bursts: all }) => [
      name,
      of(all, 'longestBlockMs'),
      of(all, 'totalMs'),
      of(all, 'cpuMs'),
    ]),
  );
}

export const scenario: Scenario = {
  title: 'A burst of 1,000 tokens that no cache holds',
  async run(report, effort) {
    for (const alg of ['RS256', 'ES256', 'EdDSA'] as const)
      await bursts(report, benchKey(alg), effort);
  },
};
