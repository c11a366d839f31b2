import { noKey, startGuardedByKeys, unavailable, type GuardedByKeys } from './guarded-by-keys.js';
import { issuerKey, tokenOf } from './published-keys.js';

// A thousand requests take their time on a busy machine.
jest.setTimeout(60_000);

const one = issuerKey('one');
const two = issuerKey('two');
const known = tokenOf(one);

const start = (
  keys: readonly unknown[] = [one.jwk],
  more: Omit<Parameters<typeof startGuardedByKeys>[0], 'keys'> = {},
): Promise<GuardedByKeys> => startGuardedByKeys({ keys, ...more });

const mallory = issuerKey('mallory');
let forged = 0;
/** A token of another issuer that names a kid of its own. */
const unknownKid = (): string => tokenOf(mallory, 'mallory', `kid-${String(forged++)}`);
/** A token of another issuer under the name of a published key. */
const wrongSignature = (): string => tokenOf(mallory, `mallory-${String(forged++)}`, 'one');
const badSignature = '401 Could not verify JWT: JWSError JWSInvalidSignature';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (header: object): string => `${part(header)}.${part({})}.AAAA`;

describe('a token whose kid is unknown', () => {
  it('has the set fetched, and is accepted if its key is there now', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.rotate(one.jwk, two.jwk);
    expect(await answer(tokenOf(two))).toBe('user');
    expect(server.fetches).toBe(2);
  });

  it('is rejected with 401 if the set is fetched without its key', async () => {
    const { answer } = await start();
    expect(await answer(known)).toBe('user');
    expect(await answer(unknownKid())).toBe(noKey);
  });

  it('is rejected with 503 if the provider does not respond, also after the allowance is spent', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ status: 500 });
    for (let count = 0; count < 10; count++) expect(await answer(tokenOf(two))).toBe(unavailable);
    expect(server.fetches).toBe(4);
    expect(await answer(known)).toBe('user');
  });

  it('is rejected with 503 if the provider responds too late', async () => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.rotate(one.jwk, two.jwk);
    server.misbehave({ delivery: { kind: 'held' } });
    const answered = answer(tokenOf(two));
    await server.arrived(2);
    clock.advance(500);
    expect(await answered).toBe(unavailable);
    server.release();
    server.recover();
    expect(await answer(tokenOf(two))).toBe('user');
  });

  it('has no set fetched if it is signed with HMAC, which no published key verifies', async () => {
    const { server, answer, over } = await start([one.jwk]);
    expect(await answer(known)).toBe('user');
    expect(await answer(unsigned({ alg: 'HS256', kid: 'x' }))).toBe(noKey);
    expect(await answer(unknownKid())).toBe(noKey);
    await over(2);
    expect(server.fetches).toBe(2);
  });
});

