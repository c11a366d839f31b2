import { installedRedis, startRedis } from '@hasura-auth/testkit';
import { startChild, type Child } from './child.js';
import type { DecisionFigures } from './many-decisions.js';
import { fill } from './many-entries.js';
import type { LoadFigures } from './many-load.js';
import type { ClosedFigures, ManyQuestion } from './many-process.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { tokenUntil } from './socket-doubles.js';
import { spreadOf } from './spread.js';

const ask = (child: Child, question: ManyQuestion): Promise<unknown> =>
  child.ask(JSON.stringify(question));

async function decisions(
  full: string,
  empty: string,
  report: Report,
  effort: Effort,
): Promise<void> {
  const { child, ready } = await startChild(
    './many-decisions.ts',
    full,
    empty,
    JSON.stringify(effort),
  );
  await child.stop();
  const { rounds, latencies } = ready as DecisionFigures; // many-decisions.ts sends this
  const of = (name: string): readonly number[] => new Map(rounds).get(name) ?? [];
  const time = new Map(latencies);
  report.paragraph('A warm decision: 100 HS256 tokens with `jti`, `sid` and `sub` in turn.');
  report.table(
    ['', 'µs of CPU', 'µs until it is decided, median'],
    rounds.map(([name, values]) => [
      name,
      spreadOf(values),
      Math.round((time.get(name) ?? NaN) * 10) / 10,
    ]),
  );
  const less = of('hasura-auth, no store');
  const more = (name: string): number[] =>
    of(name).map((value, round) => value - (less[round] ?? NaN));
  report.accept(
    'a store without entries, µs more',
    spreadOf(more('hasura-auth, a store without entries')),
    0,
    'within noise counts',
  );
  report.accept(
    '100,000 entries, µs more',
    spreadOf(more('hasura-auth, a store with 100,000 entries')),
    0.7,
  );
}

async function loading(url: string, report: Report, { quick }: Effort): Promise<void> {
  const figures: LoadFigures[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    const { child, ready } = await startChild('./many-load.ts', url);
    await child.stop();
    figures.push(ready as LoadFigures); // many-load.ts sends this
  }
  const seconds = spreadOf(figures.map(({ ms }) => ms / 1000));
  const mebibytes = spreadOf(figures.map(({ bytes }) => bytes / 1_048_576));
  report.table(
    ['An app starts and loads 100,000 entries', 'median [quartiles]'],
    [
      ['seconds until ready', seconds],
      ['heap that they occupy, MiB', mebibytes],
    ],
  );
  report.accept('100,000 entries loaded, seconds', seconds, 1);
  report.accept('100,000 entries, MiB', mebibytes, 40);
}

const quantile = (sorted: readonly number[], at: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;

/** One process revokes, the other one authenticates turn by turn: the time between the call and the first refusal. */
async function revoking(url: string, report: Report, { quick }: Effort): Promise<void> {
  const [near, far] = await Promise.all(
    [0, 1].map(async () => (await startChild('./many-process.ts', url)).child),
  );
  if (near === undefined || far === undefined) throw new Error('a process is missing');
  const times: number[] = [];
  for (let index = 0; index < (quick ? 10 : 1000); index++) {
    const token = tokenUntil(Date.now() + 3_600_000, index);
    const refused = ask(far, { do: 'watch', token });
    const start = Number(await ask(near, { do: 'revoke', token }));
    times.push(Number(await refused) - start);
  }
  await Promise.all([near.stop(), far.stop()]);
  times.sort((a, b) => a - b);
  const [median, p99, most] = [0.5, 0.99, 1].map((at) => quantile(times, at));
  report.table(
    [`${String(times.length)} revocations: ms until another process refuses the token`, ''],
    [
      ['median', spreadOf([median ?? NaN])],
      ['99th percentile', spreadOf([p99 ?? NaN])],
      ['longest', spreadOf([most ?? NaN])],
    ],
  );
  report.accept('revoked to refused in another process, p99, ms', spreadOf([p99 ?? NaN]), 50);
}

async function disconnecting(url: string, report: Report, { quick }: Effort): Promise<void> {
  const sockets = quick ? 1000 : 10_000;
  const latest: number[] = [];
  const perTurn: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const children = await Promise.all(
      [0, 1].map(
        async () => (await startChild('./many-process.ts', url, String(sockets / 2))).child,
      ),
    );
    const [first] = children;
    if (first === undefined) throw new Error('a process is missing');
    for (const child of children) await ask(child, { do: 'expect' });
    const start = Number(await ask(first, { do: 'disconnect' }));
    const closed = (await Promise.all(
      children.map((child) => ask(child, { do: 'closed' })),
    )) as ClosedFigures[]; // many-process.ts sends these
    await Promise.all(children.map((child) => child.stop()));
    latest.push(Math.max(...closed.map(({ lastAt }) => lastAt)) - start);
    perTurn.push(Math.max(...closed.map(({ mostInOneTurn }) => mostInOneTurn)));
  }
  report.table(
    [
      `${String(sockets)} sockets on two processes; one disconnects their role`,
      'median [quartiles]',
    ],
    [
      ['ms until the last one is closed', spreadOf(latest)],
      ['most sockets closed in one turn', spreadOf(perTurn)],
    ],
  );
  report.accept('the last socket of both processes is closed, ms', spreadOf(latest), 2000);
  report.accept('closed in one turn', spreadOf(perTurn), 50);
}

/** Measures revocation in several processes, on a real Redis. */
export const scenario: Scenario = {
  title: 'Many machines: revocation on Redis',
  async run(report, effort) {
    const [kind] = installedRedis;
    if (kind === undefined) {
      report.table(
        ['skipped', 'reason'],
        [['all', 'neither redis-server nor valkey-server is installed']],
      );
      return;
    }
    const [full, empty] = await Promise.all([startRedis(kind), startRedis(kind)]);
    try {
      await fill(full.url, effort.quick ? 1000 : 100_000);
      await decisions(full.url, empty.url, report, effort);
      await loading(full.url, report, effort);
      await revoking(empty.url, report, effort);
      await disconnecting(empty.url, report, effort);
    } finally {
      await Promise.all([full.close(), empty.close()]);
    }
  },
};
