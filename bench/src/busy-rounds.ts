// Runs in its own process: all contenders of one algorithm beside other work, `busy-rounds.ts HS256 '{"quick":…}'`.
import { argv } from 'node:process';
import { AppWork } from './app-work.js';
import type { SentRounds } from './by-algorithm.js';
import { measured } from './measured.js';
import { acceptsBy, prove } from './proof.js';
import { interleavedRounds } from './rounds.js';
import type { Effort } from './scenario.js';
import { benchKey, mintTokens, type BenchAlgorithm } from './tokens.js';
import { bare, fastJwt, hasuraAuth, jsonWebToken } from './verifiers.js';

const [alg, described = ''] = argv.slice(2) as [BenchAlgorithm, string]; // busy.ts passes these
const effort = JSON.parse(described) as Effort;

const key = benchKey(alg);
const contenders = [
  bare(key),
  hasuraAuth(key, 'cache on'),
  fastJwt(key, 'cache on'),
  hasuraAuth(key, 'cache off'),
  fastJwt(key, 'cache off'),
  ...(alg === 'EdDSA' ? [] : [jsonWebToken(key)]), // it does not support EdDSA
];
for (const { name, verify } of contenders) await prove(name, acceptsBy(verify), key);

const tokens = mintTokens(key, effort.quick ? 3 : 100);
const work = new AppWork(effort.quick ? 1_048_576 : undefined);
const verifiers = [work.alone(), ...contenders.map((verifier) => work.beside(verifier))];
const rounds = await interleavedRounds(
  verifiers.map((verifier) => measured(verifier, tokens)),
  effort,
);
process.send?.([...rounds] satisfies SentRounds);
process.on('message', () => undefined); // keeps the process alive until its parent stops it
