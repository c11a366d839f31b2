// Runs in its own process: the contenders of one algorithm, `verification-rounds.ts HS256 warm '{"quick":…}'`.
import { argv } from 'node:process';
import type { SentRounds } from './by-algorithm.js';
import { measured } from './measured.js';
import { acceptsBy, prove } from './proof.js';
import { interleavedRounds } from './rounds.js';
import type { Effort } from './scenario.js';
import { benchKey, mintTokens, type BenchAlgorithm } from './tokens.js';
import { verifiers } from './verifiers.js';

/** Whether tokens were verified before (`warm`), or each one is verified anew and none is cached (`cold`). */
type TokenState = 'warm' | 'cold';

const [alg, state, described = ''] = argv.slice(2) as [BenchAlgorithm, TokenState, string]; // verification.ts passes these
const effort = JSON.parse(described) as Effort;
const tokenCounts = { warm: 100, cold: 2000 };

function takesPart(name: string): boolean {
  const keeps = name === 'ideal Map' || name.endsWith('cache on');
  return keeps === (state === 'warm');
}

const key = benchKey(alg);
const contenders = (await verifiers(key)).filter(({ name }) => takesPart(name));
for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);
const tokens = mintTokens(key, effort.quick ? 3 : tokenCounts[state]);
const rounds = await interleavedRounds(
  contenders.map((verifier) => measured(verifier, tokens)),
  effort,
);
process.send?.([...rounds] satisfies SentRounds);
process.on('message', () => undefined); // keeps the process alive until its parent stops it
