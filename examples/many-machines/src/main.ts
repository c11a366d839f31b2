// Starts everything on this machine, shows what happens, and ends.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevelopmentIssuer } from '@hasura-auth/testing/development-issuer';
import { isInstalled, Processes } from './processes.js';
import { tour } from './tour.js';

const processes = new Processes();
const folder = await mkdtemp(join(tmpdir(), 'many-machines-'));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  server.close();
  await once(server, 'close');
  return String(port);
}

async function startApp(framework: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = [...process.execArgv, join(import.meta.dirname, 'server.ts'), framework];
  const port = await processes.start(process.execPath, args, /^listening on port (\d+)$/, env);
  print(`${framework} runs`);
  return `http://127.0.0.1:${port}`;
}

async function startPrometheus(targets: readonly string[]): Promise<string> {
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'apps', static_configs: [{ targets }] }],
  };
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify(config)); // JSON is YAML too
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'metrics')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  await processes.start('prometheus', args, /Server is ready to receive web requests/);
  print('Prometheus runs');
  return `http://127.0.0.1:${port}`;
}

async function run(): Promise<void> {
  const server = ['redis-server', 'valkey-server'].find(isInstalled);
  if (server === undefined) throw new Error('install redis-server or valkey-server first');
  const redis = await freePort();
  const args = ['--port', redis, '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  await processes.start(server, args, /ready to accept connections/i);
  print(`${server} runs`);

  const issuer = await createDevelopmentIssuer();
  try {
    const env = {
      REDIS_URL: `redis://127.0.0.1:${redis}`,
      HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(issuer.jwtSecret),
      HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: 'true',
    };
    const [express, fastify] = [await startApp('express', env), await startApp('fastify', env)];
    const targets = [express, fastify].map((url) => new URL(url).host);
    const prometheus = isInstalled('prometheus') ? await startPrometheus(targets) : undefined;
    if (prometheus === undefined) print('Prometheus is not installed, so that nothing is scraped');
    await tour({ issuer: issuer.issuer, express, fastify, prometheus }, print);
  } finally {
    await issuer.close();
  }
}

try {
  await run();
} finally {
  await processes.stop();
  await rm(folder, { recursive: true, force: true });
}
