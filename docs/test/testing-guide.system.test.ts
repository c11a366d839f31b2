import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocks, top } from './code-blocks.js';

const folder = join(top, 'docs', '.code-blocks', 'testing');
const blocks = ['docs/testing.md', 'packages/testing/README.md']
  .flatMap((document) => codeBlocks(join(top, document)))
  .filter(({ note }) => /^run=test/.test(note));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each(blocks)(
  'the tests in $place pass',
  async ({ code, place }) => {
    const file = join(folder, `${place.replace(/\W+/g, '-')}.ts`);
    writeFileSync(file, code);
    const args = ['--conditions=hasura-auth-source', '--import', 'tsx', '--test', file];
    const env = { PATH: process.env['PATH'] };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: top, env });
    expect(stdout).toMatch(/# pass [1-9]/);
    expect(stdout).toContain('# fail 0');
  },
  60_000,
);
