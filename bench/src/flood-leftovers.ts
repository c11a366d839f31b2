// Runs in its own process, `flood-leftovers.ts 12000`, because V8 learns from the first tokens how long later ones live.
import { createAuthenticator } from '@hasura-auth/core';
import { argv } from 'node:process';
import { getHeapSpaceStatistics } from 'node:v8';
import { authOptions } from './auth-options.js';
import { benchKey, benchRequest, mintTokens } from './tokens.js';

const count = Number(argv[2]);

function oldSpaceBytes(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? NaN;
}

const key = benchKey('HS256');
const { authenticate } = createAuthenticator(authOptions(key));
const first = mintTokens(key, count); // more than the cache holds
const flood = mintTokens(key, count, count);
for (const token of first) await authenticate(benchRequest(token));
globalThis.gc?.(); // whatever is still reachable is in the old space now
const before = oldSpaceBytes();
for (const token of flood) await authenticate(benchRequest(token));
process.send?.((oldSpaceBytes() - before) / count);
process.on('message', () => undefined); // keeps the process alive until its parent stops it
