// A registry on loopback that serves the tarballs of this repository, which are not published yet.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';

/** A package and its tarball. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
}

/** A registry as far as npm asks for it: the description of a package, and its tarball. */
export async function registryOf(packages: readonly Published[]): Promise<Server> {
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
