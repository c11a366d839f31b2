// Runs in its own process: one of two that share revocations, `many-process.ts URL CONNECTIONS`.
import { argv, hrtime } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAuthError } from '@hasura-auth/core';
import { hasuraAuth } from '@hasura-auth/graphql-ws';
import { storeAt } from './many-entries.js';
import { connectionDouble, jwtSecret, tokenUntil } from './socket-doubles.js';

/** What this process is asked to do. */
export type ManyQuestion =
  | { readonly do: 'watch' | 'revoke'; readonly token: string }
  | { readonly do: 'expect' | 'disconnect' | 'closed' };

/** How the sockets of this process were closed; times are of the clock that all processes of a machine share. */
export interface ClosedFigures {
  readonly lastAt: number;
  readonly mostInOneTurn: number;
}

const [url = '', connections = '0'] = argv.slice(2); // many.ts passes these
const revocations = storeAt(url);
const auth = hasuraAuth({ adminSecret: false, jwtSecret, revocations, logger: console });
const { authenticator } = auth;
await authenticator.ready();

/** Milliseconds of a clock that all processes of a machine share. */
const sharedNow = (): number => Number(hrtime.bigint()) / 1e6;

const perTurn = new Map<number, number>();
let turn = 0;
let closed = 0;
let lastAt = 0;
/** Counts the turns of the event loop until every socket is closed. */
async function countTurns(): Promise<void> {
  while (closed < Number(connections)) {
    await nextTurn();
    turn++;
  }
}
let counting: Promise<void> | undefined;
const onClosed = (): void => {
  closed++;
  lastAt = sharedNow();
  perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
};
const { onConnect } = auth.server<Record<string, unknown>>({});
const endsAt = Date.now() + 3_600_000;
for (let user = 0; user < Number(connections); user++)
  await onConnect?.(connectionDouble(tokenUntil(endsAt, user), onClosed));

/** Authenticates with a token, turn by turn, until it is refused. */
async function refusedAt(token: string): Promise<number> {
  const request = { headers: { authorization: `Bearer ${token}` } };
  for (;;) {
    try {
      await authenticator.authenticate(request);
    } catch (error) {
      if (isAuthError(error) && error.kind === 'revoked') return sharedNow();
      throw error;
    }
    await nextTurn();
  }
}

async function allClosed(): Promise<ClosedFigures> {
  await counting;
  return { lastAt, mostInOneTurn: Math.max(...perTurn.values()) };
}

async function answer(question: ManyQuestion): Promise<unknown> {
  switch (question.do) {
    case 'watch':
      return refusedAt(question.token);
    case 'revoke': {
      const start = sharedNow();
      await authenticator.revoke({ token: question.token });
      return start;
    }
    case 'expect': // that all sockets are closed: from now on the turns are counted
      counting = countTurns();
      return 'counting';
    case 'disconnect': {
      const start = sharedNow();
      auth.connections.disconnect({ role: 'user' });
      return start;
    }
    case 'closed':
      return allClosed();
  }
}

process.on('message', (text) => {
  void answer(JSON.parse(String(text)) as ManyQuestion).then((result) => process.send?.(result)); // many.ts sends it
});
process.send?.('ready');
