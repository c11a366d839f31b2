import { found, one, two, warm } from './remote-keys.js';

describe('how long a set is fresh', () => {
  it('nothing is fetched again while it is, and a stale one is fetched before it is used', async () => {
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

  it('a refresh begins in its last fifth, and nobody waits for it', async () => {
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
    '%s means a second',
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

  it('a set without a word on it is kept, and only an unknown kid makes a fetch', async () => {
    const remote = await warm({ headers: {} });
    remote.server.rotate(one.jwk, two.jwk);
    remote.clock.advance(1e12);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
    expect(await found(remote, 'two')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('a header that cannot be read is none at the first fetch, and later means a minute', async () => {
    const remote = await warm({ headers: { 'cache-control': 'max-age=soon' } });
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

  it('Expires is compared with the clock that is given', async () => {
    const remote = await warm({ headers: { expires: 'Sun, 22 Nov 2026 12:00:30 GMT' } });
    remote.clock.advance(23_999);
    await found(remote, 'one');
    expect(remote.server.fetches).toBe(1);
    remote.clock.advance(6001);
    await found(remote, 'one');
    expect(remote.server.fetches).toBe(2);
  });

  it('a clock that steps back keeps nothing for longer, and fetches nothing again and again', async () => {
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
