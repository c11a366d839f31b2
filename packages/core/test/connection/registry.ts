import { createAuthenticator, type Authenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import type { CloseSocket, Connection } from '../../src/connection/connection.js';
import type { Connections } from '../../src/connection/connections.js';
import type { ConnectionRules } from '../../src/connection/rules.js';
import { virtualClock, type Clock } from '@hasura-auth/testkit';
import { mintToken, secretText, type Json } from '../tokens.js';

/** Waits for what was deferred to the next tick. */
export const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A registry of connections with a virtual clock; it records how sockets are closed and what is logged. */
export interface Registry {
  readonly clock: Clock & { now: () => number; setTimeout: Clock['setTimeout'] };
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly closes: unknown[][];
  readonly log: string[];
  open(close?: CloseSocket): Connection;
  token(user: string, endsAfterSeconds?: number, more?: Record<string, Json>): Promise<string>;
}

export function registry(rules?: ConnectionRules, more: Partial<AuthOptions> = {}): Registry {
  const clock = virtualClock();
  const log: string[] = [];
  const write = (message: string): unknown => log.push(message);
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    ...(more.authHook === undefined && { jwtSecret: { type: 'HS256', key: secretText('hs') } }),
    runtime: { now: () => clock.now(), setTimeout: (run, ms) => clock.setTimeout(run, ms) },
    logger: { warn: write, error: write },
    ...more,
  });
  const connections = authenticator.connections(rules);
  const closes: unknown[][] = [];
  return {
    clock,
    authenticator,
    connections,
    closes,
    log,
    open: (close = (...frame) => closes.push(frame)) => connections.open(close),
    token: (user, endsAfterSeconds = 60, others = {}) =>
      mintToken(
        {
          sign: { key: 'hs', alg: 'HS256' },
          claims: {
            sub: user,
            exp: clock.now() / 1000 + endsAfterSeconds,
            'https://hasura.io/jwt/claims': {
              'x-hasura-allowed-roles': ['user', 'editor'],
              'x-hasura-default-role': 'user',
              'x-hasura-user-id': user,
            },
            ...others,
          },
        },
        clock.now(),
      ),
  };
}

/** The first message of a client with a token, and with further headers. */
export function withToken(
  token: string,
  headers: Readonly<Record<string, string>> = {},
): { readonly connectionParams: object } {
  return { connectionParams: { headers: { authorization: `Bearer ${token}`, ...headers } } };
}

/** Options for a hook that answers with these members, or with what `fetch` returns. */
export function hook(answer: object | (() => Promise<Response>)): Partial<AuthOptions> {
  const fetch =
    typeof answer === 'function'
      ? (answer as () => Promise<Response>) // the only function among the two
      : () => Promise.resolve(new Response(JSON.stringify(answer)));
  return { authHook: 'https://hook.example/', fetch };
}
