import { createAuthenticator, type Session } from '@hasura-auth/core';
import { startChild } from './child.js';
import { heapBytes } from './heap.js';
import { measured } from './measured.js';
import { authOptions } from './auth-options.js';
import { acceptsBy, prove } from './proof.js';
import type { Report } from './report.js';
import { interleavedRounds, roundsOf, type Rounds } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchKey, benchRequest, mintTokens, type BenchAlgorithm } from './tokens.js';
import { fastJwt, hasuraAuth, type Verifier } from './verifiers.js';

/** Every eighth token is sent first, which fills the caches: while a cache is not full it keeps every token. */
const keptOneIn = 8;

function acceptAsWithout(report: Report, what: string, rounds: Rounds): void {
  report.accept(
    `${what}, hasura-auth with the cache / without`,
    pairedRatio(
      roundsOf(rounds, 'hasura-auth, cache on'),
      roundsOf(rounds, 'hasura-auth, cache off'),
    ),
    1.05,
  );
}

/**
 * Fills the caches of the contenders. The cached tokens are spread evenly among all tokens, so that every round contains
 * the same share of them. If some rounds had all of them and others none, a median would mean nothing.
 */
async function filled(
  contenders: readonly Verifier[],
  tokens: readonly string[],
): Promise<readonly Verifier[]> {
  for (let index = 0; index < tokens.length; index += keptOneIn)
    for (const { verify } of contenders) await verify(benchRequest(tokens[index] ?? ''));
  return contenders;
}

/** Ten times as many tokens as the caches hold. */
async function distinct(report: Report, alg: BenchAlgorithm, effort: Effort): Promise<void> {
  const key = benchKey(alg);
  const tokens = mintTokens(key, effort.quick ? 20 : 100_000);
  const longer = { ...effort, shortRounds: 2 * effort.shortRounds };
  const measure = (contenders: readonly Verifier[], some: readonly string[]): Promise<Rounds> =>
    interleavedRounds(
      contenders.map((verifier) => measured(verifier, some)),
      longer,
    );
  const own = (): Verifier[] => [hasuraAuth(key, 'cache off'), hasuraAuth(key, 'cache on')];
  const contenders = [...own(), fastJwt(key, 'cache off'), fastJwt(key, 'cache on')];
  for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);

  const rounds = await measure(await filled(contenders, tokens), tokens);
  report.table(
    [`${alg}, 100,000 tokens in turn`, 'µs of CPU', 'ratio to hasura-auth without a cache'],
    [...rounds].map(([name, values]) => [
      name,
      spreadOf(values),
      pairedRatio(values, roundsOf(rounds, 'hasura-auth, cache off')),
    ]),
  );
  acceptAsWithout(report, `${alg}, 100,000 tokens`, rounds);

  const uncached = tokens.filter((_, index) => index % keptOneIn !== 0);
  const rest = await measure(await filled(own(), tokens), uncached);
  acceptAsWithout(report, `${alg}, tokens of which none is cached`, rest);
}

const maxBytes = 8 * 1_048_576;

/** 100 users send a request each second while a flood brings 1,400 new tokens (1 MB) each second. */
async function inUse(report: Report, { quick }: Effort): Promise<void> {
  const key = benchKey('HS256');
  const { authenticate } = createAuthenticator({ ...authOptions(key), tokenCache: { maxBytes } });
  const users = mintTokens(key, 100);
  const flood = mintTokens(key, quick ? 50 : 42_000, 1_000_000);
  const before = await heapBytes();
  const sessions: Session[] = [];
  for (const token of users) sessions.push(await authenticate(benchRequest(token)));
  let pushedOut = 0;
  for (const [index, token] of flood.entries()) {
    await authenticate(benchRequest(token));
    const user = index % users.length;
    if (index % 14 !== 0) continue; // each user once a second
    const session = await authenticate(benchRequest(users[user] ?? ''));
    if (session !== sessions[user]) pushedOut += 1;
    sessions[user] = session;
  }
  const grown = (await heapBytes()) - before;
  report.paragraph(
    `A flood of ${String(flood.length)} tokens, each sent once, 1 MB a second, beside 100 users: ${String(pushedOut)} tokens of users had to be verified again; the heap grew by ${figure(grown / 1_048_576)} MiB of the 8 MiB configured.`,
  );
  report.accept('heap under the flood / bound', spreadOf([grown / maxBytes]), 1);
}

/** Measures whether the tokens of a flood are freed at once, or stay in V8's old space until a full collection. */
async function leftBehind(report: Report, { quick }: Effort): Promise<void> {
  const { child, ready } = await startChild('flood-leftovers.ts', quick ? '20' : '12000');
  await child.stop();
  const what = 'bytes that each token of a flood leaves in the old space';
  report.accept(what, spreadOf([Number(ready)]), 100);
}

export const scenario: Scenario = {
  title: 'More tokens than the cache holds',
  async run(report, effort) {
    await distinct(report, 'HS256', effort);
    await distinct(report, 'ES256', effort);
    await inUse(report, effort);
    await leftBehind(report, effort);
  },
};
