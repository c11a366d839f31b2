// Follows docs/getting-started.md in an empty folder, with an empty home. The packages of this repository are not
// published yet, so a registry on loopback serves their tarballs; all others come from the usual registry.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual, promisify } from 'node:util';
import { join } from 'node:path';
import { followPage } from '../../docs/test/follow-page.js';

interface Published {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
}

/** A registry as far as npm asks for it: the description of a package, and its tarball. */
async function registryOf(packages: readonly Published[]): Promise<Server> {
  const exec = promisify(execFile);
  const manifests = new Map<string, object>();
  for (const { name, tarball } of packages) {
    const { stdout } = await exec('tar', ['-xzOf', tarball, 'package/package.json']);
    manifests.set(name, JSON.parse(stdout) as object);
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const found = packages.find(({ name }) => path === name || path === `${name}.tgz`);
    if (found === undefined) return void response.writeHead(404).end('{}');
    if (path.endsWith('.tgz'))
      return void readFile(found.tarball).then((content) => response.end(content));
    const { name, version } = found;
    const dist = { tarball: `http://${request.headers.host ?? ''}/${name}.tgz` };
    return void response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifests.get(name), dist } },
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const [framework = '', folder = '', published = '[]'] = process.argv.slice(2);
const registry = await registryOf(JSON.parse(published) as Published[]);
const home = join(folder, 'home');
const start = join(folder, 'start');
await Promise.all([mkdir(home), mkdir(start)]);
const { port } = registry.address() as AddressInfo;
await writeFile(
  join(home, '.npmrc'),
  `@hasura-auth:registry=http://127.0.0.1:${String(port)}/\nfund=false\naudit=false\n`,
);

const { npm_config_registry: usual, NODE_EXTRA_CA_CERTS: authorities } = process.env;
const began = Date.now();
const followed = await followPage(join(import.meta.dirname, '../../docs/getting-started.md'), {
  folder: start,
  project: join(start, 'my-api'),
  choice: framework,
  env: {
    PATH: process.env['PATH'],
    HOME: home,
    ...(usual !== undefined && { npm_config_registry: usual }),
    ...(authorities !== undefined && { NODE_EXTRA_CA_CERTS: authorities }),
  },
});
registry.close();

for (const { place, printed, expected } of followed)
  if (expected !== undefined && !isDeepStrictEqual(JSON.parse(printed), JSON.parse(expected)))
    throw new Error(`${place} printed ${printed}`);
const seconds = ((Date.now() - began) / 1000).toFixed(0);
process.stdout.write(`        ${framework}: the whole page took ${seconds} s\n`);
