// Runs one command of hasura-auth as a new user does: by npx from the tarball, in an empty folder with an empty home. A
// registry on loopback serves the packages of this repository; all others come from the usual registry.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { registryOf, type Published } from './registry.js';

const configuration = `HASURA_GRAPHQL_ADMIN_SECRET=Zt7uQm4Xc9Lw2Rp8Vb5N
HASURA_GRAPHQL_JWT_SECRET='{"type":"HS256","key":"kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa"}'
`;

/** What a command is run with, and what it has to print. */
interface Expected {
  readonly args: readonly string[];
  readonly prints: RegExp;
  readonly exitCode: number;
}

/** An auth webhook for the command that calls one. */
const hook = createServer((_request, response) => response.end('{"X-Hasura-Role":"user"}'));
hook.listen(0, '127.0.0.1');
await once(hook, 'listening');
const hookUrl = `http://127.0.0.1:${String((hook.address() as AddressInfo).port)}/`;

const commands: Readonly<Record<string, Expected>> = {
  explain: {
    args: ['explain', '--env', '.env', 'x-hasura-role: user'],
    prints: /^refused: The request has no token/,
    exitCode: 1,
  },
  check: { args: ['check', '--env', '.env'], prints: /^0 errors, 0 warnings$/m, exitCode: 0 },
  config: {
    args: ['config', 'firebase', '--project', 'my-app-1234'],
    prints: /"audience": "my-app-1234"/,
    exitCode: 0,
  },
  token: { args: ['token', '--env', '.env'], prints: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m, exitCode: 0 },
  webhook: {
    args: ['webhook', '--url', hookUrl],
    prints: /^accepted: /m,
    exitCode: 0,
  },
  serve: { args: ['serve', '--help'], prints: /Usage: hasura-auth serve/, exitCode: 0 },
};

const [name = '', folder = '', published = '[]'] = process.argv.slice(2);
const expected = commands[name];
if (expected === undefined) throw new Error(`there is no command ${name}`);
const registry = await registryOf(JSON.parse(published) as Published[]);
const home = join(folder, 'home');
const start = join(folder, 'start');
await Promise.all([mkdir(home, { recursive: true }), mkdir(start, { recursive: true })]);
await writeFile(join(start, '.env'), configuration);
const { port } = registry.address() as AddressInfo;
await writeFile(
  join(home, '.npmrc'),
  `@hasura-auth:registry=http://127.0.0.1:${String(port)}/\nfund=false\naudit=false\n`,
);
const { npm_config_registry: usual, NODE_EXTRA_CA_CERTS: authorities } = process.env;
const env = {
  PATH: process.env['PATH'],
  HOME: home,
  ...(usual !== undefined && { npm_config_registry: usual }),
  ...(authorities !== undefined && { NODE_EXTRA_CA_CERTS: authorities }),
};
const child = spawn('npx', ['--yes', '@hasura-auth/cli', ...expected.args], {
  cwd: start,
  env,
  stdio: ['ignore', 'pipe', 'pipe'],
});
const [printed, errors, [exitCode]] = await Promise.all([
  text(child.stdout),
  text(child.stderr),
  once(child, 'exit') as Promise<[number]>,
]);
registry.close();
hook.close();
if (exitCode !== expected.exitCode || !expected.prints.test(printed))
  throw new Error(`exit code ${String(exitCode)}\n${printed}${errors}`);
