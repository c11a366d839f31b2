import autocannon from 'autocannon';
import { startChild, type Child } from './child.js';
import { httpContenders, type Framework, type HttpContender } from './http-contenders.js';
import type { ProbeFigures } from './http-probe.js';
import { prove } from './proof.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { shuffled } from './rounds.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchKey, mintTokensOnEveryCore, type BenchKey } from './tokens.js';

/** Far below what the slowest server can answer, so that every server does the same work. */
const perSecond = 1500;
/** Sent before anything is measured, so that code is compiled and, with many tokens, every cache is full. */
const warmRequests = { few: 5000, many: 20_000 };

interface Running {
  readonly name: HttpContender;
  readonly url: string;
  readonly child: Child;
  readonly cpu: number[];
  /** Microseconds from the probe; valid for contenders that authenticate synchronously. */
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

/** Sends requests with the tokens in turn; resolves with the requests a second. Every response must be 200. */
async function load(
  url: string,
  nextToken: () => string,
  how: Pick<
    autocannon.Options,
    'amount' | 'duration' | 'overallRate' | 'connections' | 'sampleInt'
  >,
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

/** A load that ends soon after its last response: autocannon looks every `sampleInt` ms whether it is done. */
const quickLoad = { sampleInt: 20, connections: 10 };
const fixedRate = { overallRate: perSecond, connections: 10 };

/** One round: the server's CPU for each request, and the time between the two points of the app. */
async function measure(
  { url, child, cpu, inside }: Running,
  nextToken: () => string,
  amount: number,
  { quick }: Effort,
): Promise<void> {
  await child.ask('probe'); // resets it
  const before = Number(await child.ask('cpu'));
  await load(url, nextToken, { amount, ...(quick ? quickLoad : fixedRate) });
  cpu.push((Number(await child.ask('cpu')) - before) / amount);
  const { microseconds, requests } = (await child.ask('probe')) as ProbeFigures; // http-app.ts sends this
  inside.push(microseconds / requests);
}

/** The contenders that authenticate synchronously, so that the probe can measure them. */
const synchronous: readonly HttpContender[] = [
  'bare',
  'ideal-map',
  'hasura-auth',
  'hasura-auth-cache-off',
];

/** Microseconds inside the app beyond those of the bare app, round by round. */
function beyondBare(servers: readonly Running[], name: HttpContender): readonly number[] {
  const inside = (one: HttpContender): readonly number[] =>
    servers.find((server) => server.name === one)?.inside ?? [];
  const bare = inside('bare');
  return inside(name).map((figure, round) => figure - (bare[round] ?? NaN));
}

function accept(report: Report, title: string, servers: readonly Running[], warm: boolean): void {
  if (warm)
    report.accept(
      `${title}, beyond the bare app, inside it, hasura-auth / ideal Map`,
      pairedRatio(beyondBare(servers, 'hasura-auth'), beyondBare(servers, 'ideal-map')),
      1.5,
    );
  const own = servers.find(({ name }) => name === 'hasura-auth')?.cpu ?? [];
  for (const { name, cpu } of servers)
    if (!synchronous.includes(name))
      report.accept(`${title}, CPU for a request, hasura-auth / ${name}`, pairedRatio(own, cpu), 1);
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
  const rounds = effort.quick ? 1 : warm ? 7 : 5;
  // With many tokens a round must be long enough to contain its share of garbage collection.
  const amount = effort.quick ? 20 : warm ? perSecond : 2 * perSecond;
  try {
    const names: readonly HttpContender[] = httpContenders[framework];
    servers.push(...(await Promise.all(names.map((name) => started(framework, name, key)))));
    for (const server of servers) {
      if (!effort.quick)
        await load(server.url, nextToken, {
          amount: warm ? warmRequests.few : warmRequests.many,
          connections: 20,
        });
      const how = effort.quick ? { amount, ...quickLoad } : { duration: 2, connections: 20 };
      server.requestsPerSecond = await load(server.url, nextToken, how);
    }
    for (let round = 0; round < rounds; round++)
      for (const server of shuffled(servers)) await measure(server, nextToken, amount, effort);
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
      .filter(({ name }) => name !== 'bare' && synchronous.includes(name))
      .map(({ name }) => [name, spreadOf(beyondBare(servers, name))]),
  );
  accept(report, title, servers, warm);
}

export const scenario: Scenario = {
  title: 'RS256 over HTTP; each server in its own process, the load from another',
  async run(report, effort) {
    const key = benchKey('RS256');
    const many = await mintTokensOnEveryCore(key, effort.quick ? 20 : 100_000);
    report.paragraph(
      `CPU at ${String(perSecond)} requests a second, in 7 rounds with 100 tokens and 5 with 100,000; requests/s with 20 connections.`,
    );
    const few = many.slice(0, 100);
    for (const tokens of effort.quick ? [few] : [few, many])
      for (const framework of ['express', 'koa', 'fastify'] as const)
        await compare(report, framework, tokens, key, effort);
  },
};
