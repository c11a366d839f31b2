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
