import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthenticator } from '@hasura-auth/core';
import { setTimeout } from 'node:timers';
import { fromNodeRedis, redisRevocations } from '@hasura-auth/redis';
import { createClient } from 'redis';

/** Revokes in one authenticator what another one has to reject. */
async function revoke(path) {
  const open = () =>
    createAuthenticator({
      adminSecret: false,
      jwtSecret: { type: 'HS256', key: 'a secret of at least 32 characters' },
      revocations: redisRevocations({ client: fromNodeRedis(createClient({ socket: { path } })) }),
    });
  const one = open();
  const other = open();
  await Promise.all([one.ready(), other.ready()]);
  await one.revoke({ sub: 'user' });
  await new Promise((resolve) => {
    const look = () =>
      other.health().revocations?.entries.sub === 1 ? resolve() : setTimeout(look, 5);
    look();
  });
  await Promise.all([one.close(), other.close()]);
}

async function main() {
  assert.throws(() => redisRevocations({ client: createClient() }), /fromNodeRedis/);
  if (spawnSync('redis-server', ['--version']).status === 0) {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    const socket = join(folder, 'socket');
    const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '']);
    for await (const text of server.stdout) if (/ready to accept/i.test(text)) break;
    await revoke(socket);
    server.kill();
    await rm(folder, { recursive: true });
  }
  console.log('done');
}
main();
