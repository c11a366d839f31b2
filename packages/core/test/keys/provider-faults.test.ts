import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { privatePem, startJwksServer, testKey, type Answer } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';

import { isPromise } from '../../src/maybe-promise.js';
import type { Fetch } from '../../src/runtime.js';
import { rejected } from '../thrown.js';
import {
  noKey,
  startGuardedByKeys,
  unavailable,
  type GuardedByKeysOptions,
} from './guarded-by-keys.js';
import { issuerKey, tokenOf } from './published-keys.js';

// Mebibytes take their time on a busy machine.
jest.setTimeout(60_000);

const one = issuerKey('one');
const two = issuerKey('two');
const known = tokenOf(one);
const minute = { 'cache-control': 'max-age=60' };

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server with a certificate that it signed itself. */
async function startUntrusted(): Promise<string> {
  const server = createServer({
    key: privatePem('rsa.pkcs8'),
    cert: testKey('rsa').x509,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  );
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return `https://127.0.0.1:${String(port)}/`;
}

/** A fetch that goes to the provider's present address. */
function movable(): { fetch: Fetch; moveTo(url: string): void } {
  let elsewhere: string | undefined;
  return {
    fetch: (url, init) => fetch(elsewhere ?? url, init),
    moveTo: (url) => {
      elsewhere = url;
    },
  };
}

const start = (options: GuardedByKeysOptions = {}): ReturnType<typeof startGuardedByKeys> =>
  startGuardedByKeys({ keys: [one.jwk], headers: minute, ...options });

interface Fault {
  readonly name: string;
  readonly answer?: Answer;
  readonly reason: RegExp;
  /** How long it takes in virtual time until the fetch is given up. */
  readonly lasts?: number;
  readonly keySets?: GuardedByKeysOptions['keySets'];
}

const body = JSON.stringify({ keys: [two.jwk] });
const manyKeys = JSON.stringify({ keys: Array.from({ length: 10_000 }, () => two.jwk) });
const faults: readonly Fault[] = [
  {
    name: 'a slow-drip body',
    answer: { delivery: { kind: 'drip', everyMs: 5 } },
    reason: /not done within 5000 ms/,
    lasts: 5000,
  },
  {
    name: 'a hung connection',
    answer: { delivery: { kind: 'hang' } },
    reason: /not done within 5000 ms/,
    lasts: 5000,
  },
  {
    name: '10 MiB',
    answer: { body: Buffer.alloc(10 * 1_048_576, ' ') },
    reason: /more than 1048576 bytes/,
  },
  {
    name: '10 MiB without an announcement',
    answer: {
      body: Buffer.alloc(10 * 1_048_576, ' '),
      headers: { 'transfer-encoding': 'chunked' },
    },
    reason: /more than 1048576 bytes/,
  },
  {
    name: 'a redirect',
    answer: { status: 302, headers: { location: '/elsewhere' } },
    reason: /redirect, which is not followed/,
  },
  {
    name: 'a page of another content type',
    answer: { body: '<html></html>', headers: { 'content-type': 'text/html' } },
    reason: /not JSON/,
  },
  { name: 'truncated JSON', answer: { body: body.slice(0, -10) }, reason: /not JSON/ },
  {
    name: 'a body that breaks off',
    answer: { body, delivery: { kind: 'cut', afterBytes: 40 } },
    reason: /broke off/,
  },
  {
    name: 'other JSON',
    answer: { body: '{"error":"marked"}' },
    reason: /neither a key set nor a map/,
  },
  { name: 'no content', answer: { status: 204, body: '' }, reason: /not JSON/ },
  { name: 'an error with a good set in it', answer: { status: 500, body }, reason: /status 500/ },
  {
    name: 'JSON of a great depth',
    answer: { body: '['.repeat(500_000) + ']'.repeat(500_000) },
    reason: /nests them deeper/,
  },
  {
    name: '300,000 empty objects',
    answer: { body: `{"keys":[${Array(300_000).fill('{}').join(',')}]}` },
    reason: /more values/,
  },
  { name: '10,000 keys', answer: { body: manyKeys }, reason: /more than 1048576 bytes/ },
  { name: 'a TLS error', reason: /[A-Z_]+/ },
];

describe.each(faults)('$name', ({ answer: fault, reason, lasts = 0 }) => {
  it('is bounded and logged once, and the old set is kept', async () => {
    const provider = movable();
    const { server, clock, answer, lines, over } = await start({ fetch: provider.fetch });
    expect(await answer(known)).toBe('user');
    if (fault === undefined) provider.moveTo(await startUntrusted());
    else server.misbehave(fault);
    for (let attempt = 1; attempt <= 3; attempt++) {
      clock.advance(60_000);
      const answered = answer(known);
      if (lasts > 0) {
        await server.arrived(1 + attempt);
        clock.advance(500);
        expect(await answered).toBe('user');
        clock.advance(lasts - 500);
      }
      await over(1 + attempt);
      expect(await answered).toBe('user');
      expect(await answer(tokenOf(one, `user-${String(attempt)}`))).toBe('user');
    }
    expect(lines).toEqual([expect.stringMatching(reason)]);
    expect(lines[0]).not.toContain('marked');
    expect(server.fetches).toBe(fault === undefined ? 1 : 4);
  });

  it('before the first good set leads to 503, and ready() rejects with the reason', async () => {
    const provider = movable();
    const { server, clock, answer, authenticator } = await start({ fetch: provider.fetch });
    if (fault === undefined) provider.moveTo(await startUntrusted());
    else server.misbehave(fault);
    const [answered, ready] = [answer(known), rejected(authenticator.ready())];
    if (lasts > 0) {
      await server.arrived(1);
      clock.advance(lasts);
    }
    expect(await answered).toBe(unavailable);
    expect(String(await ready)).toMatch(reason);
  });
});

it('10,000 keys within maxBytes are read up to the hundredth, and logged once', async () => {
  const keySets = { maxBytes: 10 * 1_048_576 };
  const many = Array.from({ length: 10_000 }, (_, index) => ({ ...two.jwk, kid: String(index) }));
  const { clock, server, answer, lines } = await start({ keys: [one.jwk, ...many], keySets });
  expect(await answer(known)).toBe('user');
  expect(await answer(tokenOf(two, 'user-2', '98'))).toBe('user');
  expect(await answer(tokenOf(two, 'user-2', '99'))).toBe(noKey);
  clock.advance(60_000);
  expect(await answer(known)).toBe('user');
  expect(server.fetches).toBe(3);
  expect(lines).toEqual([expect.stringContaining('9901 of its keys: beyond the first 100')]);
});

describe('before the first fetch', () => {
  it('1,000 requests at once make one fetch', async () => {
    const { server, answer } = await start();
    const tokens = Array.from({ length: 50 }, (_, index) => tokenOf(one, `user-${String(index)}`));
    const requests = Array.from({ length: 1000 }, (_, index) => tokens[index % 50] ?? known);
    const answers = await Promise.all(requests.map(answer));
    expect(new Set(answers)).toEqual(new Set(['user']));
    expect(server.fetches).toBe(1);
  });

  it('1,000 requests at once make one fetch while the provider is down, and get 503', async () => {
    const { server, answer, lines } = await start();
    server.misbehave({ status: 503 });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => answer(known)));
    expect(new Set(answers)).toEqual(new Set([unavailable]));
    expect(server.fetches).toBe(1);
    expect(lines).toHaveLength(1);
  });

  it('requests that need no key are accepted', async () => {
    const { authenticator, server } = await start({ unauthorizedRole: 'anonymous' });
    server.misbehave({ delivery: { kind: 'hang' } });
    const admin = await authenticator.authenticate({
      headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' },
    });
    const anonymous = await authenticator.authenticate({ headers: {} });
    expect([admin.role, anonymous.role]).toEqual(['admin', 'anonymous']);
    expect(server.fetches).toBe(0);
  });

  it('a token that cannot be read is rejected for that, whatever the provider does', async () => {
    const { server, answer } = await start();
    server.misbehave({ delivery: { kind: 'hang' } });
    expect(await answer('no-token')).toMatch(/^401 Could not verify JWT: JWSError/);
    expect(server.fetches).toBe(0);
  });
});

