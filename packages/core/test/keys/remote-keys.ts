import {
  startJwksServer,
  type JwksServer,
  type JwksServerOptions,
  virtualClock,
  type Clock,
} from '@hasura-auth/testkit';

import type { Fetch } from '../../src/runtime.js';
import type { KeyHint, KeySource } from '../../src/keys/key-source.js';
import type { KeyRules } from '../../src/keys/jwk.js';
import { remoteJwks, type KeySetBounds } from '../../src/keys/remote-jwks.js';

import { rejection } from '../thrown.js';
import { fetchEvents, type FetchEvents } from './fetch-events.js';
import { issuerKey } from './published-keys.js';

/** A key source in virtual time whose keys come from a real key set server. */
export interface RemoteKeys extends FetchEvents {
  readonly keys: Required<KeySource>;
  readonly server: JwksServer;
  readonly clock: Clock;
  /** What was logged, each line with its level. */
  readonly lines: readonly string[];
}

export interface RemoteKeysOptions extends JwksServerOptions {
  readonly bounds?: Partial<KeySetBounds & KeyRules>;
  /** The address to fetch from, made of the server's; by default that itself. */
  readonly url?: (server: JwksServer) => string;
  readonly fetch?: Fetch;
}

const defaults: KeySetBounds & KeyRules = {
  timeoutMs: 5000,
  maxBytes: 1_048_576,
  maxAgeMs: 3_600_000,
  maxStaleMs: Infinity,
  waitMs: 500,
  match: 'kid',
  minRsaBits: 1024,
};

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Starts a server and a key source that fetches from it; both end with the test. */
export async function startRemoteKeys(options: RemoteKeysOptions = {}): Promise<RemoteKeys> {
  const server = await startJwksServer(options);
  const clock = virtualClock();
  const lines: string[] = [];
  const url = options.url?.(server) ?? server.url;
  const keys = remoteJwks(
    { name: 'jwtSecret', url },
    { ...defaults, ...options.bounds },
    {
      ...clock,
      fetch: options.fetch ?? ((address, init) => fetch(address, init)),
      logger: {
        warn: (line) => lines.push(`warn ${line}`),
        error: (line) => lines.push(`error ${line}`),
      },
    },
  );
  open.push(async () => {
    keys.close();
    await server.close();
  });
  return { keys, server, clock, lines, ...fetchEvents(url) };
}

/** The key that a server publishes by default, and another. */
export const one: ReturnType<typeof issuerKey> = issuerKey('one');
export const two: ReturnType<typeof issuerKey> = issuerKey('two');
export const minute = { 'cache-control': 'max-age=60' } as const;

export const hint = (kid?: string): KeyHint => ({ alg: 'ES256', kid });

/** How many keys are found for a kid. */
export async function found({ keys }: RemoteKeys, kid?: string): Promise<number> {
  return (await keys.find(hint(kid))).length;
}

/** The `Retry-After` of the 503 that a kid is answered with. */
export async function refusedFor({ keys }: RemoteKeys, kid = 'one'): Promise<string | undefined> {
  const error = await rejection(Promise.resolve(keys.find(hint(kid))));
  expect(error.kind).toBe('keys-unavailable');
  return error.headers['Retry-After']?.toString();
}

/** A source whose first fetch is over. */
export async function warm(options: RemoteKeysOptions = {}): Promise<RemoteKeys> {
  const remote = await startRemoteKeys({ keys: [one.jwk], headers: minute, ...options });
  expect(await found(remote, 'one')).toBe(1);
  await remote.over(1);
  return remote;
}
