import { setTimeout as delay } from 'node:timers/promises';
import type { JwksServer } from '../../conformance/src/jwks-server.js';
import type { Cell } from './report.js';
import type { Effort } from './scenario.js';
import type { ShiftedClock } from './shifted-clock.js';
import { benchKey, type BenchKey } from './tokens.js';

const minuteMs = 60_000;

/** What happened to one request. */
export interface Asked {
  readonly accepted: boolean;
  readonly waitedMs: number;
}

/** One contender before its own provider, in one day of either. */
export interface Day {
  readonly server: JwksServer;
  readonly key: BenchKey;
  readonly clock: ShiftedClock;
  readonly effort: Effort;
  /** Sends a request with a new token, of the provider's key or of another. */
  ask(key?: BenchKey): Promise<Asked>;
}

/** A kind of day: what is measured, and the columns of its table. */
export interface DayPlan {
  readonly title: string;
  readonly columns: readonly string[];
  /** How long ago the good set was fetched, where the day begins with one. */
  readonly fetchedAgoMs?: number;
  /** Whether it takes real time, so that the contenders live it together. */
  readonly takesTime?: true;
  live(day: Day): Promise<readonly Cell[]>;
}

const refused = (answers: readonly Asked[]): number =>
  answers.filter(({ accepted }) => !accepted).length;
const longestMs = (answers: readonly Asked[]): number =>
  Math.max(...answers.map(({ waitedMs }) => waitedMs));
const times = (count: number, ask: () => Promise<Asked>): Promise<Asked[]> =>
  Promise.all(Array.from({ length: count }, ask));

function seconds(ms: number, atMost = Infinity): string {
  return ms >= atMost ? `over ${(atMost / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(1)} s`;
}

/** Random `kid`s, under a key that the provider does not have. */
function strangers(): () => BenchKey {
  const key = benchKey('RS256');
  let count = 0;
  return () => ({ ...key, kid: `stranger-${String(count++)}` });
}

/** Fetches that nobody waits for come to their end. */
const settle = (): Promise<void> => delay(5);

const coldBurst: DayPlan = {
  title: '1,000 requests at once before the first fetch',
  columns: ['fetches', 'refused'],
  async live({ ask, server, effort }) {
    const answers = await times(effort.quick ? 10 : 1000, () => ask());
    return [server.fetches, refused(answers)];
  },
};

const unknownKids: DayPlan = {
  title: '1,000 unknown kids, one after another, and a good token after each',
  columns: ['fetches', 'good tokens refused'],
  fetchedAgoMs: 0,
  async live({ ask, server, effort }) {
    const before = server.fetches;
    const stranger = strangers();
    const good: Asked[] = [];
    for (let count = effort.quick ? 10 : 1000; count > 0; count--) {
      await ask(stranger());
      good.push(await ask());
    }
    return [server.fetches - before, refused(good)];
  },
};

const anHourDown = (everyMs: number): DayPlan => ({
  title: `The endpoint answers 503 for an hour after a good set; a request every ${String(everyMs / 1000)} s`,
  columns: ['fetches', 'requests', 'refused', 'refusing from'],
  fetchedAgoMs: 0,
  async live({ ask, server, clock }) {
    const before = server.fetches;
    server.misbehave({ status: 503 });
    const answers: Asked[] = [];
    while (answers.length * everyMs < 60 * minuteMs) {
      clock.advance(everyMs);
      answers.push(await ask());
      await settle();
    }
    const first = answers.findIndex(({ accepted }) => !accepted);
    const from = first === -1 ? 'never' : `minute ${String(((first + 1) * everyMs) / minuteMs)}`;
    return [server.fetches - before, answers.length, refused(answers), from];
  },
});

const hung: DayPlan = {
  title:
    'The endpoint hangs, a quarter of an hour after a good set; 10 requests at once, and one more',
  columns: ['fetches', 'longest wait', 'wait of the one more', 'refused of 11'],
  fetchedAgoMs: 15 * minuteMs,
  takesTime: true,
  async live({ ask, server, effort }) {
    const patienceMs = effort.quick ? 600 : 45_000;
    const patiently = (): Promise<Asked> =>
      Promise.race([ask(), delay(patienceMs, { accepted: false, waitedMs: patienceMs })]);
    server.misbehave({ delivery: { kind: 'hang' } });
    const before = server.fetches;
    const first = await times(10, patiently);
    const next = await patiently();
    return [
      server.fetches - before,
      seconds(longestMs(first), patienceMs),
      seconds(next.waitedMs, patienceMs),
      refused([...first, next]),
    ];
  },
};

const rotation: DayPlan = {
  title: 'A key rotated without notice while strangers send 10 unknown kids a second',
  columns: ['fetches', 'the new key is accepted after'],
  fetchedAgoMs: 0,
  async live({ ask, server, clock }) {
    const stranger = strangers();
    for (let count = 0; count < 5; count++) await ask(stranger());
    const before = server.fetches;
    const next = { ...benchKey('RS256'), kid: 'rotated' };
    server.rotate(next.jwk, { ...next.jwk, kid: next.kid });
    let waited = 0;
    while (waited < 10 * minuteMs && !(await ask(next)).accepted) {
      clock.advance(100);
      waited += 100;
      await ask(stranger());
    }
    return [server.fetches - before, seconds(waited, 10 * minuteMs)];
  },
};

const badNeighbours: DayPlan = {
  title: 'A set with a malformed key, an unknown kind and an encryption key beside the good one',
  columns: ['refused of 1'],
  async live({ ask, server, key }) {
    const broken = { kty: 'RSA', kid: 'broken', use: 'sig', alg: 'RS256' };
    const unknown = { kty: 'AKP', kid: 'x', alg: 'ML-DSA-44', pub: 'AA' };
    server.rotate(broken, unknown, { ...key.jwk, kid: 'e', use: 'enc' }, key.jwk);
    return [refused([await ask()])];
  },
};

/** The days, in the order of the report. */
export const dayPlans: readonly DayPlan[] = [
  coldBurst,
  unknownKids,
  anHourDown(minuteMs / 2),
  anHourDown(5 * minuteMs),
  hung,
  rotation,
  badNeighbours,
];
