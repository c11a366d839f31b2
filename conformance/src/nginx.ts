import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@hasura-auth/testkit';

export interface RunningNginx {
  readonly url: string;
  close(): Promise<void>;
}

/** Where nginx is, if it is installed and can ask another server whether a request may pass. */
export function findNginx(): string | undefined {
  return ['nginx', '/usr/sbin/nginx'].find((command) => {
    const { stderr } = spawnSync(command, ['-V'], { encoding: 'utf8' });
    return (stderr as string | null)?.includes('http_auth_request_module') ?? false; // null: there is no such program
  });
}

/** Whole configurations have these around their servers; everything is written below the prefix. */
const around = (servers: string): string => `
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ${servers}
}
`;

/** Resolves when the worker is there: the port is bound before. */
function started(nginx: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    nginx.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('start worker process ')) resolve();
    });
    nginx.once('error', reject);
    nginx.once('exit', () => reject(new Error(`nginx did not start: ${said}`)));
  });
}

/** Starts an nginx of its own, on a free port of loopback, with the given server blocks. */
export async function startNginx(
  command: string,
  servers: (address: string) => string,
): Promise<RunningNginx> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const prefix = mkdtempSync(join(tmpdir(), 'hasura-auth-nginx-'));
  writeFileSync(join(prefix, 'nginx.conf'), around(servers(address)));
  const nginx = spawn(
    command,
    ['-p', prefix, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise((resolve) => nginx.once('close', resolve));
  await started(nginx);
  return {
    url: `http://${address}`,
    async close() {
      nginx.kill('SIGTERM');
      await ended;
      rmSync(prefix, { recursive: true, force: true });
    },
  };
}
