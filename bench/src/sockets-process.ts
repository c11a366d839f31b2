// Run in a process of its own, with --expose-gc: what else is on the heap must not count.
import { argv, stdout } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAuthenticator, type Authenticator, type Session } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/graphql-ws';
import {
  connectionDouble,
  jwtSecret,
  tokenUntil,
  type ConnectionDouble,
} from './socket-doubles.js';
import type { SocketFigures } from './socket-figures.js';

const connections = Number(argv[2] ?? 10_000);
const numbers = Array.from({ length: connections }, (_, index) => index);

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await nextTurn();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

// Loops over what must be gone later have functions of their own: an async one keeps its last variables while it waits.

async function sessionsOf(
  { authenticateConnection }: Authenticator,
  contexts: readonly ConnectionDouble[],
): Promise<Session[]> {
  const sessions: Session[] = [];
  for (const { connectionParams } of contexts)
    sessions.push(await authenticateConnection({ connectionParams, headers: {} }));
  return sessions;
}

async function open(
  contexts: readonly ConnectionDouble[],
  onConnect: ((context: ConnectionDouble) => unknown) | undefined,
): Promise<void> {
  for (const context of contexts) await onConnect?.(context);
}

/** How many are not let go: V8's compiler may still look at one, on a thread of its own, for a while and no longer. */
async function stillHeld(held: readonly WeakRef<object>[]): Promise<number> {
  let count = held.length;
  for (let round = 0; count > 0 && round < 50; round++) {
    await heapUsed();
    count = held.filter((one) => one.deref() !== undefined).length;
  }
  return count;
}

/** Without a token cache: its entries are bounded apart, and would be counted here. */
async function memory(): Promise<
  Pick<SocketFigures, 'bytesEach' | 'sessionBytesEach' | 'heldAfterDisconnect'>
> {
  const authenticator = createAuthenticator({ adminSecret: false, jwtSecret, tokenCache: false });
  const auth = hasuraAuth({ authenticator });
  const { onConnect } = auth.server<Record<string, unknown>>({});
  let closes = 0;
  const closed = (): void => void closes++;
  const later = Date.now() + 600_000;
  const contexts: ConnectionDouble[] = numbers.map((user) =>
    connectionDouble(tokenUntil(later + 7 * user, user), closed),
  );
  // Whatever is made once is there before anything is counted.
  await authenticator.authenticateConnection({ ...contexts[0], headers: {} });

  const before = await heapUsed();
  const sessions = await sessionsOf(authenticator, contexts);
  const withSessions = await heapUsed();
  if (sessions.length !== connections) throw new Error('a session was lost'); // held until here
  sessions.length = 0;
  const empty = await heapUsed();
  await open(contexts, onConnect);
  const withConnections = await heapUsed();

  const sessionBytesEach = (withSessions - Math.min(before, empty)) / connections;
  const bytesEach = (withConnections - empty) / connections - sessionBytesEach;
  const held: WeakRef<object>[] = contexts.flatMap((context) => [
    new WeakRef(context.extra.socket),
    new WeakRef(sessionOf(context)),
    ...Object.getOwnPropertySymbols(context.extra).map(
      (symbol) => new WeakRef((context.extra as never as Record<symbol, object>)[symbol] ?? {}),
    ),
  ]);
  auth.connections.disconnect({ role: 'user' });
  contexts.length = 0;
  while (closes < connections) await nextTurn();
  return { bytesEach, sessionBytesEach, heldAfterDisconnect: await stillHeld(held) };
}

/** Connections that all end at one moment. */
async function closing(): Promise<
  Pick<SocketFigures, 'closedInOneTurn' | 'firstLateMs' | 'lastLateMs' | 'longestPauseMs'>
> {
  const { onConnect } = hasuraAuth({ adminSecret: false, jwtSecret }).server<
    Record<string, unknown>
  >({});
  const endsAt = Date.now() + 2000 + connections / 5;
  const token = tokenUntil(endsAt, 1);
  const lates: number[] = [];
  let turn = 0;
  const perTurn = new Map<number, number>();
  const closed = (): void => {
    lates.push(Date.now() - endsAt);
    perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
  };
  for (let opened = 0; opened < connections; opened++)
    await onConnect?.(connectionDouble(token, closed));

  let longestPauseMs = 0;
  let last = performance.now();
  while (lates.length < connections) {
    await nextTurn();
    turn++;
    const now = performance.now();
    longestPauseMs = Math.max(longestPauseMs, now - last);
    last = now;
  }
  return {
    closedInOneTurn: Math.max(...perTurn.values()),
    firstLateMs: lates[0] ?? NaN,
    lastLateMs: lates.at(-1) ?? NaN,
    longestPauseMs,
  };
}

const figures: SocketFigures = { connections, ...(await memory()), ...(await closing()) };
stdout.write(JSON.stringify(figures));
