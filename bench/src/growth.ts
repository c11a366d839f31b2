import { createAuthenticator, type AuthOptions } from '@hasura-auth/core';
import { measured } from './measured.js';
import { authOptions } from './auth-options.js';
import type { Report } from './report.js';
import { interleavedRounds, roundsOf } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { pairedRatio, spreadOf } from './spread.js';
import { TokenStore } from './token-store.js';
import { benchKey, issuer, mintTokens, signToken, benchPayload, type BenchKey } from './tokens.js';
import type { Verifier } from './verifiers.js';

function verifier(name: string, options: AuthOptions): Verifier {
  const { authenticate } = createAuthenticator(options);
  return { name, verify: authenticate };
}

async function byTokens(report: Report, effort: Effort): Promise<void> {
  const key = benchKey('HS256');
  const counts = effort.quick ? [1, 2] : [10, 100, 1000, 10_000, 100_000, 1_000_000];
  const store = new TokenStore(mintTokens(key, 1)[0]?.length ?? 0, counts.at(-1) ?? 1);
  for (let user = 0; user < store.capacity; user += 1000)
    store.add(mintTokens(key, Math.min(1000, store.capacity - user), user));
  for (const [title, tokenCache] of [
    ['as configured by default', {}],
    ['with room for all', { maxEntries: 1_000_000, maxBytes: 8 * 1024 ** 3 }],
  ] as const) {
    const rows = [];
    for (const count of counts) {
      const options = { ...authOptions(key), tokenCache };
      const one = verifier(String(count), options);
      const contender = measured(one, { store, among: count });
      for (let warm = 0; warm < count; warm += 500) {
        await contender.prepare?.(Math.min(500, count));
        await contender.run(0);
      }
      const rounds = await interleavedRounds([contender], effort);
      rows.push([count.toLocaleString('en'), spreadOf(roundsOf(rounds, one.name))]);
    }
    report.table([`Different HS256 tokens in turn, cache ${title}`, 'µs of CPU'], rows);
  }
}

/** Options with `count` secrets for one token location, which differ in `issuer`; the token matches the last one. */
function severalSecrets(key: BenchKey, count: number): AuthOptions {
  const { jwtSecret, ...options } = authOptions(key);
  const jwtSecrets = Array.from({ length: count }, (_, index) => ({
    ...(jwtSecret as object),
    issuer: index === count - 1 ? issuer : `https://issuer-${String(index)}.example`,
  }));
  return { ...options, jwtSecrets };
}

async function bySecrets(report: Report, effort: Effort): Promise<void> {
  const key = benchKey('HS256');
  const tokens = mintTokens(key, 100);
  const counts = [1, 10, 50];
  const rounds = await interleavedRounds(
    counts.flatMap((count) => [
      measured(verifier(`hit ${String(count)}`, severalSecrets(key, count)), tokens),
      measured(
        verifier(`cold ${String(count)}`, { ...severalSecrets(key, count), tokenCache: false }),
        tokens,
      ),
    ]),
    effort,
  );
  report.table(
    ['Configured secrets', 'µs of CPU, a hit', 'cold'],
    counts.map((count) => [
      String(count),
      spreadOf(roundsOf(rounds, `hit ${String(count)}`)),
      spreadOf(roundsOf(rounds, `cold ${String(count)}`)),
    ]),
  );
  report.accept(
    'a hit with 50 secrets / with 1',
    pairedRatio(roundsOf(rounds, 'hit 50'), roundsOf(rounds, 'hit 1')),
    1.05,
  );
}

/** Options with a key set behind `jwk_url`; the tokens are signed with the last key of it. */
function keySet(keys: readonly BenchKey[]): AuthOptions {
  const body = JSON.stringify({
    keys: keys.map(({ jwk }, index) => ({ ...jwk, kid: `key-${String(index)}` })),
  });
  return {
    adminSecret: 'the-secret-of-the-benchmark',
    jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
    fetch: () =>
      Promise.resolve(new Response(body, { headers: { 'cache-control': 'max-age=86400' } })),
  };
}

async function byKeys(report: Report, effort: Effort): Promise<void> {
  const keys = Array.from({ length: 100 }, () => benchKey('ES256'));
  const counts = [1, 10, 100];
  const contenders = [];
  for (const count of counts) {
    const key = keys[count - 1];
    if (key === undefined) continue;
    const signer = { ...key, kid: `key-${String(count - 1)}` };
    const now = Math.floor(Date.now() / 1000);
    const tokens = Array.from({ length: 100 }, (_, user) =>
      signToken(signer, benchPayload(user, now)),
    );
    for (const [kind, more] of [
      ['hit', {}],
      ['cold', { tokenCache: false }],
    ] as const) {
      const options: AuthOptions = { ...keySet(keys.slice(0, count)), ...more };
      contenders.push(measured(verifier(`${kind} ${String(count)}`, options), tokens));
    }
  }
  const rounds = await interleavedRounds(contenders, effort);
  report.table(
    ['ES256 keys in a set', 'µs of CPU, a hit', 'cold'],
    counts.map((count) => [
      String(count),
      spreadOf(roundsOf(rounds, `hit ${String(count)}`)),
      spreadOf(roundsOf(rounds, `cold ${String(count)}`)),
    ]),
  );
}

export const scenario: Scenario = {
  title: 'Growth with the number of tokens, secrets and keys',
  async run(report, effort) {
    await byTokens(report, effort);
    await bySecrets(report, effort);
    await byKeys(report, effort);
  },
};
