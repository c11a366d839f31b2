// Packs every public package, checks the tarballs, and uses them as their users will: installed in
// empty projects, from ES modules, CommonJS and TypeScript, beside every supported framework major.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { testRunnerChecks } from './test-runners.mjs';

const exec = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const [programs, types] = ['programs', 'types'].map((folder) => join(import.meta.dirname, folder));
const work = await mkdtemp(join(tmpdir(), 'package-check-'));
/** How large a tarball may be. Core has the code twice, for ES modules and CommonJS, and docstrings in its types. */
const mostBytes = 275_000;
let passed = 0;
let failed = 0;

/** Runs a command in a folder; three minutes are far more than any of them needs. */
const run = async (command, args, cwd = root) =>
  (await exec(command, args, { cwd, timeout: 180_000, maxBuffer: 1 << 26 })).stdout;

/** One line a check; a failure is printed in full and the others still run. */
async function check(name, action) {
  try {
    await action();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(
      `FAILED  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stack ?? error}`,
    );
  }
}

/** Runs all checks, two at a time. */
async function inPairs(checks) {
  const rest = [...checks];
  const lane = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await check(...next);
  };
  await Promise.all([lane(), lane()]);
}

async function publicPackages() {
  const folders = await readdir(join(root, 'packages'));
  const manifests = await Promise.all(
    folders.map(async (folder) => {
      const cwd = join(root, 'packages', folder);
      return { cwd, folder, ...JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) };
    }),
  );
  return manifests.filter((manifest) => !manifest.private);
}

async function pack({ cwd, name, version }) {
  await run('pnpm', ['pack', '--pack-destination', work], cwd);
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  const tarball = join(work, file);
  const files = (await run('tar', ['-tzf', tarball])).trim().split('\n');
  const manifest = await run('tar', ['-xzOf', tarball, 'package/package.json']);
  for (const word of ['workspace:', 'hasura-auth-source', '/src/'])
    if (manifest.includes(word))
      throw new Error(`the packed package.json of ${name} has "${word}"`);
  for (const file of ['LICENSE', 'README.md', 'SECURITY.md'])
    if (!files.includes(`package/${file}`)) throw new Error(`${name} is packed without ${file}`);
  if (files.some((path) => path.endsWith('.map')))
    throw new Error(`${name} packs source maps, which would hold the sources a second time`);
  const { size } = await stat(tarball);
  if (size > mostBytes) throw new Error(`${name} packs to ${size} bytes, more than ${mostBytes}`);
  const unwanted = files.filter(
    (path) => !/^package\/(?:bin\/|dist\/|page\/|package\.json$|[A-Z]+(?:\.md)?$)/.test(path),
  );
  if (unwanted.length > 0) throw new Error(`${name} packs ${unwanted.join(', ')}`);
  return tarball;
}

// ── The users' projects ──────────────────────────────────────────────────────────────────────────

// two package managers: npm lays everything flat, pnpm lets a package see only what it declares
const projects = [
  {
    folder: 'newest',
    manager: 'npm',
    dependencies: {
      express: '^5',
      '@types/express': '^5',
      koa: '^3',
      '@types/koa': '^3',
      fastify: '^5',
      graphql: '^16',
      'graphql-ws': '^6',
      ws: '^8',
      '@types/ws': '^8',
      'prom-client': '^15',
      redis: '^6',
      ioredis: '^6',
      '@opentelemetry/api': '~1.9.0',
      '@opentelemetry/instrumentation': '^0.223.0',
    },
  },
  {
    folder: 'oldest',
    manager: 'pnpm',
    dependencies: {
      express: '^4.17',
      '@types/express': '^4.17',
      koa: '^2.13',
      '@types/koa': '^2.13',
      fastify: '^5',
      graphql: '16.3.0',
      'graphql-ws': '6.0.1',
      ws: '8.5.0',
      '@types/ws': '^8',
      'prom-client': '15.1.0',
      redis: '^5',
      ioredis: '^5',
      '@opentelemetry/api': '1.9.0',
      '@opentelemetry/instrumentation': '0.200.0',
    },
  },
];

