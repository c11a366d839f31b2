import { AttackedServer } from './attacked-server.js';
import { hostileInits } from './hostile-inits.js';
import { hostileKeySets } from './hostile-key-sets.js';
import { hostileRequests } from './hostile-requests.js';
import { hostileSockets } from './hostile-sockets.js';
import type { Scenario } from './scenario.js';

/** Measures what clients without a valid credential, and hostile key sets, can cost a server. */
export const scenario: Scenario = {
  title: 'Hostile requests, key sets and WebSocket messages',
  async run(report, effort) {
    await hostileRequests(report, effort);
    await hostileKeySets(report, effort);
    const server = await AttackedServer.start();
    try {
      await hostileInits(report, server, effort);
      await hostileSockets(report, server, effort);
    } finally {
      await server.stop();
    }
  },
};
