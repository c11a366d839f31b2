import { startChild, type Child } from './child.js';
import { HttpLoad } from './http-load.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { pairedRatio, spreadOf } from './spread.js';
import type { AppFigures } from './webhook-app.js';

const perSecond = 500;

interface App {
  readonly load: HttpLoad;
  figures(question?: 'memory'): Promise<AppFigures>;
  stop(): Promise<void>;
}

async function startHook(
  delayMs: number,
): Promise<{ readonly child: Child; readonly url: string }> {
  const { child, ready } = await startChild('./webhook-hook.ts', String(delayMs));
  return { child, url: String(ready) };
}

async function startApp(framework: string, contender: string, hookUrl: string): Promise<App> {
  const { child, ready } = await startChild('./webhook-app.ts', framework, contender, hookUrl);
  const load = new HttpLoad(String(ready));
  return {
    load,
    figures: async (question) => (await child.ask(question ?? 'cpu')) as AppFigures, // webhook-app.ts sends this
    async stop() {
      load.close();
      await child.stop();
    },
  };
}

/** The app's CPU per request at a fixed rate, in microseconds. */
async function cpuPerRequest({ load, figures }: App, requests: number): Promise<number> {
  const before = await figures();
  await load.atRate(requests, perSecond);
  const after = await figures();
  return (after.cpuMicroseconds - before.cpuMicroseconds) / requests;
}

async function compare(framework: string, report: Report, effort: Effort): Promise<void> {
  const hook = await startHook(50);
  const bare = await startApp(framework, 'bare', hook.url);
  const own = await startApp(framework, 'hasura-auth', hook.url);
  const requests = effort.quick ? 20 : 1500;
  const spent = { bare: [] as number[], own: [] as number[] };
  try {
    for (const app of [bare, own]) await cpuPerRequest(app, requests); // warm
    for (let round = 0; round < (effort.quick ? 1 : 5); round++) {
      const order = round % 2 === 0 ? (['bare', 'own'] as const) : (['own', 'bare'] as const);
      for (const name of order)
        spent[name].push(await cpuPerRequest(name === 'bare' ? bare : own, requests));
    }
  } finally {
    await Promise.all([bare.stop(), own.stop(), hook.child.stop()]);
  }
  const ratio = pairedRatio(spent.own, spent.bare);
  report.table(
    [
      `${framework}, ${String(perSecond)} requests a second, the hook responds after 50 ms`,
      'µs CPU a request',
    ],
    [
      ['a bare handler that calls the hook itself', spreadOf(spent.bare)],
      ['hasuraAuth with authHook', spreadOf(spent.own)],
    ],
  );
  report.accept(`webhook mode on ${framework}, CPU against a bare handler`, ratio, 1.15);
}

async function memory(report: Report, { quick }: Effort): Promise<void> {
  const hook = await startHook(0);
  const app = await startApp('express', 'hasura-auth', hook.url);
  const [steps, requests] = [10, quick ? 20 : 5000];
  const rows: (readonly [string, number, number])[] = [];
  const heaps: number[] = [];
  const mebibytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
  try {
    await app.load.atOnce(requests, 50); // objects that are made only once
    for (let step = 0; step <= steps; step++) {
      if (step > 0) await app.load.atOnce(requests, 50);
      const { heapUsed, rss } = await app.figures('memory');
      heaps.push(heapUsed);
      rows.push([String(step * requests), mebibytes(heapUsed), mebibytes(rss)]);
    }
  } finally {
    await Promise.all([app.stop(), hook.child.stop()]);
  }
  report.table(['requests, each with another token', 'heap, MiB', 'resident, MiB'], rows);
  const half = heaps.length >> 1;
  const middle = (some: readonly number[]): number => spreadOf(some).median;
  const growth =
    (middle(heaps.slice(-half)) - middle(heaps.slice(0, half))) / ((steps / 2) * requests);
  report.accept('heap growth per webhook request, bytes', spreadOf([growth]), 10);
}

/** Measures the cost of webhook mode beyond the hook call itself. */
export const scenario: Scenario = {
  title: 'Webhook mode',
  async run(report, effort) {
    for (const framework of effort.quick ? ['express'] : ['express', 'koa', 'fastify'])
      await compare(framework, report, effort);
    await memory(report, effort);
  },
};
