import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { version } from 'node:process';
import type { Report } from './report.js';
import type { Effort } from './scenario.js';

const peers = [
  'express',
  'koa',
  'fastify',
  'express-jwt',
  'koa-jwt',
  '@fastify/jwt',
  'fast-jwt',
  'jsonwebtoken',
  'express-oauth2-jwt-bearer',
  'passport-jwt',
  'jose',
  'aws-jwt-verify',
  'jwks-rsa',
  'get-jwks',
  'autocannon',
];

const installed = new URL('../node_modules/', import.meta.url);

function versionOf(name: string): string {
  const text = readFileSync(new URL(`${name}/package.json`, installed), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Writes the beginning of the report: where and how it was measured. */
export function writePreamble(report: Report, { rounds, shortRounds }: Effort): void {
  report.title('Benchmark report');
  report.paragraph(
    '`pnpm --silent bench > bench/report.md` writes this report; `pnpm format` aligns its tables. The page for operators is [docs/performance.md](../docs/performance.md).',
  );
  report.paragraph(
    `Measured on ${String(cpus().length)} cores with Node ${version.slice(1)}, ${peers.map((name) => `${name} ${versionOf(name)}`).join(', ')}.`,
  );
  report.list([
    'Times are CPU times of the measured process, including garbage collection and thread pool. They are medians, with the quartiles in brackets.',
    `Contenders take turns in random order, in ${String(rounds)} rounds, or ${String(shortRounds)} short ones within one process. Ratios compare two contenders in the same round.`,
    'Each contender first proves that it accepts a good token and rejects a tampered, an expired and an unsigned one.',
    'hasura-auth is measured as published, from its build. It also reads the Hasura claims, chooses the role and builds the session; the other contenders only return the claims.',
    'An acceptance line compares a median with its bound. It says "within noise" if only the lower quartile is within the bound, next to contenders that are as close to the limit.',
    'Run it on a machine without other work: other processes push code and data out of the processor caches, which slows some contenders more than others.',
  ]);
}
