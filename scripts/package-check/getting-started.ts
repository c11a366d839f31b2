// Follows docs/getting-started.md in an empty folder, with an empty home. The packages of this repository are not
// published yet, so a registry on loopback serves their tarballs; all others come from the usual registry.
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { followPage } from '../../docs/test/follow-page.js';
import { registryOf, type Published } from './registry.js';

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
