import { createAuthenticator, type AuthRequest } from '@hasura-auth/core';
import { authOptions } from './auth-options.js';
import { interleavedRounds, roundsOf, type Contender, type Rounds } from './rounds.js';
import type { Scenario } from './scenario.js';
import { pairedRatio, spreadOf } from './spread.js';
import { benchKey, mintTokens } from './tokens.js';

const without = 'decide';
const observed = 'decide, with an observer that does nothing';
const explained = 'explain';
const names = [without, observed, explained] as const;

const key = benchKey('HS256');

/** One decision without an observer, with one, and explained: its token is verified anew. */
function contenders(request: AuthRequest): readonly Contender[] {
  const { decide, explain } = createAuthenticator({
    ...authOptions(key),
    unauthorizedRole: 'anonymous',
  });
  const observe = (): void => undefined;
  const repeated =
    (decided: () => unknown) =>
    async (operations: number): Promise<void> => {
      for (let done = 0; done < operations; done++) await decided();
    };
  return [
    { name: without, run: repeated(() => decide(request)) },
    { name: observed, run: repeated(() => decide(request, observe)) },
    { name: explained, run: repeated(() => explain(request)) },
  ];
}

export const scenario: Scenario = {
  title: 'What it costs that a decision can be explained',
  async run(report, effort) {
    const [token = ''] = mintTokens(key, 1);
    const requests: readonly (readonly [string, AuthRequest])[] = [
      ['a known token', { headers: { authorization: `Bearer ${token}` } }],
      ['no credentials', { headers: { accept: '*/*' } }],
    ];
    const measured: Rounds[] = [];
    for (const [, request] of requests)
      measured.push(await interleavedRounds(contenders(request), effort));
    report.table(
      ['µs of CPU', ...requests.map(([what]) => what)],
      names.map((name) => [name, ...measured.map((rounds) => spreadOf(roundsOf(rounds, name)))]),
    );
    for (const [index, rounds] of measured.entries())
      report.accept(
        `${String(requests[index]?.[0])}, decide / decide with an observer`,
        pairedRatio(roundsOf(rounds, without), roundsOf(rounds, observed)),
        1,
        'within noise counts',
      );
  },
};
