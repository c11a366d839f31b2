import { found, hint, one, refusedFor, startRemoteKeys, two, warm } from './remote-keys.js';

describe('how long a set is fresh', () => {
  it('a fresh set is not fetched again, and a stale one is fetched before it is used', async () => {
    const remote = await warm();
    remote.server.rotate(two.jwk);
    remote.clock.advance(47_999);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    remote.clock.advance(12_001);
    expect(await found(remote, 'one')).toBe(0);
    expect(await found(remote, 'two')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('a refresh begins in the last fifth of the lifetime, and no request waits for it', async () => {
    const remote = await warm();
    remote.server.rotate(two.jwk);
    remote.clock.advance(48_000);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.keys.refresh()).toBeUndefined();
    expect(await found(remote, 'one')).toBe(1);
    await remote.over(2);
    expect(await found(remote, 'two')).toBe(1);
    remote.clock.advance(47_999);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.server.fetches).toBe(2);
  });

  it('a refresh of a long-lived set begins a minute ahead', async () => {
    const remote = await warm({ headers: { 'cache-control': 'max-age=86400' } });
    remote.clock.advance(86_400_000 - 60_001);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.server.fetches).toBe(1);
    remote.clock.advance(1);
    expect(remote.keys.refresh()).toBeUndefined();
    await remote.over(2);
  });

  it.each([['no-store'], ['no-cache'], ['max-age=0'], ['must-revalidate']])(
    'with %s a set is fresh for a second',
    async (header) => {
      const remote = await warm({ headers: { 'cache-control': header } });
      remote.clock.advance(799);
      for (let count = 0; count < 100; count++) expect(await found(remote, 'one')).toBe(1);
      expect(remote.server.fetches).toBe(1);
      remote.clock.advance(201);
      for (let count = 0; count < 100; count++) expect(await found(remote, 'one')).toBe(1);
      expect(remote.server.fetches).toBe(2);
    },
  );

  it('without a header a set is fresh for maxAgeMs, so that a withdrawn key ends', async () => {
    const remote = await warm({ headers: {} });
    remote.server.rotate(two.jwk);
    remote.clock.advance(3_600_000 - 60_001);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    remote.clock.advance(60_001);
    expect(await found(remote, 'one')).toBe(0);
    expect(await found(remote, 'two')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('without a header a set is fresh for ever if maxAgeMs is Infinity, and only an unknown kid makes a fetch', async () => {
    const remote = await warm({ headers: {}, bounds: { maxAgeMs: Infinity } });
    remote.server.rotate(one.jwk, two.jwk);
    remote.clock.advance(1e12);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    expect(await found(remote, 'two')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('with a header maxAgeMs decides nothing', async () => {
    const remote = await warm({ bounds: { maxAgeMs: 1000 } });
    remote.clock.advance(47_999);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
  });

  it('a header that cannot be read is ignored at the first fetch, and later means a minute', async () => {
    const remote = await warm({
      headers: { 'cache-control': 'max-age=soon' },
      bounds: { maxAgeMs: 1e13 },
    });
    remote.clock.advance(1e12);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    expect(await found(remote, 'unknown')).toBe(0);
    expect(remote.server.fetches).toBe(2);
    remote.clock.advance(47_999);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(2);
    remote.clock.advance(12_001);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(3);
  });

  it('Expires is compared with the injected clock', async () => {
    const remote = await warm({ headers: { expires: 'Sun, 22 Nov 2026 12:00:30 GMT' } });
    remote.clock.advance(23_999);
    await found(remote, 'one');
    expect(remote.server.fetches).toBe(1);
    remote.clock.advance(6001);
    await found(remote, 'one');
    expect(remote.server.fetches).toBe(2);
  });

  it('a clock that steps back makes no set fresh for longer, and no more fetches', async () => {
    const remote = await warm();
    remote.clock.advance(30_000);
    expect(await found(remote, 'one')).toBe(1);
    remote.clock.set(Date.parse('2020-01-01T00:00:00Z'));
    for (let count = 0; count < 100; count++) expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    remote.server.rotate(two.jwk);
    remote.clock.advance(30_000);
    expect(await found(remote, 'one')).toBe(0);
    expect(remote.server.fetches).toBe(2);
  });
});

describe('a stale set', () => {
  it('is used once a request has waited for waitMs since the fetch began', async () => {
    const remote = await warm();
    remote.server.misbehave({ delivery: { kind: 'held' } });
    remote.clock.advance(60_000);
    const first = remote.keys.refresh();
    expect(first).toBeInstanceOf(Promise);
    remote.clock.advance(400);
    const second = remote.keys.refresh();
    expect(second).toBeInstanceOf(Promise);
    await remote.server.arrived(2);
    remote.clock.advance(100);
    await Promise.all([first, second]);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(await found(remote, 'one')).toBe(1);
    remote.server.release();
    await remote.over(2);
    expect(remote.server.fetches).toBe(2);
  });

  it('is used at once after a refresh has failed', async () => {
    const remote = await warm();
    remote.server.misbehave({ status: 500 });
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    expect(remote.keys.refresh()).toBeUndefined();
    remote.clock.advance(1000);
    expect(remote.keys.refresh()).toBeUndefined(); // and begins the second attempt
    await remote.over(3);
    expect(await found(remote, 'one')).toBe(1);
    remote.server.recover();
    remote.clock.advance(2000);
    expect(remote.keys.refresh()).toBeUndefined();
    await remote.over(4);
    remote.clock.advance(47_999);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.server.fetches).toBe(4);
  });

  it('is used for maxStaleMs and no longer', async () => {
    const remote = await warm({ bounds: { maxStaleMs: 10_000 } });
    const [key] = await remote.keys.find(hint('one'));
    if (key === undefined) throw new Error('there is a key');
    remote.server.misbehave({ status: 500 });
    remote.clock.advance(69_999);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.keys.holds(key)).toBe(true);
    const { version } = remote.keys;
    remote.clock.advance(1);
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.keys.holds(key)).toBe(false);
    expect(remote.keys.version).toBeGreaterThan(version);
    expect(await refusedFor(remote)).toBe('1');
    expect(await refusedFor(remote, 'unknown')).toBe('1');
    remote.server.recover();
    remote.clock.advance(1000);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.keys.holds(key)).toBe(true);
    expect(remote.lines.map((line) => line.replace(remote.server.url, 'URL'))).toEqual([
      'warn the key set of URL could not be fetched: the response has the status 500; the last good set stays in use',
      'error the key set of URL is older than keySets.maxStaleMs allows; tokens are rejected with 503 until it is fetched',
      'warn the key set of URL could be fetched again',
    ]);
  });
});

describe('a set without any key that can be used', () => {
  it('does not replace a set that has one', async () => {
    const remote = await warm();
    remote.server.rotate();
    remote.clock.advance(60_000);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(2);
    expect(remote.lines).toEqual([
      expect.stringContaining(
        'could not be fetched: none of its keys can be used; the last good set stays in use',
      ),
    ]);
  });

  it('replaces it if the provider goes on publishing it for five minutes', async () => {
    const remote = await warm();
    const [key] = await remote.keys.find(hint('one'));
    remote.server.rotate();
    // the first such response is that of the first minute, and the last one that of the sixth
    for (let minute = 1; minute <= 6; minute++) {
      remote.clock.advance(60_000);
      expect(await found(remote, 'one')).toBe(1); // no request waits during the back-off
      await remote.over(1 + minute);
    }
    expect(await found(remote, 'one')).toBe(0);
    expect(key && remote.keys.holds(key)).toBe(false);
    expect(remote.lines.at(-2)).toContain('so that every token is rejected');
    remote.server.rotate(one.jwk);
    remote.clock.advance(60_000);
    expect(await found(remote, 'one')).toBe(1);
  });

  it('is a failed fetch again if there were keys in between', async () => {
    const remote = await warm();
    for (let round = 0; round < 3; round++) {
      for (let minute = 0; minute < 4; minute++) {
        remote.server.rotate();
        remote.clock.advance(60_000);
        expect(await found(remote, 'one')).toBe(1);
      }
      remote.server.rotate(one.jwk);
      remote.clock.advance(60_000);
      expect(await found(remote, 'one')).toBe(1);
    }
  });

  it('is in use for a minute if there is no other', async () => {
    const remote = await startRemoteKeys({ keys: [{ ...one.jwk, use: 'enc' }] });
    expect(await found(remote, 'one')).toBe(0);
    expect(await found(remote)).toBe(0);
    expect(remote.lines.at(-1)).toContain(
      'none of its keys can be used, so that every token is rejected',
    );
    await expect(remote.keys.ready()).rejects.toThrow(
      'is not available: none of its keys can be used',
    );
    remote.server.rotate(one.jwk);
    remote.clock.advance(60_000);
    expect(await found(remote)).toBe(1);
    await remote.keys.ready();
  });
});
