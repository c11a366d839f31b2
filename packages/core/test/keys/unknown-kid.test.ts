import { noKey, startGuardedByKeys, unavailable, type GuardedByKeys } from './guarded-by-keys.js';
import { issuerKey, tokenOf } from './published-keys.js';

// A thousand requests take their time on a busy machine.
jest.setTimeout(60_000);

const one = issuerKey('one');
const two = issuerKey('two');
const known = tokenOf(one);

const start = (keys: readonly unknown[] = [one.jwk]): Promise<GuardedByKeys> =>
  startGuardedByKeys({ keys });

const mallory = issuerKey('mallory');
let strangers = 0;
const stranger = (): string => tokenOf(mallory, 'mallory', `kid-${String(strangers++)}`);

describe('a token whose kid is unknown', () => {
  it('has the set fetched, and passes where its key is there now', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.rotate(one.jwk, two.jwk);
    expect(await answer(tokenOf(two))).toBe('user');
    expect(server.fetches).toBe(2);
  });

  it('is refused as bad where the set is fetched without it', async () => {
    const { answer } = await start();
    expect(await answer(known)).toBe('user');
    expect(await answer(stranger())).toBe(noKey);
  });

  it('is not refused as bad where the provider does not answer, nor after the allowance is spent', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ status: 500 });
    for (let count = 0; count < 10; count++) expect(await answer(tokenOf(two))).toBe(unavailable);
    expect(server.fetches).toBe(4);
    expect(await answer(known)).toBe('user');
  });

  it('is not refused as bad where the provider answers too late', async () => {
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

  it('starts no fetch where no published key could verify it', async () => {
    const { server, answer } = await start([one.jwk, { ...two.jwk, alg: 'ES256', kid: 'named' }]);
    expect(await answer(known)).toBe('user');
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmac = `${part({ alg: 'HS256', kid: 'x' })}.${part({})}.AAAA`;
    const otherAlg = `${part({ alg: 'RS256', kid: 'named' })}.${part({})}.AAAA`;
    const noKid = `${part({ alg: 'RS256' })}.${part({})}.AAAA`;
    for (const token of [hmac, otherAlg, noKid]) expect(await answer(token)).toBe(noKey);
    expect(server.fetches).toBe(1);
  });

  it('starts no fetch where a key without a kid may be its own', async () => {
    const { server, answer } = await start([{ ...one.jwk, kid: undefined }]);
    expect(await answer(known)).toBe('user');
    expect(await answer(stranger())).toBe('401 Could not verify JWT: JWSError JWSInvalidSignature');
    expect(server.fetches).toBe(1);
  });
});

describe('1,000 random kids', () => {
  it('one after another make 3 fetches, and one more every 10 s', async () => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    for (let count = 0; count < 1000; count++) expect(await answer(stranger())).toBe(noKey);
    expect(server.fetches).toBe(1 + 3);
    for (let second = 1; second <= 60; second++) {
      clock.advance(1000);
      for (let count = 0; count < 10; count++) await answer(stranger());
      expect(server.fetches).toBe(1 + 3 + Math.floor(second / 10));
    }
  });

  it('at once make one fetch', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    await Promise.all(Array.from({ length: 1000 }, () => answer(stranger())));
    expect(server.fetches).toBe(1 + 1);
  });

  it('while the provider is down make as few', async () => {
    const { server, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ delivery: { kind: 'reset' } });
    for (let count = 0; count < 1000; count++) expect(await answer(stranger())).toBe(unavailable);
    expect(server.fetches).toBe(1 + 3);
    expect(await answer(known)).toBe('user');
  });

  it('keep no known token waiting, whatever the provider does', async () => {
    const { server, clock, answer } = await start();
    expect(await answer(known)).toBe('user');
    server.misbehave({ delivery: { kind: 'hang' } });
    const answers = Array.from({ length: 1000 }, () => answer(stranger()));
    await server.arrived(2);
    // No time passes here: what needed a timer would never end.
    for (let count = 0; count < 100; count++) expect(await answer(known)).toBe('user');
    expect(await answer(tokenOf(one, 'another token of a known key'))).toBe('user');
    clock.advance(500);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([unavailable]));
    expect(server.fetches).toBe(2);
  });
});

it('a key rotated without notice is accepted within 10 s, while strangers send random kids', async () => {
  const { server, clock, answer } = await start();
  expect(await answer(known)).toBe('user');
  for (let count = 0; count < 50; count++) await answer(stranger());
  server.rotate(two.jwk);
  const token = tokenOf(two);
  let waited = 0;
  while ((await answer(token)) !== 'user') {
    expect(waited).toBeLessThan(10_000);
    clock.advance(100);
    waited += 100;
    for (let count = 0; count < 5; count++) await answer(stranger());
  }
  expect(waited).toBeLessThanOrEqual(10_000);
  expect(await answer(known)).not.toBe('user'); // the withdrawn key's token, though it was kept before
});
