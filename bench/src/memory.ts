import { createAuthenticator } from '@hasura-auth/core';
import { heapBytes } from './heap.js';
import { authOptions } from './auth-options.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, spreadOf } from './spread.js';
import {
  benchKey,
  benchPayload,
  benchRequest,
  mintTokens,
  signToken,
  type BenchAlgorithm,
  type BenchKey,
} from './tokens.js';
import { fastJwt, idealMap, hasuraAuth, type Verifier } from './verifiers.js';

const kilobyte = 1024;

/** The heap growth for each token that a contender has verified, in bytes. */
async function bytesPerToken(contender: Verifier, tokens: readonly string[]): Promise<number> {
  const before = await heapBytes();
  for (const token of tokens) await contender.verify(benchRequest(token));
  const bytes = ((await heapBytes()) - before) / tokens.length;
  await contender.verify(benchRequest(tokens[0] ?? '')); // keeps the contender reachable until here
  return bytes;
}

async function perToken(report: Report, alg: BenchAlgorithm, effort: Effort): Promise<void> {
  const key = benchKey(alg);
  const tokens = mintTokens(key, effort.quick ? 10 : 3000);
  const contenders = [idealMap, (of: BenchKey) => fastJwt(of, 'cache on')].map((make) => make(key));
  const rows = [];
  for (const contender of contenders)
    rows.push([contender.name, (await bytesPerToken(contender, tokens)).toFixed(0)]);
  const own: number[] = [];
  for (let round = 0; round < effort.rounds; round++)
    own.push(await bytesPerToken(hasuraAuth(key, 'cache on'), tokens));
  report.table(
    [`${alg}, tokens of ${String(tokens[0]?.length)} characters`, 'bytes for each'],
    [...rows, ['hasura-auth, with one session', spreadOf(own)]],
  );
  report.accept(`KiB for each cached ${alg} token`, spreadOf(own.map((x) => x / kilobyte)), 2.5);
}

/** Additional content of a payload. Some kinds take more memory than their length suggests. */
const shapes: Readonly<Record<string, (user: number) => unknown>> = {
  'nothing else': () => undefined,
  'a long text': () => 'x'.repeat(3000),
  'a text that is not Latin-1': () => `${'x'.repeat(3000)}→`,
  'empty lists': () => Array.from({ length: 1000 }, () => []),
  'empty objects': () => Array.from({ length: 1000 }, () => ({})),
  fractions: () => Array.from({ length: 700 }, (_, index) => index + 0.5),
  'an object with the same names in all tokens': () => recordOf(200, ''),
  'an object with names that no other token has': (user) => recordOf(200, String(user)),
  'many objects with names that no other token has': (user) =>
    Array.from({ length: 200 }, (_, index) => ({ [`n${String(user)}-${String(index)}`]: 1 })),
};

function recordOf(members: number, prefix: string): unknown {
  const names = Array.from({ length: members }, (_, index) => `${prefix}n${String(index)}`);
  return Object.fromEntries(names.map((name, index) => [name, index]));
}

const maxBytes = 2 * 1_048_576;

async function bound(report: Report, effort: Effort): Promise<void> {
  const key = benchKey('HS256');
  const now = Math.floor(Date.now() / 1000);
  const rows = [];
  for (const [shape, extra] of Object.entries(shapes)) {
    const options = { ...authOptions(key), tokenCache: { maxEntries: 1_000_000, maxBytes } };
    const { authenticate } = createAuthenticator(options);
    const before = await heapBytes();
    for (let user = 0; user < (effort.quick ? 10 : 1500); user++) {
      const token = signToken(key, { ...benchPayload(user, now), extra: extra(user) });
      for (let sight = 0; sight < 2; sight++) await authenticate(benchRequest(token));
    }
    const grown = (await heapBytes()) - before;
    await authenticate(benchRequest(signToken(key, benchPayload(0, now))));
    rows.push([shape, figure(grown / 1_048_576), figure(grown / maxBytes)]);
  }
  report.paragraph(
    'Heap growth with `maxBytes` 2 MiB after 1,500 different tokens, each sent twice, by additional payload content.',
  );
  report.table(['Payload', 'MiB', 'of the bound'], rows);
}

export const scenario: Scenario = {
  title: 'Memory of verified tokens',
  async run(report, effort) {
    await perToken(report, 'HS256', effort);
    await perToken(report, 'RS256', effort);
    await bound(report, effort);
  },
};
