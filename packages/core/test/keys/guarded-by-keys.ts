import { createAuthenticator, type Authenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import type { AuthError } from '../../src/errors.js';
import {
  startJwksServer,
  type JwksServer,
  type JwksServerOptions,
  virtualClock,
  type Clock,
} from '@hasura-auth/testkit';

import { fetchEvents, type FetchEvents } from './fetch-events.js';

/** An authenticator in virtual time, whose keys come from a real server. */
export interface GuardedByKeys extends FetchEvents {
  readonly authenticator: Authenticator;
  readonly server: JwksServer;
  readonly clock: Clock;
  /** What was logged, the server's address shortened to `URL`. */
  readonly lines: readonly string[];
  /** The role that a token gives, or the status and the message of its rejection. */
  answer(token: string): Promise<string>;
}

export type GuardedByKeysOptions = JwksServerOptions &
  Pick<AuthOptions, 'keySets' | 'fetch' | 'unauthorizedRole'>;

export const noKey = '401 Could not verify JWT: JWSError NoUsableKeys';
export const unavailable = '503 JWK set is not available';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Starts a key set server and an authenticator that fetches from it; both end with the test. */
export async function startGuardedByKeys({
  keys = [],
  headers = {},
  ...options
}: GuardedByKeysOptions): Promise<GuardedByKeys> {
  const server = await startJwksServer({ keys, headers });
  const clock = virtualClock();
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line.replaceAll(server.url, 'URL'));
  const authenticator = createAuthenticator({
    ...options,
    runtime: { now: clock.now, setTimeout: clock.setTimeout },
    adminSecret: 'a-long-admin-secret',
    jwtSecret: { jwk_url: server.url },
    logger: { warn: keep, error: keep },
  });
  open.push(async () => {
    await authenticator.close();
    await server.close();
  });
  return {
    authenticator,
    server,
    clock,
    lines,
    ...fetchEvents(server.url),
    answer: (token) =>
      authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } }).then(
        ({ role }) => role,
        ({ status, message }: AuthError) => `${String(status)} ${message}`,
      ),
  };
}
