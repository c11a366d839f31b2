import { testKey } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { SetTimeout } from '../../src/runtime.js';
import { rejected, rejection } from '../thrown.js';
import { issuerKey } from './published-keys.js';
import { found, hint, minute, one, refusedFor, startRemoteKeys, two, warm } from './remote-keys.js';

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

  it('a failure gives 503 with Retry-After, and is tried again after 1, 2, 4 … 60 s', async () => {
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
      `error the key set of ${remote.server.url} could not be fetched: the response has the status 503; tokens are rejected with 503 until it is fetched`,
      `warn the key set of ${remote.server.url} could be fetched again`,
    ]);
  });

  it('the error has the reason as its cause, for the log of the app', async () => {
    const remote = await startRemoteKeys();
    remote.server.misbehave({ body: '<html>' });
    const error = await rejection(Promise.resolve(remote.keys.find(hint('one'))));
    expect(String(error.cause)).toBe('Error: the response is not JSON');
  });
});

describe('ready()', () => {
  it('fetches the set once, and resolves at once when the set is available', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk], headers: minute });
    await Promise.all([remote.keys.ready(), remote.keys.ready(), remote.keys.find(hint('one'))]);
    remote.clock.advance(1e9);
    remote.server.misbehave({ status: 500 });
    await remote.keys.ready();
    expect(remote.server.fetches).toBe(1);
  });

  it('rejects with what failed, and may be called again', async () => {
    const remote = await startRemoteKeys({ keys: [one.jwk] });
    remote.server.misbehave({ status: 404 });
    await expect(remote.keys.ready()).rejects.toThrow(
      `the key set of ${remote.server.url} is not available: the response has the status 404`,
    );
    remote.server.recover();
    await remote.keys.ready();
    expect(await found(remote, 'one')).toBe(1);
    expect(remote.server.fetches).toBe(2);
  });

  it('fetches again if the set has ended', async () => {
    const remote = await warm({ bounds: { maxStaleMs: 0 } });
    remote.clock.advance(60_000);
    await remote.keys.ready();
    expect(remote.server.fetches).toBe(2);
  });

  it('waits for the import of the keys, and close() ends it before the set is in use', async () => {
    const beside = { ...one.jwk, y: one.jwk.x };
    const many = Array.from({ length: 50 }, () => beside);
    const remote = await startRemoteKeys({ keys: [...many, one.jwk] });
    await remote.keys.ready();
    expect(await found(remote, 'one')).toBe(1);
    const closing = await startRemoteKeys({
      keys: [...many, one.jwk],
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const text = response.text.bind(response);
        // Closed right after the last byte, so while the keys are being imported.
        response.text = async () => {
          const body = await text();
          setImmediate(() => {
            closing.keys.close();
          });
          return body;
        };
        return response;
      },
    });
    await expect(closing.keys.ready()).rejects.toThrow('the authenticator was closed');
    expect(closing.keys.version).toBe(0);
    expect(closing.lines).toEqual([]);
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
    expect(String(await ready)).toContain('is not available: the authenticator was closed');
    expect(await refused).toBe('1');
    await expect(remote.keys.ready()).rejects.toThrow('the authenticator was closed');
    expect(remote.server.fetches).toBe(1);
    expect(remote.lines).toEqual([]);
  });

  it('changes nothing if nothing is under way: the set stays in use', async () => {
    const remote = await warm();
    remote.keys.close();
    expect(await found(remote, 'one')).toBe(1);
  });
});

