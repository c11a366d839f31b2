// Runs the examples of @hasura-auth/testing, in its README and in docs/testing.md, as their readers will: from the
// tarballs, under each test runner that the documents name. A run must pass, leave no handle open, and end by itself.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { transform } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const documents = ['packages/testing/README.md', 'docs/testing.md'];
const importOfTest = "import test from 'node:test';";

/** What the project of a reader has installed beside our packages. Vitest 5 does not run on Node 20. */
const installed = { express: '^5', koa: '^3', supertest: '^7', jest: '^30', vitest: '^4' };

/** What docs/testing.md recommends for Jest: light-my-request 6.8 requires an ES module, which Jest cannot on Node 20. */
const overrides = { 'light-my-request': '6.6.0' };

/** The first and the last test of each file: what keeps the process alive after an example did so before it. */
const before = `
let resourcesBefore = [];
test('the resources before the example', () => {
  resourcesBefore = process.getActiveResourcesInfo();
});
`;
const after = (ignored) => `
const ignored = ${JSON.stringify(['Immediate', ...ignored])};
test('the example has left no handle open', async () => {
  const left = () => {
    const rest = [...resourcesBefore];
    return process.getActiveResourcesInfo().filter((name) => {
      const at = rest.indexOf(name);
      if (at !== -1) rest.splice(at, 1);
      return at === -1 && !ignored.includes(name);
    });
  };
  // a socket that was closed needs a few turns of the event loop
  for (let turn = 0; turn < 1000 && left().length > 0; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(left().join(), '');
});
`;

/** The examples as JavaScript, each between the two tests above. */
async function examples(ignored) {
  const texts = await Promise.all(documents.map((name) => readFile(join(root, name), 'utf8')));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```ts run=test\w*\n([^]*?)^```$/gm)]);
  return Promise.all(
    blocks.map(async ([, block]) => {
      const { code } = await transform(block, { loader: 'ts', tsconfigRaw: '{}' });
      if (!code.includes('from "node:test"')) throw new Error(`no import of test in ${code}`);
      const [, imports, rest] = /^((?:import .*\n)+)([^]*)$/.exec(code);
      return imports.replace(/^.*"node:test".*$/m, importOfTest) + before + rest + after(ignored);
    }),
  );
}

const hasTopLevelAwait = (code) => /^(?:const .* = )?await /m.test(code);

/** Jest runs files in its own process, so its timers are among ours; it looks for the timers of tests itself. */
const jest = { importOfTest: '', ignored: ['Timeout'] };

/** How each runner is started, what replaces the import of `test`, and what is printed if all tests pass. */
const runners = [
  {
    name: 'node:test',
    folder: 'node',
    importOfTest,
    ignored: [],
    command: (files) => ['node', '--test', ...files],
    passes: (tests) => `# pass ${tests}\n`,
  },
  {
    name: 'Vitest',
    folder: 'vitest',
    importOfTest: "import { test } from 'vitest';",
    ignored: [],
    command: () => ['node_modules/.bin/vitest', 'run', '--dir', 'vitest'],
    passes: (tests) => `Tests  ${tests} passed (${tests})`,
  },
  {
    name: 'Jest with ES modules',
    folder: 'jest-esm',
    ...jest,
    command: () => [
      'node',
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--detectOpenHandles',
      '--testMatch=**/jest-esm/*.mjs',
    ],
    passes: (tests) => `Tests:       ${tests} passed, ${tests} total`,
  },
  {
    name: 'Jest with CommonJS',
    folder: 'jest-cjs',
    ...jest,
    commonJs: true,
    command: () => [
      'node_modules/.bin/jest',
      '--detectOpenHandles',
      '--testMatch=**/jest-cjs/*.js',
    ],
    passes: (tests) => `Tests:       ${tests} passed, ${tests} total`,
  },
];

/** Writes the examples for a runner; returns the names of the files, and how many tests they hold. */
async function writeTests(cwd, { folder, importOfTest: replacement, commonJs, ignored }) {
  const all = await examples(ignored);
  // the documents say that without ES modules a top-level `await` moves into `beforeAll`
  const some = commonJs ? all.filter((code) => !hasTopLevelAwait(code)) : all;
  if (some.length < 4) throw new Error(`expected at least 4 examples, got ${some.length}`);
  await mkdir(join(cwd, folder));
  const files = some.map((_, index) => `${folder}/${index}.test.${commonJs ? 'js' : 'mjs'}`);
  for (const [index, file] of files.entries()) {
    const code = some[index].replace(importOfTest, replacement);
    const written = commonJs
      ? (await transform(code, { format: 'cjs', platform: 'node' })).code
      : code;
    await writeFile(join(cwd, file), written);
  }
  return { files, tests: some.join('').match(/^test\(/gm).length };
}

/** The checks, as `main.mjs` takes them; the first that runs installs the project. */
export function testRunnerChecks({ work, tarballs, exec }) {
  const cwd = join(work, 'test-runners');
  const ours = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  const install = async () => {
    await mkdir(cwd);
    const manifest = { private: true, dependencies: { ...installed, ...ours }, overrides };
    await writeFile(join(cwd, 'package.json'), JSON.stringify(manifest));
    const quiet = ['--prefer-offline', '--loglevel=error', '--no-audit', '--no-fund'];
    await exec('npm', ['install', ...quiet], { cwd, timeout: 180_000 });
  };
  let project;
  return runners.map((runner) => [
    `the examples of @hasura-auth/testing under ${runner.name}`,
    async () => {
      await (project ??= install());
      const { files, tests } = await writeTests(cwd, runner);
      const [program, ...args] = runner.command(files);
      // many times what a run takes: a process that does not end by itself fails here
      const { stdout, stderr } = await exec(program, args, { cwd, timeout: 60_000 });
      const printed = stripVTControlCharacters(stdout + stderr);
      if (!printed.includes(runner.passes(tests)) || /open handle|did not exit/.test(printed))
        throw new Error(`expected "${runner.passes(tests)}" and no open handle, got ${printed}`);
    },
  ]);
}
