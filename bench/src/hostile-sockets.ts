import type { WebSocket } from 'ws';
import {
  badToken,
  initMessage,
  members,
  send,
  type AttackedServer,
  type Protocol,
} from './attacked-server.js';
import { verdictOn, type Report } from './report.js';
import type { Effort } from './scenario.js';
import { spreadOf, type Spread } from './spread.js';

/** The most memory that a socket may keep before it is authenticated, in KiB. */
const mostKiB = 64;

/** A way to make the server keep memory for a socket that is not authenticated. */
interface MemoryKind {
  readonly name: string;
  readonly protocol: Protocol;
  readonly authentication: 'token' | 'hook';
  /** Whether the client reads what the server sends. */
  readonly reads: boolean;
  /** Makes the messages of one socket; with `scale` 0.01 it is a hundredth of them, or of their length. */
  messages(scale: number): readonly string[];
}

const repeat = (count: number, message: (index: number) => object): string[] =>
  Array.from({ length: count }, (_, index) => JSON.stringify(message(index)));

const emptyInit = '{"type":"connection_init","payload":{}}';
/** One token for all sockets, so that their refusals are held back. */
const sameToken = badToken();

const bigPings = (scale: number): string[] =>
  repeat(40, () => ({ type: 'ping', payload: { filler: 'x'.repeat(500_000 * scale) } }));
const stops = (scale: number): string[] =>
  repeat(30_000 * scale, () => ({ type: 'stop', id: '1' }));
const starts = (count: number, length: number): string[] =>
  repeat(count, (index) => ({
    type: 'start',
    id: String(index).padEnd(length, 'x'),
    payload: { query: '{ hello }' },
  }));
const bigInit = (scale: number): string =>
  initMessage({ headers: { authorization: sameToken }, ...members(1_000_000 * scale, 1) });
/** Nearly as much as `connectionParams` may hold. */
const longHeader = initMessage({
  headers: { authorization: sameToken, filler: 'x'.repeat(30_000) },
});

const memoryKinds: readonly MemoryKind[] = [
  ...(['modern', 'legacy'] as const).flatMap((protocol): MemoryKind[] => [
    {
      name: `${protocol}, no message`,
      protocol,
      authentication: 'token',
      reads: true,
      messages: () => [],
    },
    {
      name: `${protocol}, refusals held back, \`connection_init\` of 1 MB`,
      protocol,
      authentication: 'token',
      reads: true,
      messages: (scale) => [bigInit(scale)],
    },
    {
      name: `${protocol}, refusals held back, a header of 30 KB`,
      protocol,
      authentication: 'token',
      reads: true,
      messages: () => [longHeader],
    },
    {
      name: `${protocol}, \`connection_init\` of 1 MB while the hook is slow`,
      protocol,
      authentication: 'hook',
      reads: true,
      messages: (scale) => [bigInit(scale)],
    },
    {
      name: `${protocol}, a header of 30 KB while the hook is slow`,
      protocol,
      authentication: 'hook',
      reads: true,
      messages: () => [longHeader],
    },
  ]),
  {
    name: 'modern, 40 pings of 500 KB before `connection_init`, the client does not read',
    protocol: 'modern',
    authentication: 'hook',
    reads: false,
    messages: bigPings,
  },
  {
    name: 'modern, 40 pings of 500 KB while the hook is slow, the client does not read',
    protocol: 'modern',
    authentication: 'hook',
    reads: false,
    messages: (scale) => [emptyInit, ...bigPings(scale)],
  },
  {
    name: 'modern, 5,000 small pings, the client does not read',
    protocol: 'modern',
    authentication: 'hook',
    reads: false,
    messages: (scale) => repeat(5000 * scale, (index) => ({ type: 'ping', payload: { index } })),
  },
  {
    name: 'legacy, 30,000 `stop` before `connection_init`',
    protocol: 'legacy',
    authentication: 'hook',
    reads: true,
    messages: stops,
  },
  {
    name: 'legacy, 30,000 `stop` while the hook is slow',
    protocol: 'legacy',
    authentication: 'hook',
    reads: true,
    messages: (scale) => [emptyInit, ...stops(scale)],
  },
  {
    name: 'legacy, 90 `start` with ids of 10 KB while the hook is slow',
    protocol: 'legacy',
    authentication: 'hook',
    reads: true,
    messages: (scale) => [emptyInit, ...starts(90, 10_000 * scale)],
  },
  {
    name: 'legacy, 5,000 `start` while the hook is slow, the client does not read',
    protocol: 'legacy',
    authentication: 'hook',
    reads: false,
    messages: (scale) => [emptyInit, ...starts(5000 * scale, 5)],
  },
  {
    name: 'legacy, 500 `start` with ids of 10 KB before `connection_init`, the client does not read',
    protocol: 'legacy',
    authentication: 'hook',
    reads: false,
    messages: (scale) => starts(500, 10_000 * scale),
  },
];

interface MemoryCost {
  readonly name: string;
  readonly kibibytes: Spread;
  /** CPU for each message; NaN if there is none. */
  readonly messageMs: number;
}

async function memoryCost(
  server: AttackedServer,
  kind: MemoryKind,
  { quick }: Effort,
): Promise<MemoryCost> {
  const sockets = quick ? 2 : 5;
  const each: number[] = [];
  const perMessage: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const { bytes: bytesBefore } = await server.figures('memory');
    const before = await server.figures('cpu');
    const clients: WebSocket[] = [];
    for (let count = 0; count < sockets; count++) {
      const client = await server.connect(kind.protocol, kind.authentication);
      if (!kind.reads) client.pause();
      clients.push(client);
      await send(client, kind.messages(quick ? 0.01 : 1));
    }
    await server.idle();
    const { cpuMs, messages } = await server.figures('cpu');
    const { bytes } = await server.figures('memory');
    each.push(Math.max(0, bytes - bytesBefore) / sockets / 1024);
    perMessage.push((cpuMs - before.cpuMs) / (messages - before.messages));
    await server.end(clients);
  }
  return { name: kind.name, kibibytes: spreadOf(each), messageMs: spreadOf(perMessage).median };
}

/** Measures the memory of sockets that are not authenticated, in both subprotocols. */
export async function hostileSockets(
  report: Report,
  server: AttackedServer,
  effort: Effort,
): Promise<void> {
  const costs: MemoryCost[] = [];
  for (const kind of memoryKinds) costs.push(await memoryCost(server, kind, effort));
  report.table(
    [
      'Socket that is not authenticated',
      'KiB kept',
      'ms of CPU a message',
      `≤ ${String(mostKiB)} KiB`,
    ],
    costs.map(({ name, kibibytes, messageMs }) => [
      name,
      kibibytes,
      Number.isFinite(messageMs) ? messageMs.toFixed(3) : '–',
      verdictOn(kibibytes, mostKiB),
    ]),
  );
  const worst = costs.reduce((one, other) =>
    other.kibibytes.median > one.kibibytes.median ? other : one,
  );
  report.accept(
    `KiB kept for a socket before it is authenticated, the costliest (${worst.name})`,
    worst.kibibytes,
    mostKiB,
  );
}
