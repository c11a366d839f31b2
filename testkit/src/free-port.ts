import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port for a program that a test starts. It is below the ports that systems give to servers that ask for any (from 32768
 * on Linux), so that no server of another test takes it before the program does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    const server = createServer().listen(port);
    try {
      await once(server, 'listening');
    } catch {
      continue; // it is in use
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
