import { once } from 'node:events';
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

/** The most CPU that a `connection_init` of 1 MB may take beyond its JSON.parse, in milliseconds. */
const mostInitMs = 20;

/** Makes the payload of a `connection_init` of some length, with an authorization that is refused. */
type InitPayload = (authorization: string, length: number) => object;

const initPayloads: Readonly<Record<string, InitPayload>> = {
  'many headers': (authorization, length) => ({
    headers: { authorization, ...members(length, 'x') },
  }),
  'many texts beside the headers': (authorization, length) => ({
    headers: { authorization },
    ...members(length, 'x'),
  }),
  'many numbers beside the headers': (authorization, length) => ({
    headers: { authorization },
    ...members(length, 1),
  }),
  'many empty lists': (authorization, length) => ({
    headers: { authorization },
    lists: Array.from({ length: length / 3 - 100 }, () => []),
  }),
  'one header of 1 MB': (authorization, length) => ({
    headers: { authorization, filler: 'x'.repeat(length - 200) },
  }),
  'an authorization of 1 MB': (authorization, length) => ({
    headers: { authorization: authorization.padEnd(length - 200, 'x') },
  }),
};

function parseMs(text: string): number {
  const before = process.cpuUsage();
  JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface InitCost {
  readonly name: string;
  readonly beyondParseMs: Spread;
  readonly parseMs: Spread;
  readonly bytes: number;
}

async function initCost(
  server: AttackedServer,
  protocol: Protocol,
  name: string,
  payload: InitPayload,
  { quick }: Effort,
): Promise<InitCost> {
  const rounds = quick ? 1 : 7;
  const length = quick ? 20_000 : 1_000_000;
  const spent: number[] = [];
  const parsed: number[] = [];
  const round = async (): Promise<void> => {
    const text = initMessage(payload(badToken(), length));
    const client = await server.connect(protocol, 'token');
    const closed = once(client, 'close');
    await server.idle();
    const before = await server.figures('cpu');
    await send(client, [text]);
    await closed;
    const parse = parseMs(text);
    parsed.push(parse);
    spent.push((await server.figures('cpu')).cpuMs - before.cpuMs - parse);
  };
  await round(); // warms up
  spent.length = parsed.length = 0;
  await server.end([]);
  const before = await server.figures('memory');
  for (let count = 0; count < rounds; count++) await round();
  await server.end([]);
  const after = await server.figures('memory');
  return {
    name: `${protocol}, ${name}`,
    beyondParseMs: spreadOf(spent),
    parseMs: spreadOf(parsed),
    bytes: Math.max(0, after.bytes - before.bytes) / rounds,
  };
}

/** Measures `connection_init` messages of 1 MB, in both subprotocols. */
export async function hostileInits(
  report: Report,
  server: AttackedServer,
  effort: Effort,
): Promise<void> {
  const costs: InitCost[] = [];
  for (const protocol of ['modern', 'legacy'] as const)
    for (const [name, payload] of Object.entries(initPayloads))
      costs.push(await initCost(server, protocol, name, payload, effort));
  report.table(
    [
      '`connection_init` of 1 MB',
      'ms of CPU beyond JSON.parse',
      'JSON.parse, ms',
      'bytes kept',
      `≤ ${String(mostInitMs)} ms`,
    ],
    costs.map(({ name, beyondParseMs, parseMs: parse, bytes }) => [
      name,
      beyondParseMs,
      parse,
      bytes.toFixed(0),
      verdictOn(beyondParseMs, mostInitMs),
    ]),
  );
  const worst = costs.reduce((one, other) =>
    other.beyondParseMs.median > one.beyondParseMs.median ? other : one,
  );
  report.accept(
    `ms of CPU beyond JSON.parse, the costliest connection_init of 1 MB (${worst.name})`,
    worst.beyondParseMs,
    mostInitMs,
  );
}
