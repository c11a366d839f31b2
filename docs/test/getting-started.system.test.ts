import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { top } from './code-blocks.js';
import { followPage } from './follow-page.js';

// Inside the repository, so that the packages are found without being installed: `pnpm package-check` follows the page from
// an empty folder, with its installations.
const folder = join(top, 'docs', '.code-blocks', 'getting-started');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each(['express', 'koa', 'fastify'])(
  'every command of docs/getting-started.md prints what the page says, on %s',
  async (choice) => {
    const here = join(folder, choice);
    mkdirSync(here, { recursive: true });
    const followed = await followPage(join(top, 'docs/getting-started.md'), {
      folder: here,
      choice,
      env: { PATH: process.env['PATH'], NODE_OPTIONS: '--conditions=hasura-auth-source' },
      runs: (code) => !/^(?:mkdir|npm|npx) /.test(code),
    });
    const prints = followed.filter(({ expected }) => expected !== undefined);
    expect(prints).toHaveLength(5);
    for (const { place, printed, expected } of prints)
      expect({ place, prints: JSON.parse(printed) as unknown }).toEqual({
        place,
        prints: JSON.parse(expected ?? '') as unknown,
      });
  },
  60_000,
);