describe('a token whose signature no key verifies', () => {
  it.each([
    ['without a kid', { ...one.jwk, kid: undefined }, { ...two.jwk, kid: undefined }, undefined],
    ['under the old kid', one.jwk, { ...two.jwk, kid: 'one' }, 'one'],
    ['under a new kid that the token does not name', one.jwk, two.jwk, undefined],
  ])(
    'is rejected with 401, and the next one is accepted if the keys were rotated %s',
    async (_, before, after, kid) => {
      const { server, answer, over, lines } = await start([before]);
      const [old, rotated] = [one, two].map(
        (key) => tokenOf({ ...key, kid: kid as string }, 'user-1'), // undefined is left out of the header's JSON
      ) as [string, string];
      expect(await answer(old)).toBe('user');
      server.rotate(after);
      expect(await answer(rotated)).toBe(badSignature);
      await over(2);
      expect(await answer(rotated)).toBe('user');
      expect(await answer(old)).toBe(badSignature);
      expect(lines).toEqual([
        expect.stringContaining(
          'its keys were replaced without a new kid, so that the first tokens',
        ),
      ]);
    },
  );

  it('is accepted next time if no key of its family was published', async () => {
    const { server, answer, over } = await start([
      { ...one.jwk, kid: undefined },
      { ...two.jwk, crv: 'P-384', kid: 'named' },
    ]);
    expect(await answer(tokenOf({ ...one, kid: 'x' }))).toBe('user');
    expect(await answer(unsigned({ alg: 'RS256' }))).toBe(noKey);
    await over(2);
    expect(server.fetches).toBe(2);
    expect(await answer(unsigned({ alg: 'HS256' }))).toBe(noKey);
    expect(server.fetches).toBe(2);
  });

  it('is rejected with 401 whatever becomes of the fetch, without waiting for it', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ delivery: { kind: 'hang' } });
    // No time passes here: what needed a timer would never end.
    for (let count = 0; count < 10; count++)
      expect(await answer(wrongSignature())).toBe(badSignature);
    await server.arrived(2);
    const failing = await start();
    expect(await failing.answer(known)).toBe('user');
    failing.server.misbehave({ status: 500 });
    for (let fetches = 2; fetches <= 4; fetches++) {
      expect(await failing.answer(wrongSignature())).toBe(badSignature);
      await failing.over(fetches);
    }
    expect(await failing.answer(wrongSignature())).toBe(badSignature);
    expect(await failing.answer(known)).toBe('user');
    expect(failing.server.fetches).toBe(4);
  });

  it('makes 3 fetches, and one more every 10 s, however many come, and says so in the log', async () => {
    const { server, clock, answer, over, lines } = await start();
    expect(await answer(known)).toBe('user');
    for (let count = 0; count < 100; count++) {
      expect(await answer(wrongSignature())).toBe(badSignature);
      await over(Math.min(2 + count, 4));
    }
    expect(server.fetches).toBe(1 + 3);
    for (let second = 1; second <= 60; second++) {
      clock.advance(1000);
      for (let count = 0; count < 3; count++) await answer(wrongSignature());
      await over(1 + 3 + Math.floor(second / 10));
      expect(server.fetches).toBe(1 + 3 + Math.floor(second / 10));
    }
    expect(lines).toEqual([expect.stringContaining('fetching it again brought no other keys')]);
  });

  it('shares its allowance with tokens of unknown kids', async () => {
    const { server, answer, over } = await start();
    expect(await answer(known)).toBe('user');
    for (let fetches = 2; fetches <= 4; fetches++) {
      await answer(wrongSignature());
      await over(fetches);
    }
    expect(await answer(unknownKid())).toBe(noKey);
    expect(server.fetches).toBe(4);
  });

  it('makes no fetch while the keys are being fetched, or before the first good set', async () => {
    const { server, answer, authenticator } = await start();
    server.misbehave({ status: 500 });
    expect(await answer(known)).toBe(unavailable);
    expect(await answer(wrongSignature())).toBe(unavailable);
    expect(server.fetches).toBe(1);
    server.recover();
    await authenticator.ready();
    server.misbehave({ delivery: { kind: 'held' } });
    const looking = answer(unknownKid());
    await server.arrived(3);
    expect(await answer(wrongSignature())).toBe(badSignature);
    server.release();
    expect(await looking).toBe(noKey);
    expect(server.fetches).toBe(3);
  });

  it('makes no fetch after close()', async () => {
    const { server, answer, authenticator, lines } = await start();
    expect(await answer(known)).toBe('user');
    await authenticator.close();
    expect(await answer(wrongSignature())).toBe(badSignature);
    expect(await answer(known)).toBe('user');
    expect(server.fetches).toBe(1);
    expect(lines).toEqual([]);
  });
});

describe('1,000 random kids', () => {
  it('one after another make 3 fetches, and one more every 10 s', async () => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    for (let count = 0; count < 1000; count++) expect(await answer(unknownKid())).toBe(noKey);
    expect(server.fetches).toBe(1 + 3);
    for (let second = 1; second <= 60; second++) {
      clock.advance(1000);
      for (let count = 0; count < 10; count++) await answer(unknownKid());
      expect(server.fetches).toBe(1 + 3 + Math.floor(second / 10));
    }
  });

  it('at once make one fetch', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    await Promise.all(Array.from({ length: 1000 }, () => answer(unknownKid())));
    expect(server.fetches).toBe(1 + 1);
  });

  it('make as few while the provider is down', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ delivery: { kind: 'reset' } });
    for (let count = 0; count < 1000; count++) expect(await answer(unknownKid())).toBe(unavailable);
    expect(server.fetches).toBe(1 + 3);
    expect(await answer(known)).toBe('user');
  });

  it('keep no known token waiting, whatever the provider does', async () => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ delivery: { kind: 'hang' } });
    const answers = Array.from({ length: 1000 }, () => answer(unknownKid()));
    await server.arrived(2);
    // No time passes here: what needed a timer would never end.
    for (let count = 0; count < 100; count++) expect(await answer(known)).toBe('user');
    expect(await answer(tokenOf(one, 'another token of a known key'))).toBe('user');
    clock.advance(500);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([unavailable]));
    expect(server.fetches).toBe(2);
  });
});

it.each([
  ['random kids', unknownKid],
  ['wrong signatures', wrongSignature],
])(
  'a key rotated without notice is accepted within 10 s, while others send %s',
  async (_, other) => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    for (let count = 0; count < 50; count++) await answer(other());
    server.rotate(two.jwk);
    const token = tokenOf(two);
    let waited = 0;
    while ((await answer(token)) !== 'user') {
      expect(waited).toBeLessThan(10_000);
      clock.advance(100);
      waited += 100;
      for (let count = 0; count < 5; count++) await answer(other());
    }
    expect(waited).toBeLessThanOrEqual(10_000);
    expect(await answer(known)).not.toBe('user'); // the withdrawn key's token, though it was cached before
  },
);
