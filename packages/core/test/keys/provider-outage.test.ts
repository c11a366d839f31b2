import { isPromise } from '../../src/maybe-promise.js';
import type { Fetch } from '../../src/runtime.js';
import {
  noKey,
  startGuardedByKeys,
  unavailable,
  type GuardedByKeysOptions,
} from './guarded-by-keys.js';
import { issuerKey, tokenOf } from './published-keys.js';

// A thousand requests take their time on a busy machine.
jest.setTimeout(60_000);

const one = issuerKey('one');
const two = issuerKey('two');
const known = tokenOf(one);
const minute = { 'cache-control': 'max-age=60' };

const start = (options: GuardedByKeysOptions = {}): ReturnType<typeof startGuardedByKeys> =>
  startGuardedByKeys({ keys: [one.jwk], headers: minute, ...options });

describe('with cold keys', () => {
  it('1,000 requests at once make one fetch', async () => {
    const { server, answer } = await start();
    const tokens = Array.from({ length: 50 }, (_, index) => tokenOf(one, `user-${String(index)}`));
    const requests = Array.from({ length: 1000 }, (_, index) => tokens[index % 50] ?? known);
    const answers = await Promise.all(requests.map(answer));
    expect(new Set(answers)).toEqual(new Set(['user']));
    expect(server.fetches).toBe(1);
  });

  it('1,000 requests at once make one fetch while the provider is down, and are told so', async () => {
    const { server, answer, lines } = await start();
    server.misbehave({ status: 503 });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => answer(known)));
    expect(new Set(answers)).toEqual(new Set([unavailable]));
    expect(server.fetches).toBe(1);
    expect(lines).toHaveLength(1);
  });

  it('what needs no key works', async () => {
    const { authenticator, server } = await start({ unauthorizedRole: 'anonymous' });
    server.misbehave({ delivery: { kind: 'hang' } });
    const admin = await authenticator.authenticate({
      headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' },
    });
    const anonymous = await authenticator.authenticate({ headers: {} });
    expect([admin.role, anonymous.role]).toEqual(['admin', 'anonymous']);
    expect(server.fetches).toBe(0);
  });

  it('a token that cannot be read is refused as such, whatever the provider does', async () => {
    const { server, answer } = await start();
    server.misbehave({ delivery: { kind: 'hang' } });
    expect(await answer('no-token')).toMatch(/^401 Could not verify JWT: JWSError/);
    expect(server.fetches).toBe(0);
  });
});

describe('an hour without the provider', () => {
  it('every known token is accepted without waiting, and the fetches are those of the back-off', async () => {
    let begun = 0;
    const counted: Fetch = (url, init) => {
      begun += 1;
      return fetch(url, init);
    };
    const { server, clock, answer, lines, authenticator, over } = await start({ fetch: counted });
    expect(await answer(known)).toBe('user');
    server.misbehave({ status: 503 });
    let waited = 0;
    for (let second = 1; second <= 3600; second++) {
      clock.advance(1000);
      const headers = { authorization: `Bearer ${known}` };
      if (isPromise(authenticator.decide({ headers }))) waited += 1;
      if (second % 60 === 0)
        expect(await answer(tokenOf(one, `user-${String(second)}`))).toBe('user');
      await over(begun); // before time goes on
    }
    expect(waited).toBe(0);
    // One good; ahead of expiry at 48 s; then after 1, 2, 4, 8, 16, 32 s; then once a minute.
    expect(server.fetches).toBe(1 + 1 + 6 + 58);
    expect(lines).toEqual([
      'the key set of URL could not be fetched: the response has the status 503; the last good one stays in use',
    ]);
    server.recover();
    server.rotate(two.jwk);
    clock.advance(60_000);
    expect(await answer(known)).toBe('user');
    await over(server.fetches + 1);
    expect(await answer(tokenOf(two))).toBe('user');
    expect(lines.slice(1)).toEqual(['the key set of URL is fetched again']);
    expect(await answer(known)).toBe(noKey);
  });
});
