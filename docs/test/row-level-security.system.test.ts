import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocks, top } from './code-blocks.js';

const folder = join(top, 'docs', '.code-blocks', 'row-level-security');
let seen: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const blocks = codeBlocks(`${top}/docs/row-level-security.md`);
  const sql = blocks.find(({ language }) => language === 'sql');
  const example = blocks.find(({ note }) => note === 'rls');
  if (sql === undefined || example === undefined) throw new Error('a block is missing');
  const pg = join(folder, 'node_modules', 'pg');
  mkdirSync(pg, { recursive: true });
  writeFileSync(
    join(pg, 'index.js'),
    'exports.Pool = class { connect() { return globalThis.connect(); } };',
  );
  writeFileSync(join(folder, 'schema.sql'), sql.code);
  writeFileSync(join(folder, 'example.ts'), example.code);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=hasura-auth-source',
      '--import',
      'tsx',
      join(top, 'docs/test/row-level-security-program.ts'),
      folder,
    ],
    { env: { PATH: process.env['PATH'], HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-admin-secret' } },
  );
  seen = JSON.parse(stdout) as typeof seen;
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('a user can delete their own articles, and not those of another user', () => {
  expect(seen['userDeletes']).toEqual({ ofAnother: 0, own: 1 });
});

it('a user cannot write an article in the name of another user', () => {
  expect(seen['forged']).toMatch(/violates row-level security policy/);
});

it('after a transaction, the connection has no session', () => {
  expect(seen).toMatchObject({ withoutSession: 0, rows: [{ title: 'by 8' }] });
});

it('an admin can delete every article', () => {
  expect(seen['adminDeletes']).toBe(1);
});
