import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { clients } from './clients.js';
import { userToken } from './tokens.js';

// Starting a process takes a second, and several on a busy machine.
jest.setTimeout(60_000);

const modern = 'graphql-transport-ws';
const legacy = 'graphql-ws';

let server: ChildProcess;
let url: string;
let exit: unknown;

beforeAll(async () => {
  server = fork(join(__dirname, 'attacked-process.ts'), {
    execArgv: ['--conditions=hasura-auth-source', '--import', 'tsx'],
  });
  server.once('exit', (code) => (exit = code));
  [url] = (await once(server, 'message')) as [string];
});
afterAll(async () => {
  const ended = once(server, 'exit');
  server.kill();
  if (exit === undefined) await ended;
});

async function openConnections(): Promise<number> {
  server.send('size');
  const [size] = (await once(server, 'message')) as [number];
  return size;
}

type Message =
  string | Uint8Array | { readonly data: string | Uint8Array; readonly options: object };

/**
 * Sends messages on a socket of its own and goes away. After the first message it waits for an answer if asked to, and at
 * the end until the server has read everything.
 */
async function attack(
  protocol: string,
  messages: readonly Message[],
  awaitsFirst = false,
): Promise<void> {
  const socket = new WebSocket(url, protocol);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  for (const [index, message] of messages.entries()) {
    if (socket.readyState !== WebSocket.OPEN) break;
    if (typeof message === 'object' && 'options' in message)
      socket.send(message.data, message.options);
    else socket.send(message);
    if (index === 0 && awaitsFirst) await Promise.race([once(socket, 'message'), closed]);
  }
  for (let trips = 0; trips < 2 && socket.readyState === WebSocket.OPEN; trips++) {
    socket.ping();
    await Promise.race([once(socket, 'pong'), closed]);
  }
  socket.terminate();
  await closed;
}

const init = '{"type":"connection_init","payload":{}}';
const anyJson = [
  'null',
  'true',
  '-1e400',
  '""',
  `"${'é'.repeat(5000)}"`,
  '[]',
  '{}',
  '{"toString":0}',
  '[{"toString":0}]',
  '{"toJSON":0,"then":0,"length":1e9}',
  '{"__proto__":{"toString":0}}',
  '['.repeat(5000) + ']'.repeat(5000),
  '{"a":'.repeat(3000) + '0' + '}'.repeat(3000),
];
const message = (type: string, members: string): string => `{"type":"${type}",${members}}`;

/** Every kind of message, with any JSON at each member. */
const messagesOfAnyJson = anyJson.flatMap((json) => [
  json,
  `{"type":${json}}`,
  ...['start', 'subscribe', 'stop', 'complete'].map((type) => message(type, `"id":${json}`)),
  ...['start', 'subscribe', 'connection_init', 'ping'].map((type) =>
    message(type, `"id":"1","payload":${json}`),
  ),
  ...['start', 'subscribe'].flatMap((type) => [
    message(type, `"id":${json},"payload":{"query":"{ role }"}`),
    message(type, `"id":"1","payload":{"query":${json}}`),
    message(type, `"id":"1","payload":{"query":"{ role }","variables":${json}}`),
    message(type, `"id":"1","payload":{"query":"{ role }","operationName":${json}}`),
  ]),
  message('connection_init', `"payload":{"headers":${json}}`),
  message('connection_init', `"payload":{"authorization":${json}}`),
  message('ping', `"payload":{"params":${json}}`),
]);

async function stillAlive(): Promise<void> {
  expect(exit).toBeUndefined();
  const credentials = {
    connectionParams: { headers: { authorization: `Bearer ${await userToken('7')}` } },
  };
  const answer = await clients['graphql-ws']?.(url, credentials);
  expect(answer).toEqual({ data: expect.objectContaining({ role: 'user' }) });
}

async function inGroups(attacks: readonly (() => Promise<void>)[]): Promise<void> {
  for (let at = 0; at < attacks.length; at += 50)
    await Promise.all(attacks.slice(at, at + 50).map((run) => run()));
}

describe.each([modern, legacy])('no client ends the process over %s', (protocol) => {
  afterEach(stillAlive);

  test('with any JSON as a message or as a member of one, before connection_init', async () => {
    await inGroups(messagesOfAnyJson.map((message) => () => attack(protocol, [message])));
  });

  test('with any JSON as a message or as a member of one, after the acknowledgement', async () => {
    await inGroups(
      messagesOfAnyJson.map((message) => () => attack(protocol, [init, message], true)),
    );
  });

  test('with all of it on one socket that goes away', async () => {
    await attack(protocol, messagesOfAnyJson);
    await attack(protocol, [init, ...messagesOfAnyJson], true);
  });

  test('with frames that are binary, in fragments, empty, huge or not UTF-8', async () => {
    const binary = { data: init, options: { binary: true } };
    const noUtf8 = { data: new Uint8Array([0xff, 0xfe]), options: { binary: false } };
    const fragments = [
      { data: init.slice(0, 20), options: { fin: false } },
      { data: init.slice(20), options: { fin: true } },
    ];
    const huge = `{"type":"ping","payload":{"a":"${'x'.repeat(2_000_000)}"}}`;
    const frames: readonly Message[][] = [
      [binary],
      [noUtf8],
      [init, noUtf8],
      [{ data: new Uint8Array([0xff]), options: { binary: true } }],
      fragments,
      [''],
      [new Uint8Array()],
      [huge],
      [init, huge, huge],
      [init, init],
    ];
    await inGroups(frames.map((messages) => () => attack(protocol, messages)));
  });

  test('with operations that fail, whose text would not fit a close frame, or whose generators fail', async () => {
    const type = protocol === modern ? 'subscribe' : 'start';
    const operations = [
      `{ role(x: "${'é'.repeat(70)}") }`,
      `{ a("${'é'.repeat(70)}") }`,
      `{ a("${'é'.repeat(400)}") }`,
      '{ fails }',
      'subscription { breaks }',
      'subscription { endless }',
      'subscription { failsAtReturn }',
      'subscription { failsInFinally }',
      'subscription { throwsAtReturn }',
      'subscription { tick }',
    ];
    const start = (query: string, id = '1'): string =>
      JSON.stringify({ type, id, payload: { query } });
    const end = `{"type":"${protocol === modern ? 'complete' : 'stop'}","id":"1"}`;
    await inGroups(
      operations.flatMap((query) => [
        () => attack(protocol, [init, start(query)], true),
        () => attack(protocol, [init, start(query), end, start(query)], true),
        () => attack(protocol, [init, start(query), start(query), end, end], true),
        () => attack(protocol, [init, ...['1', '2', '3', '4'].map((id) => start(query, id))], true),
        () =>
          attack(
            protocol,
            [init, start(query, 'é'.repeat(100)), start(query, 'é'.repeat(100))],
            true,
          ),
      ]),
    );
  });

  test('by being refused, at once or later, and by going away before that', async () => {
    const refused = (token: string): string =>
      JSON.stringify({
        type: 'connection_init',
        payload: { headers: { authorization: `Bearer ${token}` } },
      });
    const start = '{"type":"start","id":"1","payload":{"query":"{ role }"}}';
    await inGroups(
      Array.from({ length: 20 }, (_, index) => [
        () => attack(protocol, [refused(`${protocol}${String(index)}`), start], true),
        () => attack(protocol, [refused('always the same'), start]),
      ]).flat(),
    );
  });
});

test('every connection is forgotten once its client has gone', async () => {
  while ((await openConnections()) > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(await openConnections()).toBe(0);
});
