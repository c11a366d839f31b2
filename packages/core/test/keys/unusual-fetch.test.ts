import type { Fetch } from '../../src/runtime.js';
import {
  noKey,
  startGuardedByKeys,
  unavailable,
  type GuardedByKeysOptions,
} from './guarded-by-keys.js';
import { issuerKey, tokenOf } from './published-keys.js';

const one = issuerKey('one');
const two = issuerKey('two');
const known = tokenOf(one);
const minute = { 'cache-control': 'max-age=60' };

const start = (options: GuardedByKeysOptions = {}): ReturnType<typeof startGuardedByKeys> =>
  startGuardedByKeys({ keys: [one.jwk], headers: minute, ...options });

it('a fetch that knows no signal is not waited for, and its late answer is nobody’s', async () => {
  const late: (() => void)[] = [];
  const deaf: Fetch = async (url, { signal: _, ...init }) => {
    const response = await fetch(url, init);
    if (late.length > 0) await new Promise<void>((resolve) => late.push(resolve));
    return response;
  };
  const { server, clock, answer, over } = await start({ fetch: deaf });
  expect(await answer(known)).toBe('user');
  late.push(() => undefined);
  clock.advance(60_000);
  const answered = answer(known);
  await server.arrived(2); // the set with the old key is on its way …
  clock.advance(5000);
  expect(await answered).toBe('user');
  await over(2);
  const [, overlapping] = late.splice(0);
  server.rotate(two.jwk); // … while the new one overtakes it
  clock.advance(1000);
  expect(await answer(known)).toBe('user');
  await over(3);
  expect(await answer(known)).toBe(noKey);
  overlapping?.();
  await new Promise(setImmediate);
  expect(await answer(tokenOf(two))).toBe('user');
  expect(await answer(known)).toBe(noKey);
});

it.each([
  [
    'throws at once',
    () => {
      throw new Error('https://user:marked@host');
    },
  ],
  [
    'rejects with what is no error',
    () => Promise.reject(JSON.parse('"https://user:marked@host"') as Error),
  ],
  ['rejects with a long chain of causes', () => Promise.reject(chain(9))],
])('a fetch that %s is told of in our own words', async (_, broken) => {
  const { answer, lines } = await start({ fetch: broken });
  expect(await answer(known)).toBe(unavailable);
  expect(lines).toEqual([
    'the key set of URL could not be fetched: the connection failed; tokens are refused with 503 until it is there',
  ]);
});

function chain(length: number): Error {
  return new Error('marked', length > 0 ? { cause: chain(length - 1) } : {});
}
