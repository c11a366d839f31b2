import { createAuthenticator, type Session } from '@hasura-auth/core';
import { startChild } from './child.js';
import { heapBytes } from './heap.js';
import { measured } from './measured.js';
import { authOptions } from './ourselves.js';
import { acceptsBy, prove } from './proof.js';
import type { Report } from './report.js';
import { interleavedRounds, roundsOf, type Rounds } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchKey, benchRequest, mintTokens, type BenchAlgorithm } from './tokens.js';
import { fastJwt, ourselves, type Verifier } from './verifiers.js';

/** One in so many of the tokens fills a cache: it keeps every token while it is not full. */
const oneIn = 8;

function acceptAsWithout(report: Report, what: string, rounds: Rounds): void {
  report.accept(
    `${what}, ourselves with the cache / without`,
    pairedRatio(roundsOf(rounds, 'ourselves, cache on'), roundsOf(rounds, 'ourselves, cache off')),
    1.05,
  );
}

/**
 * Contenders whose caches are full. What they keep is spread among all tokens, so that every round meets as many of them:
 * a median of rounds that have all or none would say nothing of those that have.
 */
async function filled(
  contenders: readonly Verifier[],
  tokens: readonly string[],
): Promise<readonly Verifier[]> {
  for (let index = 0; index < tokens.length; index += oneIn)
    for (const { verify } of contenders) await verify(benchRequest(tokens[index] ?? ''));
  return contenders;
}

/** Ten times what the caches keep. */
async function distinct(report: Report, alg: BenchAlgorithm, effort: Effort): Promise<void> {
  const key = benchKey(alg);
  const tokens = mintTokens(key, effort.quick ? 20 : 100_000);
  const longer = { ...effort, shortRounds: 2 * effort.shortRounds };
  const measure = (contenders: readonly Verifier[], some: readonly string[]): Promise<Rounds> =>
    interleavedRounds(
      contenders.map((verifier) => measured(verifier, some)),
      longer,
    );
  const own = (): Verifier[] => [ourselves(key, 'cache off'), ourselves(key, 'cache on')];
  const contenders = [...own(), fastJwt(key, 'cache off'), fastJwt(key, 'cache on')];
  for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);

  const rounds = await measure(await filled(contenders, tokens), tokens);
  report.table(
    [`${alg}, 100,000 tokens in turn`, 'µs of CPU', 'ratio to ourselves without a cache'],
    [...rounds].map(([name, values]) => [
      name,
      spreadOf(values),
      pairedRatio(values, roundsOf(rounds, 'ourselves, cache off')),
    ]),
  );
  acceptAsWithout(report, `${alg}, 100,000 tokens`, rounds);

  const strangers = tokens.filter((_, index) => index % oneIn !== 0);
  const unknown = await measure(await filled(own(), tokens), strangers);
  acceptAsWithout(report, `${alg}, tokens of which none is kept`, unknown);
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

/** Whether what a flood brings is gone as soon as it was looked at, or waits in the old space for a full collection. */
async function leftBehind(report: Report, { quick }: Effort): Promise<void> {
  const { child, ready } = await startChild('flood-leftovers.ts', quick ? '20' : '12000');
  await child.stop();
  const what = 'bytes that a token of a flood leaves in the old space';
  report.accept(what, spreadOf([Number(ready)]), 100);
}

export const scenario: Scenario = {
  name: 'flood',
  title: 'More tokens than the cache holds',
  async run(report, effort) {
    await distinct(report, 'HS256', effort);
    await distinct(report, 'ES256', effort);
    await inUse(report, effort);
    await leftBehind(report, effort);
  },
};
