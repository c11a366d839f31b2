import { rejected, rejection } from '../thrown.js';
import { issuerKey } from './published-keys.js';
import { found, hint, one, startRemoteKeys, two, warm } from './remote-keys.js';

describe('the keys', () => {
  it('that stay are the same objects, and a set that stays is no new version', async () => {
    const remote = await warm({ keys: [one.jwk, two.jwk] });
    const { version } = remote.keys;
    const [first] = await remote.keys.find(hint('one'));
    const [second] = await remote.keys.find(hint('two'));
    if (first === undefined || second === undefined) throw new Error('there are two keys');
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    expect([remote.server.fetches, remote.keys.version]).toEqual([2, version]);
    remote.server.rotate(issuerKey('three').jwk, two.jwk);
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    expect(remote.keys.version).toBeGreaterThan(version);
    expect([remote.keys.holds(first), remote.keys.holds(second)]).toEqual([false, true]);
    expect((await remote.keys.find(hint('two')))[0]).toBe(second);
  });

  it('tried for one token are 10 at most', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => issuerKey(`k${String(index)}`).jwk);
    const remote = await warm({ keys: [...keys, one.jwk] });
    expect(await found(remote)).toBe(10);
    expect(await found(remote)).toBe(10);
    expect(remote.lines).toEqual([
      expect.stringMatching(/^warn .*13 keys could have signed one token, and 10 are tried/),
    ]);
  });

  it('that are left out are told of once', async () => {
    const remote = await warm({
      keys: [{ ...two.jwk, use: 'enc' }, { ...one.jwk, kid: 'x', use: 'enc' }, one.jwk, 7],
    });
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    expect(remote.server.fetches).toBe(2);
    const about = `warn the key set of ${remote.server.url}:`;
    expect(remote.lines).toEqual([
      `${about} 2 of its keys: not for signatures by its "use", left out (kid "two", "x")`,
      `${about} 1 of its keys: malformed, left out`,
    ]);
  });

  it('are named in a message by the beginnings of five', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => ({ kid: String(index).repeat(100) }));
    const { lines } = await warm({ keys: [...keys, one.jwk] });
    const names = [0, 1, 2, 3, 4].map((index) => `"${String(index).repeat(60)}"`).join(', ');
    expect(lines).toEqual([
      expect.stringContaining(
        `7 of its keys: of a kind that verifies nothing here, left out (kid ${names} …)`,
      ),
    ]);
  });
});

describe('seen from runtime', () => {
  it('each fetch is an event with its origin alone', async () => {
    const remote = await warm();
    remote.server.misbehave({ status: 500 });
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    const origin = new URL(remote.server.url).origin;
    expect(remote.events).toEqual([
      { origin, outcome: 'ok', keys: 1, durationMs: expect.any(Number) },
      { origin, outcome: 'failed', durationMs: expect.any(Number) },
    ]);
  });

  it('credentials of the address are sent as such, and shown nowhere, nor is its query', async () => {
    const withSecrets = ({ url }: { url: string }): string =>
      `${url.replace('//', '//m%C3%ABl:p%40ss%25@')}jwks?apikey=marked-secret`;
    const remote = await startRemoteKeys({ keys: [one.jwk], url: withSecrets });
    await remote.keys.ready();
    const [request] = remote.server.requests;
    expect(request?.url).toBe('/jwks?apikey=marked-secret');
    expect(request?.headers.authorization).toBe(`Basic ${btoa(unescape('m%C3%ABl:p@ss%25'))}`);
    const failing = await startRemoteKeys({ url: withSecrets });
    failing.server.misbehave({ status: 500 });
    const error = await rejection(Promise.resolve(failing.keys.find(hint())));
    const told = [
      ...failing.lines,
      ...failing.events,
      await rejected(failing.keys.ready()),
      error,
      error.cause,
    ];
    const shown = told
      .map((one) => (one instanceof Error ? (one.stack ?? '') : JSON.stringify(one)))
      .join('\n');
    expect(shown).toContain('the response has the status 500');
    expect(shown).not.toMatch(/m%C3%ABl|p%40ss|p@ss|marked-secret/);
  });

  it('a request asks for JSON on a connection of its own, and carries no credentials where there are none', async () => {
    const { server } = await warm();
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/json, application/jwk-set+json', connection: 'close' },
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });
});
