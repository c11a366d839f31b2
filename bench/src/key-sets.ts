import { startJwksServer } from '@hasura-auth/testkit';

import { trialPlans, type Outcome, type Trial, type TrialPlan } from './key-set-trials.js';
import { keySetVerifiers, type KeySetVerifier } from './key-set-verifiers.js';
import { prove, type Accepts } from './proof.js';
import type { Cell } from './report.js';
import type { Scenario } from './scenario.js';
import { shiftedClock } from './shifted-clock.js';
import { benchKey, benchPayload, signToken, type BenchKey } from './tokens.js';

const fresh = { 'cache-control': 'max-age=300' };

async function outcomeOf(accepts: Accepts, token: string): Promise<Outcome> {
  const began = process.hrtime.bigint();
  const accepted = await Promise.resolve(accepts(token)).catch(() => false);
  return { accepted, waitedMs: Number(process.hrtime.bigint() - began) / 1e6 };
}

type Setting = Pick<Trial, 'clock' | 'effort' | 'key'>;

async function begin({ start }: KeySetVerifier, setting: Setting): Promise<Trial> {
  const { key } = setting;
  const server = await startJwksServer({ keys: [key.jwk], headers: fresh });
  const accepts = start(server.url);
  let users = 0;
  const token = (signer: BenchKey): string =>
    signToken(signer, benchPayload(users++, Math.floor(Date.now() / 1000) - 1));
  return { server, send: (signer = key) => outcomeOf(accepts, token(signer)), ...setting };
}

/** Lets every contender fetch the good key set, then moves the clock. */
async function fetchOnce(trials: readonly Trial[], { fetchedAgoMs }: TrialPlan): Promise<void> {
  if (fetchedAgoMs === undefined) return;
  for (const { send } of trials)
    if (!(await send()).accepted) throw new Error('a good token was rejected with a good key set');
  trials[0]?.clock.advance(fetchedAgoMs); // all trials share it
}

/** One table: every contender runs the same trial, one after another if only the clocks move. */
async function rowsOf(plan: TrialPlan, setting: Setting): Promise<readonly Cell[][]> {
  const trials: Trial[] = [];
  for (const verifier of keySetVerifiers) trials.push(await begin(verifier, setting));
  const together = plan.takesTime ? [trials] : trials.map((trial) => [trial]);
  const rows: (readonly Cell[])[] = [];
  try {
    for (const some of together) {
      await fetchOnce(some, plan);
      rows.push(...(await Promise.all(some.map((trial) => plan.run(trial)))));
    }
  } finally {
    for (const { server } of trials) await server.close();
  }
  return rows.map((row, index) => [keySetVerifiers[index]?.name ?? '', ...row]);
}

async function proveAll(key: BenchKey): Promise<void> {
  const server = await startJwksServer({ keys: [key.jwk] });
  for (const { name, start } of keySetVerifiers) await prove(name, start(server.url), key);
  await server.close();
}

/** Measures how contenders behave when a key set endpoint fails: fetches, refused requests, waiting time. */
export const scenario: Scenario = {
  title: 'Key set endpoints that fail: fetches made, requests refused, time waited',
  async run(report, effort) {
    const key = benchKey('RS256');
    await proveAll(key);
    report.paragraph(
      'Every request carries a new token. The provider sends max-age=300. Hours pass by moving the clocks of this process; the hung endpoint takes real time.',
    );
    const clock = shiftedClock();
    try {
      for (const plan of trialPlans) {
        report.paragraph(plan.title);
        report.table(['Contender', ...plan.columns], await rowsOf(plan, { key, clock, effort }));
      }
    } finally {
      clock.restore();
    }
  },
};
