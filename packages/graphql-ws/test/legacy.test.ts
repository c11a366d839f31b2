import { legacyClient } from './clients.js';
import { RawSocket } from './raw-socket.js';
import { startSocketApp, type SocketApp, type SocketAppOptions } from './socket-app.js';
import { userToken } from './tokens.js';

let app: SocketApp;
afterEach(() => app.close());
const start = async (options: SocketAppOptions = {}): Promise<void> => {
  app = await startSocketApp({ ...options, auth: { unauthorizedRole: 'anonymous' } });
};

const raw = (): Promise<RawSocket> => RawSocket.open(app.url, 'graphql-ws');

test('keep-alives are sent with the acknowledgement and from then on', async () => {
  await start({ legacy: { keepAliveMs: 10 } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  expect(await socket.next()).toEqual({ type: 'connection_ack' });
  for (let count = 0; count < 3; count++) expect(await socket.next()).toEqual({ type: 'ka' });
  socket.say({ type: 'connection_terminate' });
  expect(await socket.closed).toEqual([1000, 'Terminated']);
});

test('operations that are started before the acknowledgement wait for it, and stop ends one', async () => {
  await start();
  const socket = await raw();
  socket.say({ type: 'connection_init', payload: {} });
  socket.say({ id: '1', type: 'start', payload: { query: 'subscription { tick }' } });
  expect(await socket.next()).toEqual({ type: 'connection_ack' });
  expect(await socket.next()).toEqual({ type: 'ka' });
  const tick = { id: '1', type: 'data', payload: { data: { tick: 'anonymous' } } };
  expect(await socket.next()).toEqual(tick);
  expect(await socket.next()).toEqual(tick);
  socket.say({ id: '1', type: 'stop' });
  socket.say({ id: '2', type: 'start', payload: { query: '{ role }' } });
  let message = await socket.next();
  while (message.id === '1') message = await socket.next();
  expect(message).toEqual({ id: '2', type: 'data', payload: { data: { role: 'anonymous' } } });
  expect(await socket.next()).toEqual({ id: '2', type: 'complete' });
});

test.each([
  [
    'a syntax error',
    '{ role',
    [{ type: 'error', message: 'Syntax Error: Expected Name, found <EOF>.' }],
  ],
  [
    'a query that does not fit the schema',
    '{ unknown }',
    [
      { type: 'data', message: 'Cannot query field "unknown" on type "Query".' },
      { type: 'complete' },
    ],
  ],
  [
    'a resolver that fails',
    '{ fails }',
    [{ type: 'data', message: 'as it should' }, { type: 'complete' }],
  ],
  [
    'a subscription that breaks',
    'subscription { breaks }',
    [{ type: 'data' }, { type: 'data', message: 'broken' }, { type: 'complete' }],
  ],
])(
  '%s is reported for its operation, and the connection continues',
  async (_name, query, answers) => {
    await start();
    const socket = await raw();
    socket.say({ type: 'connection_init' });
    await socket.next();
    await socket.next();
    socket.say({ id: '1', type: 'start', payload: { query } });
    for (const { type, message } of answers as { type: string; message?: string }[]) {
      const { payload, ...said } = await socket.next();
      expect(said).toEqual({ id: '1', type });
      const one = payload as { message?: string; errors?: { message: string }[] } | undefined;
      expect(one?.message ?? one?.errors?.[0]?.message).toBe(message);
    }
    socket.say({ id: '2', type: 'start', payload: { query: '{ role }' } });
    expect(await socket.next()).toMatchObject({ id: '2', type: 'data' });
  },
);

test('the message of an error that is no GraphQL error is not sent to the client', async () => {
  await start({ server: { onSubscribe: () => Promise.reject(new Error('password is hunter2')) } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  await socket.next();
  await socket.next();
  socket.say({ id: '1', type: 'start', payload: { query: '{ role }' } });
  const payload = { message: 'Internal server error' };
  expect(await socket.next()).toEqual({ id: '1', type: 'error', payload });
});

test('an error in onConnect of the app closes the socket with 4500', async () => {
  await start({ server: { onConnect: () => Promise.reject(new Error('no database')) } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  expect(await socket.closed).toEqual([4500, 'Internal server error']);
});

test.each([
  ['is no JSON', '{'],
  ['is no object', '[]'],
  ['has no type that is known', { type: 'subscribe', id: '1' }],
])('a message that %s closes the socket', async (_name, message) => {
  await start();
  const socket = await raw();
  socket.say(message);
  expect(await socket.closed).toEqual([4400, 'Invalid message received']);
});

test('a message that is larger than maxMessageBytes closes the socket', async () => {
  await start({ legacy: { maxMessageBytes: 200 } });
  const big = await raw();
  big.say(' '.repeat(201));
  expect((await big.closed)[0]).toBe(4403); // as a connection_init that is too long
  const later = await raw();
  later.say({ type: 'connection_init' });
  expect(await later.next()).toEqual({ type: 'connection_ack' });
  expect(await later.next()).toEqual({ type: 'ka' });
  later.say(' '.repeat(201));
  expect(await later.closed).toEqual([1009, 'Message is too big']);
});

test('operations beyond maxOperations are rejected one by one', async () => {
  await start({ legacy: { maxOperations: 2 } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  await socket.next();
  await socket.next();
  for (const id of ['1', '2', '3'])
    socket.say({ id, type: 'start', payload: { query: 'subscription { endless }' } });
  const messages = [await socket.next(), await socket.next(), await socket.next()];
  expect(messages.find(({ id }) => id === '3')).toEqual({
    id: '3',
    type: 'error',
    payload: { message: 'Too many operations' },
  });
});

test('errorPayload can give the engine’s form of a refusal, which the standard client receives', async () => {
  app = await startSocketApp({
    legacy: { errorPayload: ({ message }) => message, keepAliveMs: 0 },
  });
  const token = await userToken('7', -1);
  const payload = await new Promise<unknown>((resolve) => {
    const client = legacyClient(
      app.url,
      { connectionParams: { headers: { authorization: `Bearer ${token}` } } },
      {
        connectionCallback: (error?: unknown) => {
          client.close();
          resolve(error);
        },
      },
    );
  });
  expect(payload).toBe('Could not verify JWT: JWTExpired');
});

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no payload');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no payload'))],
  ['returns undefined', () => undefined],
  ['returns what is no JSON', () => 1n],
  [
    'returns a cycle',
    () => {
      const cycle: { self?: object } = {};
      cycle.self = cycle;
      return cycle;
    },
  ],
])(
  'a refused client receives the default payload if errorPayload %s',
  async (_how, errorPayload) => {
    app = await startSocketApp({ legacy: { errorPayload } });
    const socket = await raw();
    socket.say({ type: 'connection_init' });
    const message = "Missing 'Authorization' or 'Cookie' header in JWT authentication mode";
    expect(await socket.next()).toEqual({
      type: 'connection_error',
      payload: { message, extensions: { path: '$', code: 'invalid-headers' } },
    });
    expect(await socket.closed).toEqual([4403, message]);
  },
);

test('messages are read with the app’s jsonMessageReviver', async () => {
  await start({
    server: {
      jsonMessageReviver: (key, value: unknown) => (key === 'query' ? '{ role }' : value),
    },
  });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  socket.say({ id: '1', type: 'start', payload: { query: 'anything' } });
  for (const type of ['connection_ack', 'ka', 'data'])
    expect(await socket.next()).toMatchObject({ type });
});
