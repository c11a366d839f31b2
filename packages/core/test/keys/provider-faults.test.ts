import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Answer, privatePem, testKey } from '@hasura-auth/testkit';

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

/** A server that nobody trusts: its certificate is its own. */
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

/** Sends every request to wherever the provider is now. */
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
  { name: 'JSON of a great depth', answer: { body: '['.repeat(1_000_000) }, reason: /not JSON/ },
  { name: '10,000 keys', answer: { body: manyKeys }, reason: /more than 1048576 bytes/ },
  { name: 'a TLS error', reason: /[A-Z_]+/ },
];

describe.each(faults)('$name', ({ answer: fault, reason, lasts = 0 }) => {
  it('is bounded, reported once, and the old set is kept', async () => {
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

  it('before the first good set is answered with 503, and ready() says what it is', async () => {
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

it('10,000 keys within maxBytes are read up to the hundredth, and told of once', async () => {
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
