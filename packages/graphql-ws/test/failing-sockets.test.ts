import { EventEmitter } from 'node:events';
import { hasuraAuth, legacyHandler, legacyProtocol, requireRole } from '@hasura-auth/graphql-ws';
import type { Session } from '@hasura-auth/core';
import { buildSchema } from 'graphql';

const silent = { warn: (): undefined => undefined, error: (): undefined => undefined };
const auth = hasuraAuth({
  adminSecret: 'the admin secret of the tests',
  unauthorizedRole: 'anonymous',
  logger: silent,
});

const throws = (): never => {
  throw new Error('the socket fails');
};

/** A socket whose functions may be replaced, such as by ones that throw. */
class Socket extends EventEmitter {
  readonly protocol = legacyProtocol;
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: { type: string; id?: string }[] = [];
  readonly closes: unknown[][] = [];

  send(data: string, sent: () => void): void {
    this.sent.push(JSON.parse(data) as { type: string });
    sent();
  }
  close(...close: unknown[]): void {
    this.closes.push(close);
    this.readyState = 3;
  }

  /** Receives a message, and waits until it is handled. */
  async receive(data: unknown): Promise<void> {
    this.emit('message', data);
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const root = { role: 'anonymous' };
const handler = legacyHandler(
  auth.server<Record<string, unknown>, never>({
    schema: buildSchema('type Query { role: String }'),
    roots: { query: { role: () => root.role } },
  }) as never, // the socket below is a double
  { keepAliveMs: 0 },
);

function connected(replaced: Partial<Socket> = {}): Socket {
  const socket = Object.assign(new Socket(), replaced);
  handler(socket, { headers: {} });
  return socket;
}

const init = '{"type":"connection_init"}';
const start = '{"type":"start","id":"1","payload":{"query":"{ role }"}}';
const types = ({ sent }: Socket): string[] => sent.map(({ type }) => type);

afterEach(() => {
  auth.connections.disconnect({ role: 'anonymous' });
  expect(auth.connections.size).toBe(0);
});

test.each<[string, (text: string) => unknown]>([
  ['a string', (text) => text],
  ['a buffer', (text) => Buffer.from(text)],
  ['an ArrayBuffer', (text) => new TextEncoder().encode(text).buffer],
  ['fragments', (text) => [Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))]],
])('a message is read in each form that ws may have: %s', async (_form, made) => {
  const socket = connected();
  await socket.receive(made(init));
  await socket.receive(made(start));
  expect(types(socket)).toEqual(['connection_ack', 'ka', 'data', 'complete']);
});

test('a message in no form of ws closes the socket', async () => {
  const socket = connected();
  await socket.receive({ toString: 0 });
  expect(socket.closes).toEqual([[4500, 'Internal server error']]);
});

test('a socket whose functions throw harms nothing', async () => {
  for (const replaced of [{ send: throws }, { close: throws }, { send: throws, close: throws }]) {
    const socket = connected(replaced);
    await socket.receive(init);
    await socket.receive(start);
    await socket.receive('{');
    socket.emit('error', new Error('reset'));
    socket.emit('close', 1006, Buffer.alloc(0));
  }
});

test('a socket that cannot be terminated is closed if its client does not read', async () => {
  const socket = connected();
  socket.bufferedAmount = 20_000;
  await socket.receive(init);
  expect(socket.closes).toEqual([[1008, 'The client does not read']]);
  await socket.receive(init);
  expect(socket.sent).toEqual([]);
  const failing = connected({ close: throws, bufferedAmount: 20_000 });
  await failing.receive(init);
  expect(failing.sent).toEqual([]);
});

test('what waits to be sent is read from each kind of socket', async () => {
  const { onPing } = auth.server<Record<string, unknown>>({});
  const ping = async (socket: object, acknowledged = false): Promise<unknown[][]> => {
    const closes: unknown[][] = [];
    const close = (...frame: unknown[]): unknown => closes.push(frame);
    const ctx = { acknowledged, extra: { socket: { close, terminate: close, ...socket } } };
    await onPing?.(ctx as never, undefined);
    return closes;
  };
  const tooMuch = [[4400, 'Too much in pings before connection_init']];
  expect(await ping({})).toEqual([]);
  expect(await ping({ bufferedAmount: 16_384 })).toEqual([]);
  expect(await ping({ bufferedAmount: 16_385 })).toEqual(tooMuch);
  expect(await ping({ getBufferedAmount: () => 16_385 })).toEqual(tooMuch);
  expect(await ping({ bufferedAmount: 4_194_304 }, true)).toEqual([]);
  expect(await ping({ bufferedAmount: 4_194_305 }, true)).toEqual([[]]);
});

test('results that are read after their end, or whose iterator has no return, end', async () => {
  const { onOperation } = auth.server<Record<string, unknown>>({});
  const iterator = { next: async () => ({ done: false as const, value: { data: {} } }) };
  const stream = { [Symbol.asyncIterator]: () => iterator };
  const results = (await onOperation?.(
    {} as never,
    '1',
    { query: '' },
    {} as never,
    stream,
  )) as AsyncIterableIterator<object>;
  expect(await results.next()).toEqual({ done: false, value: { data: {} } });
  expect(await results.return?.()).toEqual({ done: true, value: undefined });
  expect(await results.return?.()).toEqual({ done: true, value: undefined });
  expect(await results.next()).toEqual({ done: true, value: undefined });
  const after: object[] = [];
  for await (const result of results) after.push(result);
  expect(after).toEqual([]);
});

test('requireRole lets the listed roles pass and throws GraphQL errors for others', () => {
  const editorsOnly = requireRole('editor');
  const session = (role: string): Session => ({ role, method: 'jwt' }) as Session;
  expect(editorsOnly(session('editor'))).toBeUndefined();
  expect(() => {
    editorsOnly(session('user'));
  }).toThrow(
    expect.objectContaining({
      name: 'GraphQLError',
      message: 'Your current role is not allowed here',
      extensions: { path: '$', code: 'access-denied' },
    }),
  );
  expect(() => requireRole()).toThrow('requireRole');
});
