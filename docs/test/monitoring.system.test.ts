import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { createAuthenticator } from '@hasura-auth/core';
import { metrics as table } from '@hasura-auth/core/observability';
import { metrics } from '@hasura-auth/prometheus';
import { createTestIssuer } from '@hasura-auth/testing';
import { Registry } from 'prom-client';
import { parse, stringify } from 'yaml';
import { top } from './code-blocks.js';
import { addressOf, closeAll } from './listening.js';

const folder = join(top, 'docs/monitoring');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly query?: { readonly query: string } | string }[];
  };
};
const rules = parse(read('alerts.yml')) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
};

const queries = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title: `the panel ${title}`, expr })),
  ),
  ...rules.groups.flatMap((group) =>
    group.rules.map(({ alert, expr }) => ({ title: `the alert ${alert}`, expr })),
  ),
  ...dashboard.templating.list.flatMap(({ query }) =>
    typeof query === 'object' ? [{ title: `the variable ${query.query}`, expr: query.query }] : [],
  ),
];

/** What Prometheus adds to every series, and a histogram to its buckets. */
const added = ['job', 'instance', 'le'];

/** The labels of each metric with their values, as a scrape of a real registry over HTTP has them. */
async function scraped(): Promise<ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>> {
  const issuer = await createTestIssuer();
  const authenticator = createAuthenticator({
    adminSecret: false,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
  });
  await authenticator.ready();
  await authenticator.revoke({ sub: 'a user' });
  const register = new Registry();
  const running = metrics({ register });
  const url = await addressOf((_request: unknown, response: { end(text: string): void }) => {
    void register.metrics().then((text) => response.end(text));
  });
  const text = await (await fetch(url)).text();
  running.stop();
  await authenticator.close();
  const found = new Map<string, Map<string, Set<string>>>();
  for (const [, name = '', given = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const labels = found.get(name) ?? new Map<string, Set<string>>();
    found.set(name, labels);
    for (const [, label = '', value = ''] of given.matchAll(/(\w+)="([^"]*)"/g))
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
  }
  return found;
}

/** The names that the collector of OpenTelemetry gives to metrics which have another one in prom-client. */
const collectorNames = new Map(
  Object.values(table).map(({ name, prometheus, kind }) => [
    name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : ''),
    prometheus,
  ]),
);

let known: Awaited<ReturnType<typeof scraped>>;
beforeAll(async () => {
  known = await scraped();
});
afterAll(closeAll);

it.each(queries)('$title asks for metrics, labels and values that there are', ({ expr }) => {
  const selectors = [...expr.matchAll(/(hasura_auth_\w+)(?:\{([^}]*)\})?/g)];
  expect(selectors).not.toEqual([]);
  const labelsOfAll = new Set(added);
  for (const [, name = '', given = ''] of selectors) {
    const prometheus = known.has(name) ? name : (collectorNames.get(name) ?? name);
    // A name of the collector stands beside that of prom-client.
    expect(expr).toContain(prometheus);
    const labels = known.get(prometheus);
    expect([prometheus, labels !== undefined]).toEqual([prometheus, true]);
    for (const label of labels?.keys() ?? []) labelsOfAll.add(label);
    for (const [, label = '', , values = ''] of given.matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g)) {
      expect([...(labels?.keys() ?? []), ...added]).toContain(label);
      if (!added.includes(label))
        for (const value of values.split('|'))
          expect([...(labels?.get(label) ?? []), '']).toContain(value);
    }
  }
  for (const [, list = ''] of expr.matchAll(/\bby \(([^)]*)\)/g))
    for (const label of list.split(',')) expect([...labelsOfAll]).toContain(label.trim());
});

it('every metric of the table is in the dashboard', () => {
  const all = queries.map(({ expr }) => expr).join('\n');
  for (const { prometheus } of Object.values(table)) expect(all).toContain(prometheus);
});

it('the panels do not overlap and have an id each', () => {
  const { panels } = JSON.parse(read('grafana-dashboard.json')) as {
    panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from(
      { length: w * h },
      (_, at) => `${String(x + (at % w))},${String(y + Math.floor(at / w))}`,
    ),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBeLessThanOrEqual(24);
});

// ── With Prometheus's own tool ───────────────────────────────────────────────────────────────────

const promtool = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((path) => join(path, 'promtool'))
  .find((path) => existsSync(path));
const run = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(promtool ?? 'promtool', args, { cwd: folder })).stdout;

if (promtool === undefined) {
  it.skip('promtool reads the rules and the queries (promtool is not installed)', () => undefined);
} else {
  it('promtool accepts the alert rules', async () => {
    expect(await run('check', 'rules', 'alerts.yml')).toContain('SUCCESS: 8 rules found');
  });

  it('the alerts fire under the series that they are for, and not under others', async () => {
    expect(await run('test', 'rules', 'alerts-test.yml')).toContain('SUCCESS');
  }, 30_000);

  it('promtool accepts every query of the dashboard', async () => {
    const written = mkdtempSync(join(tmpdir(), 'dashboard-queries-'));
    const file = join(written, 'queries.yml');
    const exprs = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const recording = exprs.map((expr, index) => ({
      record: `query_${String(index)}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: recording }] }));
    try {
      expect(await run('check', 'rules', file)).toContain(
        `SUCCESS: ${String(exprs.length)} rules found`,
      );
    } finally {
      rmSync(written, { recursive: true });
    }
  });
}
