import { redisRevocations } from '@hasura-auth/redis';

it('a client that throws when it is opened is not asked again before a pause', async () => {
  const open = jest.fn(() => {
    throw new Error('no connection');
  });
  const logger = { warn: () => undefined, error: () => undefined };
  const store = redisRevocations({ client: { open }, logger });
  const unsubscribe = store.subscribe({
    onEntry: () => undefined,
    onGap: () => undefined,
    onCurrent: () => undefined,
  });
  await new Promise(setImmediate); // without a pause the process would never get here
  expect(open.mock.calls.length).toBeLessThanOrEqual(2); // once for commands, once for the stream
  unsubscribe();
});

it.each([
  ['OOM', 'OOM command not allowed'],
  ['EXECABORT', 'EXECABORT Transaction discarded because of previous errors.'],
])(
  'a server without memory is not asked again and again (%s): a revocation is rejected at once, and the stream is followed after a pause',
  async (code, message) => {
    const full = (): Promise<never> => Promise.reject(new Error(message));
    const [send, transaction] = [jest.fn(full), jest.fn(full)];
    const open = () => ({
      ready: () => Promise.resolve(),
      send,
      transaction,
      close: () => undefined,
    });
    const logger = { warn: () => undefined, error: () => undefined };
    const store = redisRevocations({ client: { open }, logger });
    const unsubscribe = store.subscribe({
      onEntry: () => undefined,
      onGap: () => undefined,
      onCurrent: () => undefined,
    });
    await expect(
      store.add({ by: 'jti', iss: undefined, value: '1', until: Date.now() + 60_000 }),
    ).rejects.toThrow(`the revocation could not be stored in Redis: ${code}`);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(transaction).toHaveBeenCalledTimes(1);
    expect(send.mock.calls.length).toBeLessThanOrEqual(5);
    unsubscribe();
    store.close();
  },
);