describe('the keys of a set', () => {
  it('are the same objects as long as they stay, and a set that stays is no new version', async () => {
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

  const twelve = Array.from({ length: 12 }, (_, index) => issuerKey(`k${String(index)}`).jwk);

  it('are tried up to 10 for one token, with a warning', async () => {
    const remote = await warm({
      keys: [one.jwk, ...twelve.map((jwk) => ({ ...jwk, kid: 'same' }))],
    });
    expect(await found(remote, 'same')).toBe(10);
    expect(await found(remote, 'same')).toBe(10);
    expect(remote.lines).toEqual([
      expect.stringMatching(
        /^warn .*12 keys could have signed one token, and the first 10 are tried/,
      ),
    ]);
  });

  it('are tried up to 3 for a token without kid if every key has one, with a warning', async () => {
    const remote = await warm({ keys: [...twelve, one.jwk] });
    expect(await found(remote)).toBe(3);
    expect(remote.lines).toEqual([
      expect.stringMatching(
        /^warn .*13 keys could have signed one token, and the first 3 are tried/,
      ),
    ]);
    const unnamed = await startRemoteKeys({
      keys: [...twelve, one.jwk, { ...two.jwk, kid: undefined }],
    });
    expect(await found(unnamed)).toBe(10);
    const three = await warm({ keys: [one.jwk, two.jwk, ...twelve.slice(0, 1)] });
    expect(await found(three)).toBe(3);
    expect(three.lines).toEqual([]);
  });

  it('are tried whatever their kid and alg, up to 10, if match is any', async () => {
    const keys = [one.jwk, { ...two.jwk, alg: 'ES256' }, ...twelve];
    const remote = await startRemoteKeys({ keys, bounds: { match: 'any' } });
    const [own] = await remote.keys.find(hint('two'));
    expect((await remote.keys.find(hint('k11')))[0]).not.toBe(own);
    expect(await found(remote, 'two')).toBe(10);
    expect(await found(remote, 'unknown')).toBe(10);
    expect(await found(remote)).toBe(10);
    expect(remote.server.fetches).toBe(1);
    expect(await remote.keys.find({ alg: 'RS256', kid: 'one' })).toEqual([]);
  });

  it('are refused under minRsaBits', async () => {
    const weak = { ...testKey('rsa-1024').publicJwk, kid: 'weak' };
    const remote = await warm({ keys: [weak, one.jwk], bounds: { minRsaBits: 2048 } });
    expect(await remote.keys.find({ alg: 'RS256', kid: 'weak' })).toEqual([]);
    expect(remote.lines).toEqual([expect.stringContaining('shorter than minRsaBits allows')]);
  });

  it('are logged once if they are ignored', async () => {
    const remote = await warm({
      keys: [{ ...two.jwk, use: 'enc' }, { ...one.jwk, kid: 'x', use: 'enc' }, one.jwk, 7],
    });
    remote.clock.advance(60_000);
    await remote.keys.refresh();
    expect(remote.server.fetches).toBe(2);
    const about = `warn the key set of ${remote.server.url}:`;
    expect(remote.lines).toEqual([
      `${about} 2 of its keys: not for signatures by its "use", ignored (kid "two", "x")`,
      `${about} 1 of its keys: malformed, ignored`,
    ]);
  });

  it('are named in a message by the first characters of five kids', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => ({ kid: String(index).repeat(100) }));
    const { lines } = await warm({ keys: [...keys, one.jwk] });
    const names = [0, 1, 2, 3, 4].map((index) => `"${String(index).repeat(60)}"`).join(', ');
    expect(lines).toEqual([
      expect.stringContaining(
        `7 of its keys: of a kind that no supported algorithm uses, ignored (kid ${names} …)`,
      ),
    ]);
  });
});

describe('a fetch', () => {
  it('is published as an event with its origin alone', async () => {
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

  it('sends the credentials of the address, and logs neither them nor the query', async () => {
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
    const shownTo = [
      ...failing.lines,
      ...failing.events,
      await rejected(failing.keys.ready()),
      error,
      error.cause,
    ];
    const shown = shownTo
      .map((one) => (one instanceof Error ? (one.stack ?? '') : JSON.stringify(one)))
      .join('\n');
    expect(shown).toContain('the response has the status 500');
    expect(shown).not.toMatch(/m%C3%ABl|p%40ss|p@ss|marked-secret/);
  });

  it('asks for JSON on a connection of its own, without credentials if the address has none', async () => {
    const { server } = await warm();
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/json, application/jwk-set+json', connection: 'close' },
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });
});

it('to read a set may take no longer than to fetch it', async () => {
  const keys = Array.from({ length: 200 }, (_, at) => ({ ...one.jwk, kid: `key-${String(at)}` }));
  let timers = 0;
  // The second one bounds the reading: its time is up in the next turn, in which the keys are not all imported.
  const setTimeout: SetTimeout = (run, ms) =>
    globalThis.setTimeout(run, ++timers === 2 ? 0 : ms).unref();
  const authenticator = createAuthenticator({
    adminSecret: false,
    jwtSecret: { jwk_url: 'https://id.example/jwks', audience: 'my-api' },
    fetch: async () => Response.json({ keys }),
    logger: { warn: () => undefined, error: () => undefined },
    runtime: { setTimeout },
  });
  await expect(authenticator.ready()).rejects.toThrow('not done within 5000 ms');
  await authenticator.ready(); // the next fetch has its own time
  await authenticator.close();
});
