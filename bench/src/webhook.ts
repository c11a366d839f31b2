import type { AppFigures } from './app-figures.js';
import { startChild, type Child } from './child.js';
import { HttpLoad } from './http-load.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { pairedRatio, spreadOf } from './spread.js';

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
    figures: async (question) => (await child.ask(question ?? 'cpu')) as AppFigures, // what that program sends
    async stop() {
      load.close();
      await child.stop();
    },
  };
}

/** Microseconds of the app's CPU for each request at a fixed rate. */
async function cpuPerRequest({ load, figures }: App, requests: number): Promise<number> {
  const before = await figures();
  await load.atRate(requests, perSecond);
  const after = await figures();
  return (after.cpuMicroseconds - before.cpuMicroseconds) / requests;
}

async function compare(framework: string, report: Report, effort: Effort): Promise<void> {
  const hook = await startHook(50);
  const bare = await startApp(framework, 'bare', hook.url);
  const ours = await startApp(framework, 'ours', hook.url);
  const requests = effort.quick ? 20 : 2000;
  const spent = { bare: [] as number[], ours: [] as number[] };
  try {
    for (const app of [bare, ours]) await cpuPerRequest(app, requests); // warm
    for (let round = 0; round < (effort.quick ? 1 : 7); round++) {
      const order = round % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const);
      for (const name of order)
        spent[name].push(await cpuPerRequest(name === 'bare' ? bare : ours, requests));
    }
  } finally {
    await Promise.all([bare.stop(), ours.stop(), hook.child.stop()]);
  }
  const ratio = pairedRatio(spent.ours, spent.bare);
  report.table(
    [
      `${framework}, ${String(perSecond)} requests a second, the hook takes 50 ms`,
      'µs CPU a request',
    ],
    [
      ['a bare handler that asks the hook itself', spreadOf(spent.bare)],
      ['hasuraAuth with authHook', spreadOf(spent.ours)],
    ],
  );
  report.accept(`webhook mode on ${framework}, CPU against a bare handler`, ratio, 1.15);
}

async function memory(report: Report, { quick }: Effort): Promise<void> {
  const hook = await startHook(0);
  const app = await startApp('express', 'ours', hook.url);
  const [steps, requests] = [10, quick ? 20 : 10_000];
  const rows: (readonly [string, number, number])[] = [];
  const heaps: number[] = [];
  const mebibytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
  try {
    await app.load.atOnce(requests, 50); // what is made once is made here
    for (let step = 0; step <= steps; step++) {
      if (step > 0) await app.load.atOnce(requests, 50);
      const { heapUsed, rss } = await app.figures('memory');
      heaps.push(heapUsed);
      rows.push([String(step * requests), mebibytes(heapUsed), mebibytes(rss)]);
    }
  } finally {
    await Promise.all([app.stop(), hook.child.stop()]);
  }
  report.table(['requests, each by another user', 'heap, MiB', 'resident, MiB'], rows);
  const half = heaps.length >> 1;
  const middle = (some: readonly number[]): number => spreadOf(some).median;
  const growth =
    (middle(heaps.slice(-half)) - middle(heaps.slice(0, half))) / ((steps / 2) * requests);
  report.accept('heap that a webhook request leaves behind, bytes', spreadOf([growth]), 10);
}

/** What webhook mode adds to the call that it is. */
export const scenario: Scenario = {
  name: 'webhook',
  title: 'Webhook mode',
  async run(report, effort) {
    for (const framework of effort.quick ? ['express'] : ['express', 'koa', 'fastify'])
      await compare(framework, report, effort);
    await memory(report, effort);
  },
};
