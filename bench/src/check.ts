// `pnpm bench:check`: shows that the benchmark still works. It runs every scenario in its smallest form, from the
// sources, and looks at what it prints; the figures of such a run mean nothing. Exits with 1 if something is wrong.
import { match, ok, rejects } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { execPath, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scenarioNames } from './scenarios.js';
import { socketFigures } from './sockets.js';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** No scenario takes as long in its smallest form: one that does has stopped. */
const mostMs = 600_000;

/** What a scenario prints in its smallest form. */
async function reportOf(scenario: string): Promise<string> {
  const words = ['--conditions=hasura-auth-source', '--import', 'tsx', main, scenario, '--quick'];
  return (await promisify(execFile)(execPath, words, { timeout: mostMs })).stdout;
}

/** Contenders that must have a row, by scenario. Each of them has proved by then that it verifies tokens. */
const expectedRows: Readonly<Record<string, readonly string[]>> = {
  proofs: [
    'bare',
    'ideal Map',
    'hasura-auth',
    'fast-jwt',
    'jsonwebtoken',
    'jose',
    'aws-jwt-verify',
  ],
  http: [
    'express-jwt',
    'express-oauth2-jwt-bearer',
    'passport-jwt',
    'koa-jwt',
    'fastify-jwt-cache-on',
  ],
};

async function scenarioWorks(name: string): Promise<void> {
  const report = await reportOf(name);
  ok(report.includes('| ---'), `${name} printed no table`);
  ok(!report.includes('NaN'), `${name} printed a figure that is not a number`);
  for (const row of expectedRows[name] ?? [])
    ok(report.includes(`| ${row}`), `${name} printed no row for ${row}`);
}

/** Bounds that hold on a busy machine too. How late sockets are closed depends on what else the machine does. */
async function socketBoundsHold(): Promise<void> {
  const figures = await socketFigures(10_000);
  ok(figures.bytesEach < 1024, `a connection keeps ${String(figures.bytesEach)} bytes`);
  ok(figures.heldAfterDisconnect === 0, 'something is held after a disconnect');
  ok(figures.closedInOneTurn <= 50, `${String(figures.closedInOneTurn)} sockets closed in a turn`);
  ok(figures.firstLateMs >= 0, 'a socket was closed before its session ended');
}

async function unknownScenarioIsRejected(): Promise<void> {
  await rejects(reportOf('speed'), (error) => {
    match(String(error), /no scenario is named speed; choose from proofs, verification/);
    return true;
  });
}

const checks: readonly (readonly [title: string, check: () => Promise<void>])[] = [
  ...scenarioNames.map((name) => [`${name} runs`, () => scenarioWorks(name)] as const),
  ['10,000 sockets stay within their bounds', socketBoundsHold],
  ['an unknown scenario is rejected', unknownScenarioIsRejected],
];

// Two at a time, because most of them wait for processes to start.
const waiting = checks.values();
await Promise.all(
  [1, 2].map(async () => {
    for (const [title, check] of waiting) {
      const began = performance.now();
      await check();
      stdout.write(`${title} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
    }
  }),
);
