import { found, hint, one, refusedFor, startRemoteKeys, warm } from './remote-keys.js';

describe('after its expiry, a set', () => {
  it('is waited for at most waitMs after the fetch began, then it serves', async () => {
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

  it('is not waited for at all once a refresh has failed', async () => {
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

  it('counts no longer after maxStaleMs', async () => {
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
      'warn the key set of URL could not be fetched: the response has the status 500; the last good one stays in use',
      'error the key set of URL is older than keySets.maxStaleMs allows; tokens are refused with 503 until it is fetched',
      'warn the key set of URL is fetched again',
    ]);
  });
});

describe('a set without any key that can be used', () => {
  it('replaces none that has one', async () => {
    const remote = await warm();
    remote.server.rotate();
    remote.clock.advance(60_000);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(2);
    expect(remote.lines).toEqual([
      expect.stringContaining(
        'could not be fetched: none of its keys can be used; the last good one stays in use',
      ),
    ]);
  });

  it('is taken at its word where there is no other, for a minute', async () => {
    const remote = await startRemoteKeys({ keys: [{ ...one.jwk, use: 'enc' }] });
    expect(await found(remote, 'one')).toBe(0);
    expect(await found(remote)).toBe(0);
    expect(remote.lines.at(-1)).toContain(
      'none of its keys can be used, so that every token is refused',
    );
    await expect(remote.keys.ready()).rejects.toThrow('is not there: none of its keys can be used');
    remote.server.rotate(one.jwk);
    remote.clock.advance(60_000);
    expect(await found(remote)).toBe(1);
    await remote.keys.ready();
  });
});
