import { setTimeout as delay } from 'node:timers/promises';
import type { JwksServer } from '@hasura-auth/testkit';

import type { Cell } from './report.js';
import type { Effort } from './scenario.js';
import type { ShiftedClock } from './shifted-clock.js';
import { benchKey, type BenchKey } from './tokens.js';

const minuteMs = 60_000;

/** The outcome of one request. */
export interface Outcome {
  readonly accepted: boolean;
  readonly waitedMs: number;
}

/** One contender with its own provider, in one trial. */
export interface Trial {
  readonly server: JwksServer;
  readonly key: BenchKey;
  readonly clock: ShiftedClock;
  readonly effort: Effort;
  /** Sends a request with a new token, signed with the provider's key or with another. */
  send(key?: BenchKey): Promise<Outcome>;
}

/** A kind of trial: how the provider misbehaves, and the columns of the table. */
export interface TrialPlan {
  readonly title: string;
  readonly columns: readonly string[];
  /** The age of the good key set at the start of the trial; absent if none was fetched. */
  readonly fetchedAgoMs?: number;
  /** Whether the trial takes real time, so that all contenders run it at once. */
  readonly takesTime?: true;
  run(trial: Trial): Promise<readonly Cell[]>;
}

const refused = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ accepted }) => !accepted).length;
const longestMs = (outcomes: readonly Outcome[]): number =>
  Math.max(...outcomes.map(({ waitedMs }) => waitedMs));
const times = (count: number, send: () => Promise<Outcome>): Promise<Outcome[]> =>
  Promise.all(Array.from({ length: count }, send));

function seconds(ms: number, atMost = Infinity): string {
  return ms >= atMost ? `over ${(atMost / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(1)} s`;
}

/** Returns keys with new `kid`s, none of which the provider has. */
function unknownKeys(): () => BenchKey {
  const key = benchKey('RS256');
  let count = 0;
  return () => ({ ...key, kid: `unknown-${String(count++)}` });
}

/** Waits for fetches in the background. */
const settle = (): Promise<void> => delay(5);

const coldBurst: TrialPlan = {
  title: '1,000 requests at once before the first fetch',
  columns: ['fetches', 'refused'],
  async run({ send, server, effort }) {
    const outcomes = await times(effort.quick ? 10 : 1000, () => send());
    return [server.fetches, refused(outcomes)];
  },
};

const unknownKids: TrialPlan = {
  title: '1,000 unknown kids, one after another, and a good token after each',
  columns: ['fetches', 'good tokens refused'],
  fetchedAgoMs: 0,
  async run({ send, server, effort }) {
    const before = server.fetches;
    const unknownKey = unknownKeys();
    const good: Outcome[] = [];
    for (let count = effort.quick ? 10 : 1000; count > 0; count--) {
      await send(unknownKey());
      good.push(await send());
    }
    return [server.fetches - before, refused(good)];
  },
};

const anHourDown = (everyMs: number): TrialPlan => ({
  title: `The endpoint responds with 503 for an hour after a good key set; a request every ${String(everyMs / 1000)} s`,
  columns: ['fetches', 'requests', 'refused', 'refusing from'],
  fetchedAgoMs: 0,
  async run({ send, server, clock }) {
    const before = server.fetches;
    server.misbehave({ status: 503 });
    const outcomes: Outcome[] = [];
    while (outcomes.length * everyMs < 60 * minuteMs) {
      clock.advance(everyMs);
      outcomes.push(await send());
      await settle();
    }
    const first = outcomes.findIndex(({ accepted }) => !accepted);
    const from = first === -1 ? 'never' : `minute ${String(((first + 1) * everyMs) / minuteMs)}`;
    return [server.fetches - before, outcomes.length, refused(outcomes), from];
  },
});

const hung: TrialPlan = {
  title: 'The endpoint hangs, 15 minutes after a good key set; 10 requests at once, then one more',
  columns: ['fetches', 'longest wait', 'wait of the last one', 'refused of 11'],
  fetchedAgoMs: 15 * minuteMs,
  takesTime: true,
  async run({ send, server, effort }) {
    const giveUpMs = effort.quick ? 600 : 45_000;
    const sendOrGiveUp = (): Promise<Outcome> =>
      Promise.race([send(), delay(giveUpMs, { accepted: false, waitedMs: giveUpMs })]);
    server.misbehave({ delivery: { kind: 'hang' } });
    const before = server.fetches;
    const first = await times(10, sendOrGiveUp);
    const next = await sendOrGiveUp();
    return [
      server.fetches - before,
      seconds(longestMs(first), giveUpMs),
      seconds(next.waitedMs, giveUpMs),
      refused([...first, next]),
    ];
  },
};

const rotation: TrialPlan = {
  title: 'A key is replaced without notice while other clients send 10 unknown kids a second',
  columns: ['fetches', 'the new key is accepted after'],
  fetchedAgoMs: 0,
  async run({ send, server, clock }) {
    const unknownKey = unknownKeys();
    for (let count = 0; count < 5; count++) await send(unknownKey());
    const before = server.fetches;
    const next = { ...benchKey('RS256'), kid: 'rotated' };
    server.rotate(next.jwk, { ...next.jwk, kid: next.kid });
    let waited = 0;
    while (waited < 10 * minuteMs && !(await send(next)).accepted) {
      clock.advance(100);
      waited += 100;
      await send(unknownKey());
    }
    return [server.fetches - before, seconds(waited, 10 * minuteMs)];
  },
};

const mixedSet: TrialPlan = {
  title:
    'A key set with a malformed key, an unknown key type and an encryption key beside the good key',
  columns: ['refused of 1'],
  async run({ send, server, key }) {
    const broken = { kty: 'RSA', kid: 'broken', use: 'sig', alg: 'RS256' };
    const unknown = { kty: 'AKP', kid: 'x', alg: 'ML-DSA-44', pub: 'AA' };
    server.rotate(broken, unknown, { ...key.jwk, kid: 'e', use: 'enc' }, key.jwk);
    return [refused([await send()])];
  },
};

/** The trials, in the order of the report. */
export const trialPlans: readonly TrialPlan[] = [
  coldBurst,
  unknownKids,
  anHourDown(minuteMs / 2),
  anHourDown(5 * minuteMs),
  hung,
  rotation,
  mixedSet,
];
