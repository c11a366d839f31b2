import { inBatches } from '../../src/connection/connections.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a few are run in each turn of the event loop, in order, none at once', async () => {
  const soon = inBatches(() => undefined);
  const ran: number[] = [];
  for (let index = 0; index < 120; index++) soon(() => ran.push(index));
  const after: number[] = [ran.length];
  for (let turns = 0; turns < 3; turns++) {
    await turn();
    after.push(ran.length);
  }
  expect(after).toEqual([0, 50, 100, 120]);
  expect(ran).toEqual(Array.from({ length: 120 }, (_, index) => index));
  soon(() => ran.push(-1));
  await turn();
  expect(ran.at(-1)).toBe(-1);
});

test('one that throws is reported, and the others run', async () => {
  const failed: unknown[] = [];
  const soon = inBatches((error) => failed.push(error));
  const ran: string[] = [];
  const error = new Error('socket gone');
  soon(() => {
    throw error;
  });
  soon(() => ran.push('next'));
  await turn();
  expect([failed, ran]).toEqual([[error], ['next']]);
});