async function install({ folder, manager, dependencies }, tarballs) {
  const cwd = join(work, folder);
  await mkdir(cwd);
  const ours = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  const manifest = {
    private: true,
    dependencies: { ...dependencies, ...ours, '@types/node': '^20' },
    // our packages name each other by version, and that version is not published yet
    ...(manager === 'pnpm' && { pnpm: { overrides: ours } }),
  };
  await writeFile(join(cwd, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--prefer-offline', '--loglevel=error'];
  const more = manager === 'npm' ? ['--no-audit', '--no-fund'] : ['--no-frozen-lockfile'];
  await run(manager, ['install', ...quiet, ...more], cwd);
}

const versionIn = async (cwd, name) =>
  JSON.parse(await readFile(join(cwd, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Those of the packages for which the folder has a file. */
async function having(folder, ending, names) {
  const files = await readdir(folder);
  return names.filter((name) => files.includes(`${name}.${ending}`));
}

/** Writes a program as an ES module, as it is, and as CommonJS. */
async function writeProgram(cwd, name) {
  const text = await readFile(join(programs, `${name}.mjs`), 'utf8');
  await writeFile(join(cwd, `${name}.mjs`), text);
  const { code } = await transform(text, { format: 'cjs', platform: 'node' });
  await writeFile(
    join(cwd, `${name}.cjs`),
    code.replaceAll(/require\("\.\/(\w+)\.mjs"\)/g, 'require("./$1.cjs")'),
  );
}

/** A program that starts a server, asks it, and has to end by itself. */
async function runtimeChecks({ folder, dependencies }, names) {
  const cwd = join(work, folder);
  const checks = [];
  await writeProgram(cwd, 'ask');
  for (const name of await having(programs, 'mjs', names)) {
    await writeProgram(cwd, name);
    const hasPeer = Object.hasOwn(dependencies, name); // a framework; others stand alone
    const beside = hasPeer ? ` beside ${name} ${await versionIn(cwd, name)}` : '';
    for (const kind of ['mjs', 'cjs']) {
      const file = `${name}.${kind}`;
      checks.push([
        `${folder}: @hasura-auth/${name} from .${kind}${beside}`,
        async () => {
          const said = (await run(process.execPath, [file], cwd)).trim();
          if (said !== 'done') throw new Error(`expected "done", got "${said}"`);
        },
      ]);
    }
  }
  return checks;
}

async function typeChecks({ folder }, all) {
  const cwd = join(work, folder);
  const names = await having(types, 'ts', all);
  for (const name of names) {
    const text = await readFile(join(types, `${name}.ts`), 'utf8');
    for (const kind of ['mts', 'cts']) await writeFile(join(cwd, `${name}-types.${kind}`), text);
  }

  const compile = async (label, module, skipLibCheck, some) => {
    const config = `tsconfig.${label}.json`;
    const files = some.flatMap((name) => [`${name}-types.mts`, `${name}-types.cts`]);
    const compilerOptions = {
      module,
      skipLibCheck,
      target: 'es2022',
      strict: true,
      noEmit: true,
      types: ['node'],
    };
    await writeFile(join(cwd, config), JSON.stringify({ compilerOptions, files }));
    return [
      `${folder}: TypeScript, module ${module}, skipLibCheck ${skipLibCheck}, ${some.join(' ')}`,
      () => run(join(root, 'node_modules/.bin/tsc'), ['-p', config], cwd),
    ];
  };
  // the types of Express and Koa themselves do not pass without skipLibCheck
  const clean = names.filter((name) => name === 'core' || name === 'fastify');
  return [
    await compile('nodenext', 'nodenext', true, names),
    await compile('node16', 'node16', true, names),
    await compile('strict', 'node16', false, clean),
  ];
}

/** Follows the page for new users word by word: from an empty folder, with an empty home, and with its installations. */
function gettingStartedChecks(packages, tarballs) {
  const published = packages.map(({ name, version }) => ({
    name,
    version,
    tarball: tarballs.get(name),
  }));
  return ['express', 'koa', 'fastify'].map((framework) => [
    `docs/getting-started.md on ${framework}, from an empty folder`,
    async () => {
      const folder = await mkdtemp(join(work, `getting-started-${framework}-`));
      const script = join(import.meta.dirname, 'getting-started.ts');
      const args = ['--import', 'tsx', script, framework, folder, JSON.stringify(published)];
      console.log((await run(process.execPath, args)).trim());
    },
  ]);
}

/** Runs each command of `hasura-auth` for the first time: by npx, from the tarballs, with an empty home. */
function commandChecks(packages, tarballs) {
  const published = packages.map(({ name, version }) => ({
    name,
    version,
    tarball: tarballs.get(name),
  }));
  return ['explain', 'check', 'config', 'token', 'webhook', 'serve'].map((command) => [
    `npx @hasura-auth/cli ${command}, with an empty home`,
    async () => {
      const folder = await mkdtemp(join(work, `command-${command}-`));
      const script = join(import.meta.dirname, 'command.ts');
      const args = ['--import', 'tsx', script, command, folder, JSON.stringify(published)];
      await run(process.execPath, args);
    },
  ]);
}

// ── The run ──────────────────────────────────────────────────────────────────────────────────────

try {
  const packages = await publicPackages();
  const tarballs = new Map();
  await inPairs(
    packages.map((manifest) => [
      `${manifest.name} packs`,
      async () => tarballs.set(manifest.name, await pack(manifest)),
    ]),
  );
  if (failed > 0) throw new Error('nothing to install');

  const bin = (name) => join(root, 'node_modules/.bin', name);
  await inPairs([
    ...projects.map((project) => [
      `${project.folder}: ${project.manager} installs the tarballs`,
      () => install(project, tarballs),
    ]),
    ...[...tarballs].flatMap(([name, tarball]) => [
      [`${name} publint`, () => run(bin('publint'), ['--strict', tarball])],
      [`${name} attw`, () => run(bin('attw'), [tarball])],
    ]),
  ]);
  if (failed > 0) throw new Error('nothing to run');

  const names = packages.map(({ folder }) => folder);
  const checks = await Promise.all(
    projects.map(async (project) => [
      ...(await runtimeChecks(project, names)),
      ...(await typeChecks(project, names)),
    ]),
  );
  await inPairs([
    ...checks.flat(),
    ...gettingStartedChecks(packages, tarballs),
    ...commandChecks(packages, tarballs),
    ...testRunnerChecks({ work, tarballs, exec }),
  ]);
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  await rm(work, { recursive: true, force: true });
}
const addresses = JSON.parse(await readFile(join(root, 'scripts/addresses.json'), 'utf8'));
for (const [name, address] of Object.entries(addresses))
  if (address === null)
    console.log(
      `note    scripts/addresses.json does not know the ${name} yet: set it there before the first release, and add it to each package.json`,
    );
console.log(`package check: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
