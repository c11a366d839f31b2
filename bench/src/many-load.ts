// Runs in its own process: how long an app takes until it has loaded all entries, and what they occupy.
import { argv } from 'node:process';
import { createAuthenticator } from '@hasura-auth/core';
import { heapBytes } from './heap.js';
import { storeAt } from './many-entries.js';

/** The measurements of this process. */
export interface LoadFigures {
  readonly ms: number;
  readonly bytes: number;
}

const [url = ''] = argv.slice(2); // many.ts passes it
const before = await heapBytes();
const start = performance.now();
const revocations = storeAt(url);
const authenticator = createAuthenticator({
  adminSecret: 'the-secret-of-the-benchmark',
  revocations,
});
await authenticator.ready();
const ms = performance.now() - start;
process.send?.({ ms, bytes: (await heapBytes()) - before } satisfies LoadFigures);
process.on('message', () => void authenticator.close()); // keeps the process, and what it holds, until its parent stops it
