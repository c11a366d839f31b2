import { createAuthenticator, type Session } from '@hasura-auth/core';
import { heapBytes } from './heap.js';
import { measured } from './measured.js';
import { authOptions } from './ourselves.js';
import { acceptsBy, prove } from './proof.js';
import type { Report } from './report.js';
import { interleavedRounds, roundsOf } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchKey, benchRequest, mintTokens, type BenchAlgorithm } from './tokens.js';
import { fastJwt, ourselves } from './verifiers.js';

/** Ten times what the caches keep, in turn: every cache misses nearly always. */
async function distinct(report: Report, alg: BenchAlgorithm, effort: Effort): Promise<void> {
  const key = benchKey(alg);
  const tokens = mintTokens(key, effort.quick ? 20 : 100_000);
  const contenders = [
    ourselves(key, 'cache off'),
    ourselves(key, 'cache on'),
    fastJwt(key, 'cache off'),
    fastJwt(key, 'cache on'),
  ];
  for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);
  const full = effort.quick ? 2 : 12_000; // a cache that is not full yet keeps every token
  for (const token of tokens.slice(0, full))
    for (const { verify } of contenders) await verify(benchRequest(token));
  const longer = { ...effort, shortRounds: 2 * effort.shortRounds };
  const rounds = await interleavedRounds(
    contenders.map((verifier) => measured(verifier, tokens)),
    longer,
  );
  report.table(
    [`${alg}, 100,000 tokens in turn`, 'µs of CPU', 'ratio to ourselves without a cache'],
    [...rounds].map(([name, values]) => [
      name,
      spreadOf(values),
      pairedRatio(values, roundsOf(rounds, 'ourselves, cache off')),
    ]),
  );
  report.accept(
    `${alg}, 100,000 tokens, ourselves with the cache / without`,
    pairedRatio(roundsOf(rounds, 'ourselves, cache on'), roundsOf(rounds, 'ourselves, cache off')),
    1.05,
  );
}

const maxBytes = 8 * 1_048_576;

/** A hundred users go on working while others send tokens that come once; a second of a megabyte is 1,400 of them. */
async function inUse(report: Report, { quick }: Effort): Promise<void> {
  const key = benchKey('HS256');
  const { authenticate } = createAuthenticator({ ...authOptions(key), tokenCache: { maxBytes } });
  const users = mintTokens(key, 100);
  const strangers = mintTokens(key, quick ? 50 : 42_000, 1_000_000);
  const before = await heapBytes();
  const sessions: Session[] = [];
  for (const token of users) sessions.push(await authenticate(benchRequest(token)));
  let pushedOut = 0;
  for (const [index, token] of strangers.entries()) {
    await authenticate(benchRequest(token));
    const user = index % users.length;
    if (index % 14 !== 0) continue; // each user once a second
    const session = await authenticate(benchRequest(users[user] ?? ''));
    if (session !== sessions[user]) pushedOut += 1;
    sessions[user] = session;
  }
  const grown = (await heapBytes()) - before;
  report.say(
    `A flood of ${String(strangers.length)} tokens that come once, 1 MB of them a second, beside 100 users: ${String(pushedOut)} verifications of a user's token were needed again; the heap grew by ${figure(grown / 1_048_576)} MiB of the 8 MiB configured.`,
  );
  report.accept('heap under the flood / bound', spreadOf([grown / maxBytes]), 1);
}

export const scenario: Scenario = {
  name: 'flood',
  title: 'More tokens than the cache holds',
  async run(report, effort) {
    await distinct(report, 'HS256', effort);
    await distinct(report, 'ES256', effort);
    await inUse(report, effort);
  },
};
