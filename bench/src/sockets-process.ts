// Runs in its own process with --expose-gc, so that nothing else is on the heap.
import { argv } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAuthenticator, type Authenticator, type Session } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/graphql-ws';
import {
  connectionDouble,
  jwtSecret,
  tokenUntil,
  type ConnectionDouble,
} from './socket-doubles.js';

/** The measurements of this process. */
export interface SocketFigures {
  /** The number of connections. */
  readonly connections: number;
  /** Bytes for each connection, each with its own expiry, without its session. */
  readonly bytesEach: number;
  /** Bytes for each session, with its variables and claims. */
  readonly sessionBytesEach: number;
  /** The number of sockets, sessions and connections that were still reachable after a disconnect. */
  readonly heldAfterDisconnect: number;
  /** The most sockets that were closed in one turn of the event loop, when all sessions end at the same time. */
  readonly closedInOneTurn: number;
  /** The delay of the first and the last close after that time, in milliseconds. */
  readonly firstLateMs: number;
  readonly lastLateMs: number;
  /** The longest turn of the event loop meanwhile, in milliseconds. */
  readonly longestPauseMs: number;
}

const connections = Number(argv[2] ?? 10_000);
const numbers = Array.from({ length: connections }, (_, index) => index);

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await nextTurn();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

// Loops over objects that must be freed later are in separate functions: an async function keeps its variables while it waits.

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

/** Counts the objects that are not freed. V8's compiler thread may hold one for a while, so this tries several times. */
async function stillHeld(held: readonly WeakRef<object>[]): Promise<number> {
  let count = held.length;
  for (let round = 0; count > 0 && round < 50; round++) {
    await heapUsed();
    count = held.filter((one) => one.deref() !== undefined).length;
  }
  return count;
}

/** Measured without a token cache, whose entries would be counted here. */
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
  // Objects that are made only once exist before anything is counted.
  await authenticator.authenticateConnection({ ...contexts[0], headers: {} });

  const before = await heapUsed();
  const sessions = await sessionsOf(authenticator, contexts);
  const withSessions = await heapUsed();
  if (sessions.length !== connections) throw new Error('a session was lost'); // keeps them reachable until here
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

/** Connections whose sessions all end at the same time. */
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
process.send?.(figures);
process.on('message', () => undefined); // keeps the process alive until its parent stops it
