import autocannon from 'autocannon';
import { startChild, type Child } from './child.js';
import { httpContenders, type Framework, type HttpContender } from './http-contenders.js';
import type { ProbeFigures } from './http-probe.js';
import { prove } from './proof.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { shuffled } from './shuffled.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchKey, mintTokensOnEveryCore, type BenchKey } from './tokens.js';

/** Far below what the slowest can answer, so that every server has the same to do. */
const perSecond = 1500;
/** Before anything is measured: twice what a cache keeps, so that it is full, and the code compiled. */
const warmRequests = 20_000;

interface Running {
  readonly name: HttpContender;
  readonly url: string;
  readonly child: Child;
  readonly cpu: number[];
  /** Microseconds from the probe, which mean something for those that answer at once. */
  readonly inside: number[];
  requestsPerSecond: number;
}

async function started(framework: Framework, name: HttpContender, key: BenchKey): Promise<Running> {
  const described = JSON.stringify({ text: key.text, jwk: key.jwk });
  const { child, ready } = await startChild('http-app.ts', framework, name, described);
  const url = `http://127.0.0.1:${String(ready)}/`;
  if (name !== 'bare')
    await prove(
      `${framework}, ${name}`,
      async (token) => {
        const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        await answer.arrayBuffer();
        return answer.status === 200;
      },
      key,
    );
  return { name, url, child, cpu: [], inside: [], requestsPerSecond: NaN };
}

/** Sends requests with the tokens in turn; resolves with the requests a second. Every answer must be 200. */
async function load(
  url: string,
  nextToken: () => string,
  how: Pick<autocannon.Options, 'amount' | 'duration' | 'overallRate' | 'connections'>,
): Promise<number> {
  const result = await autocannon({
    url,
    ...how,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${nextToken()}` },
        }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${String(result.non2xx)} refused, ${String(result.errors)} failed`);
  return result.requests.average;
}

/** One round: the server's CPU for each request, and how long it was between the two points of the app. */
async function measure(
  { url, child, cpu, inside }: Running,
  nextToken: () => string,
  amount: number,
): Promise<void> {
  await child.ask('probe'); // begins anew
  const before = Number(await child.ask('cpu'));
  await load(url, nextToken, { amount, overallRate: perSecond, connections: 10 });
  cpu.push((Number(await child.ask('cpu')) - before) / amount);
  const { microseconds, requests } = (await child.ask('probe')) as ProbeFigures; // what that program sends
  inside.push(microseconds / requests);
}

/** Those whose authentication waits for nothing, so that the probe can measure it. */
const answersAtOnce: readonly HttpContender[] = [
  'bare',
  'ideal-map',
  'ourselves',
  'ourselves-cache-off',
];

/** Microseconds inside the app that the bare one does not take, round by round. */
function beyondBare(servers: readonly Running[], name: HttpContender): readonly number[] {
  const inside = (one: HttpContender): readonly number[] =>
    servers.find((server) => server.name === one)?.inside ?? [];
  const bare = inside('bare');
  return inside(name).map((figure, round) => figure - (bare[round] ?? NaN));
}

function accept(report: Report, title: string, servers: readonly Running[], warm: boolean): void {
  if (warm)
    report.accept(
      `${title}, beyond the bare app, inside it, ourselves / ideal Map`,
      pairedRatio(beyondBare(servers, 'ourselves'), beyondBare(servers, 'ideal-map')),
      1.5,
    );
  const ours = servers.find(({ name }) => name === 'ourselves')?.cpu ?? [];
  for (const { name, cpu } of servers)
    if (!answersAtOnce.includes(name))
      report.accept(`${title}, CPU for a request, ourselves / ${name}`, pairedRatio(ours, cpu), 1);
}

async function compare(
  report: Report,
  framework: Framework,
  tokens: readonly string[],
  key: BenchKey,
  effort: Effort,
): Promise<void> {
  const servers: Running[] = [];
  let next = 0;
  const nextToken = (): string => tokens[next++ % tokens.length] ?? '';
  const warm = tokens.length <= 100;
  // With many tokens a round must be long enough for its part of the garbage collection.
  const amount = effort.quick ? 20 : warm ? perSecond : 2 * perSecond;
  try {
    const names: readonly HttpContender[] = httpContenders[framework];
    servers.push(...(await Promise.all(names.map((name) => started(framework, name, key)))));
    for (const server of servers) {
      if (!effort.quick)
        await load(server.url, nextToken, { amount: warmRequests, connections: 20 });
      const how = effort.quick ? { amount } : { duration: 3 };
      server.requestsPerSecond = await load(server.url, nextToken, { ...how, connections: 20 });
    }
    for (let round = 0; round < effort.rounds; round++)
      for (const server of shuffled(servers)) await measure(server, nextToken, amount);
  } finally {
    await Promise.all(servers.map(({ child }) => child.stop()));
  }
  const title = `${framework}, ${tokens.length.toLocaleString('en')} tokens`;
  const bare = servers[0];
  report.table(
    [title, 'µs of server CPU a request', 'to the bare app', 'requests/s', 'to the bare app'],
    servers.map(({ name, cpu, requestsPerSecond }) => [
      name,
      spreadOf(cpu),
      pairedRatio(cpu, bare?.cpu ?? []),
      requestsPerSecond.toFixed(0),
      figure(requestsPerSecond / (bare?.requestsPerSecond ?? NaN)),
    ]),
  );
  report.table(
    [`${title}, inside the app`, 'µs beyond the bare app'],
    servers
      .filter(({ name }) => name !== 'bare' && answersAtOnce.includes(name))
      .map(({ name }) => [name, spreadOf(beyondBare(servers, name))]),
  );
  accept(report, title, servers, warm);
}

export const scenario: Scenario = {
  name: 'http',
  title: 'Over HTTP, RS256: each server in its own process, the load from another',
  async run(report, effort) {
    const key = benchKey('RS256');
    const many = await mintTokensOnEveryCore(key, effort.quick ? 20 : 100_000);
    report.say(`CPU at ${String(perSecond)} requests a second; requests/s with 20 connections.`);
    const few = many.slice(0, 100);
    for (const tokens of effort.quick ? [few] : [few, many])
      for (const framework of ['express', 'koa', 'fastify'] as const)
        await compare(report, framework, tokens, key, effort);
  },
};