describe('an hour without the provider', () => {
  it('delays no known token, and the fetches are those of the back-off', async () => {
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
      'the key set of URL could not be fetched: the response has the status 503; the last good set stays in use',
    ]);
    server.recover();
    server.rotate(two.jwk);
    clock.advance(60_000);
    expect(await answer(known)).toBe('user');
    await over(server.fetches + 1);
    expect(await answer(tokenOf(two))).toBe('user');
    expect(lines.slice(1)).toEqual(['the key set of URL could be fetched again']);
    expect(await answer(known)).toBe(noKey);
  });
});

it('a fetch that ignores its signal is not waited for, and its late response is ignored', async () => {
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
])('a fetch that %s is logged without its message', async (_, broken) => {
  const { answer, lines } = await start({ fetch: broken });
  expect(await answer(known)).toBe(unavailable);
  expect(lines).toEqual([
    'the key set of URL could not be fetched: the connection failed; tokens are rejected with 503 until it is fetched',
  ]);
});

function chain(length: number): Error {
  return new Error('marked', length > 0 ? { cause: chain(length - 1) } : {});
}

it('a clock that fails while a fetch fails harms nothing', async () => {
  const server = await startJwksServer({ keys: [one.jwk], headers: minute });
  open.push(() => server.close());
  const noon = Date.parse('2026-11-22T12:00:00Z');
  let now = noon;
  const authenticator = createAuthenticator({
    adminSecret: 'secret',
    jwtSecret: { jwk_url: server.url },
    logger: { warn: () => undefined, error: () => undefined },
    fetch: (url, init) => {
      if (now === noon) return fetch(url, init);
      now = NaN; // from now on runtime.now throws
      return Promise.reject(new Error('no network'));
    },
    runtime: { now: () => now },
  });
  open.push(() => authenticator.close());
  const headers = { authorization: `Bearer ${known}` };
  expect((await authenticator.authenticate({ headers })).role).toBe('user');
  now += 60_000;
  await expect(authenticator.authenticate({ headers })).rejects.toThrow('runtime.now');
  // An unhandled rejection would fail the run: Node reports it before the next turn of the loop.
  await new Promise(setImmediate);
  now = noon;
  expect((await authenticator.authenticate({ headers })).role).toBe('user');
});

it.each([
  ['null', null, 'something else than an Error was thrown'],
  ['an Error', new Error('no timer'), 'no timer'],
])('an injected setTimeout that throws %s makes fetches fail', async (_, thrown, reason) => {
  const server = await startJwksServer({ keys: [one.jwk] });
  open.push(() => server.close());
  const lines: string[] = [];
  const { ready, close } = createAuthenticator({
    adminSecret: 'secret',
    jwtSecret: { jwk_url: server.url },
    logger: { warn: (line) => lines.push(line), error: (line) => lines.push(line) },
    runtime: {
      setTimeout: () => {
        throw thrown as Error; // or what JavaScript throws instead
      },
    },
  });
  open.push(close);
  await expect(ready()).rejects.toThrow(`is not available: ${reason}`);
  expect(lines.at(-1)).toContain(`could not be fetched: ${reason}`);
});
