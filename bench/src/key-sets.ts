import { startJwksServer } from '../../conformance/src/jwks-server.js';
import { dayPlans, type Asked, type Day, type DayPlan } from './key-set-days.js';
import { keySetVerifiers, type KeySetVerifier } from './key-set-verifiers.js';
import { prove, type Accepts } from './proof.js';
import type { Cell } from './report.js';
import type { Scenario } from './scenario.js';
import { shiftedClock } from './shifted-clock.js';
import { benchKey, benchPayload, signToken, type BenchKey } from './tokens.js';

const fresh = { 'cache-control': 'max-age=300' };

async function asked(accepts: Accepts, token: string): Promise<Asked> {
  const began = process.hrtime.bigint();
  const accepted = await Promise.resolve(accepts(token)).catch(() => false);
  return { accepted, waitedMs: Number(process.hrtime.bigint() - began) / 1e6 };
}

type Surroundings = Pick<Day, 'clock' | 'effort' | 'key'>;

async function begin({ start }: KeySetVerifier, surroundings: Surroundings): Promise<Day> {
  const { key } = surroundings;
  const server = await startJwksServer({ keys: [key.jwk], headers: fresh });
  const accepts = start(server.url);
  let users = 0;
  const token = (signer: BenchKey): string =>
    signToken(signer, benchPayload(users++, Math.floor(Date.now() / 1000) - 1));
  return { server, ask: (signer = key) => asked(accepts, token(signer)), ...surroundings };
}

/** The good days before: one fetch, then so much time. */
async function fetchOnce(days: readonly Day[], { fetchedAgoMs }: DayPlan): Promise<void> {
  if (fetchedAgoMs === undefined) return;
  for (const { ask } of days)
    if (!(await ask()).accepted) throw new Error('a good token is refused on a good day');
  days[0]?.clock.advance(fetchedAgoMs); // they share it
}

/** One table: every contender lives the same day, one after another where only the clocks move. */
async function rowsOf(plan: DayPlan, surroundings: Surroundings): Promise<readonly Cell[][]> {
  const days: Day[] = [];
  for (const verifier of keySetVerifiers) days.push(await begin(verifier, surroundings));
  const together = plan.takesTime ? [days] : days.map((day) => [day]);
  const rows: (readonly Cell[])[] = [];
  try {
    for (const some of together) {
      await fetchOnce(some, plan);
      rows.push(...(await Promise.all(some.map((day) => plan.live(day)))));
    }
  } finally {
    for (const { server } of days) await server.close();
  }
  return rows.map((row, index) => [keySetVerifiers[index]?.name ?? '', ...row]);
}

async function proveAll(key: BenchKey): Promise<void> {
  const server = await startJwksServer({ keys: [key.jwk] });
  for (const { name, start } of keySetVerifiers) await prove(name, start(server.url), key);
  await server.close();
}

/** What a provider's bad days cost: in fetches, in refused requests, in time. */
export const scenario: Scenario = {
  name: 'key-sets',
  title: 'Key sets on bad days: fetches made, requests refused, time waited',
  async run(report, effort) {
    const key = benchKey('RS256');
    await proveAll(key);
    report.say(
      'Every request carries a new token. The provider says max-age=300; hours pass by moving the clocks of this process, a hung endpoint in real time.',
    );
    const clock = shiftedClock();
    try {
      for (const plan of dayPlans) {
        report.say(plan.title);
        report.table(['Contender', ...plan.columns], await rowsOf(plan, { key, clock, effort }));
      }
    } finally {
      clock.restore();
    }
  },
};
