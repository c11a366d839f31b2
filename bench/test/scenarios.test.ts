import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../src/main.ts', `file://${__filename}`));

/** The benchmark as `pnpm bench` starts it, but from the sources. Its figures mean nothing here. */
async function bench(...words: readonly string[]): Promise<string> {
  const node = ['--conditions=hasura-auth-source', '--import', 'tsx', main];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, ...words, '--quick']);
  return stdout;
}

test('every contender accepts a good token and refuses a tampered, an expired and a none one', async () => {
  const report = await bench('proofs');
  for (const name of ['bare', 'ideal Map', 'ourselves', 'fast-jwt', 'jsonwebtoken', 'jose', 'aws'])
    expect(report).toContain(`| ${name}`);
}, 60_000);

test.each(['verification', 'flood', 'growth', 'memory', 'bursts'])(
  'the scenario %s runs and writes tables',
  async (name) => {
    const report = await bench(name);
    expect(report).toContain('| ---');
    expect(report).not.toContain('NaN');
  },
  60_000,
);

test('each server proves its contender and answers', async () => {
  const report = await bench('http');
  for (const name of ['express-jwt', 'express-oauth2-jwt-bearer', 'passport-jwt', 'koa-jwt'])
    expect(report).toContain(`| ${name}`);
  expect(report).toContain('| fastify-jwt-cache-on');
}, 120_000);

test('a scenario that is not there is named, with those that are', async () => {
  await expect(bench('speed')).rejects.toThrow(/unknown: speed; there are proofs, verification/);
}, 60_000);
