import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLoopbackServer, type LoopbackServer } from '@hasura-auth/testkit';
import { codeBlocks, top } from './code-blocks.js';

const blocks = codeBlocks(join(top, 'docs/cli.md'));
const ofNote = (language: string): Map<string, string> =>
  new Map(
    blocks
      .filter((block) => block.language === language && block.note.startsWith('run='))
      .map(({ note, code }) => [note, code]),
  );
const programs = ofNote('sh');
const outputs = ofNote('text');

const folder = mkdtempSync(join(tmpdir(), 'hasura-auth-docs-'));
let hook: LoopbackServer;

beforeAll(async () => {
  hook = await startLoopbackServer(() => ({ body: '{"X-Hasura-Role":"user"}' }));
  writeFileSync(
    join(folder, '.env'),
    blocks.find(({ language }) => language === 'dotenv')?.code ?? '',
  );
  const tsx = join(top, 'node_modules/tsx/dist/loader.mjs');
  const main = join(top, 'packages/cli/src/main.ts');
  const command = `#!/bin/sh\nexec '${process.execPath}' --conditions=hasura-auth-source --import '${tsx}' '${main}' "$@"\n`;
  writeFileSync(join(folder, 'hasura-auth'), command);
  chmodSync(join(folder, 'hasura-auth'), 0o755);
});
afterAll(async () => {
  await hook.close();
  rmSync(folder, { recursive: true, force: true });
});

it('every example of the page has its output beside it', () => {
  expect(programs.size).toBe(6);
  expect([...outputs.keys()]).toEqual([...programs.keys()]);
});

it.each([...programs])(
  'the commands of %s print what the page says',
  async (note, program) => {
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOOK: hook.url };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${program}\nexit 0`], {
      cwd: folder,
      env,
    });
    expect(stdout).toBe(outputs.get(note));
  },
  60_000,
);
