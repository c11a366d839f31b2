import { rejected, rejection } from '../thrown.js';
import { found, hint, minute, one, refusedFor, startRemoteKeys, warm } from './remote-keys.js';

describe('before the first fetch', () => {
  it('nothing is fetched until a key is needed', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    expect(remote.keys.refresh()).toBeUndefined();
    expect(remote.server.fetches).toBe(0);
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(1);
  });

  it('a request waits for waitMs and no longer, and the fetch goes on for those that come later', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ delivery: { kind: 'held' } });
    const refused = refusedFor(remote);
    await remote.server.arrived(1);
    remote.clock.advance(499);
    const later = remote.keys.find(hint('one'));
    remote.clock.advance(1);
    expect(await refused).toBe('1');
    remote.server.release();
    expect(await later).toHaveLength(1);
    expect(remote.server.fetches).toBe(1);
  });

  it('a failure is answered with 503 and when to come again, and is tried again after 1, 2, 4 … 60 s', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ status: 503 });
    const waits: (string | undefined)[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      waits.push(await refusedFor(remote));
      expect(remote.server.fetches).toBe(attempt);
      expect(await refusedFor(remote)).toBe(waits.at(-1));
      remote.clock.advance(Number(waits.at(-1)) * 1000 - 1);
      expect(await refusedFor(remote)).toBe('1');
      expect(remote.server.fetches).toBe(attempt);
      remote.clock.advance(1);
    }
    expect(waits).toEqual(['1', '2', '4', '8', '16', '32', '60', '60']);
    remote.server.recover();
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.lines).toEqual([
      `error the key set of ${remote.server.url} could not be fetched: the response has the status 503; tokens are refused with 503 until it is there`,
      `warn the key set of ${remote.server.url} is fetched again`,
    ]);
  });

  it('a refusal carries what went wrong for the log of the app', async () => {
    const remote = await startRemoteKeys();
    remote.server.misbehave({ body: '<html>' });
    const error = await rejection(Promise.resolve(remote.keys.find(hint('one'))));
    expect(String(error.cause)).toBe('Error: the response is not JSON');
  });
});

describe('ready()', () => {
  it('fetches the set once, and resolves at once when it is there', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk], headers: minute });
    await Promise.all([remote.keys.ready(), remote.keys.ready(), remote.keys.find(hint('one'))]);
    remote.clock.advance(1e9);
    remote.server.misbehave({ status: 500 });
    await remote.keys.ready();
    expect(remote.server.fetches).toBe(1);
  });

  it('rejects with what failed, and may be asked again', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ status: 404 });
    await expect(remote.keys.ready()).rejects.toThrow(
      `the key set of ${remote.server.url} is not there: the response has the status 404`,
    );
    remote.server.recover();
    await remote.keys.ready();
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('fetches again where the set has ended', async () => {
    const remote = await warm({ bounds: { maxStaleMs: 0 } });
    remote.clock.advance(60_000);
    await remote.keys.ready();
    expect(remote.server.fetches).toBe(2);
  });

  it('waits for as long as the fetch may take', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ delivery: { kind: 'held' } });
    const ready = remote.keys.ready();
    await remote.server.arrived(1);
    remote.clock.advance(4999);
    remote.server.release();
    await ready;
  });
});

describe('close()', () => {
  it('ends the fetch under way, and no other begins', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ delivery: { kind: 'hang' } });
    const ready = rejected(remote.keys.ready());
    const refused = refusedFor(remote);
    await remote.server.arrived(1);
    remote.keys.close();
    expect(String(await ready)).toContain('is not there: the authenticator was closed');
    expect(await refused).toBe('1');
    await expect(remote.keys.ready()).rejects.toThrow('the authenticator was closed');
    expect(remote.server.fetches).toBe(1);
    expect(remote.lines).toEqual([]);
  });

  it('is nothing where nothing is under way, and the set serves on', async () => {
    const remote = await warm();
    remote.keys.close();
    expect(await found(remote, 'one')).toBe(1);
  });
});
