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

test('keep-alives come with the acknowledgement and from then on', async () => {
  await start({ legacy: { keepAliveMs: 10 } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  expect(await socket.next()).toEqual({ type: 'connection_ack' });
  for (let count = 0; count < 3; count++) expect(await socket.next()).toEqual({ type: 'ka' });
  socket.say({ type: 'connection_terminate' });
  expect(await socket.closed).toEqual([1000, 'Terminated']);
});

test('operations started before the acknowledgement wait for it; stop ends one', async () => {
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
])('%s is told for its operation, and the connection goes on', async (_name, query, answers) => {
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
});

test('what fails inside is not told to the client', async () => {
  await start({ server: { onSubscribe: () => Promise.reject(new Error('password is hunter2')) } });
  const socket = await raw();
  socket.say({ type: 'connection_init' });
  await socket.next();
  await socket.next();
  socket.say({ id: '1', type: 'start', payload: { query: '{ role }' } });
  const payload = { message: 'Internal server error' };
  expect(await socket.next()).toEqual({ id: '1', type: 'error', payload });
});

test('a failure of the app while connecting closes the socket', async () => {
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

test('a message that is too big closes the socket, and so does too much before the acknowledgement', async () => {
  await start({ legacy: { maxMessageBytes: 200 } });
  const big = await raw();
  big.say(' '.repeat(201));
  expect(await big.closed).toEqual([1009, 'Message is too big']);
  const early = await raw();
  for (let count = 0; count < 2; count++)
    early.say({ id: String(count), type: 'start', payload: { query: `#${'x'.repeat(90)}` } });
  expect((await early.closed)[0]).toBeGreaterThan(1000);
});

test('more operations than allowed are refused one by one', async () => {
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

test('the engine’s form of a refusal, with the stock client', async () => {
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
