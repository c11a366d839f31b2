import { createAuthenticator } from '@hasura-auth/core';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newKeyPair, type KeyKind } from './key-pair.js';
import { verdictOn, type Report } from './report.js';
import type { Effort } from './scenario.js';
import { spreadOf, type Spread } from './spread.js';
import { benchKey, mintTokens } from './tokens.js';

/** The most CPU in milliseconds that a hostile key set may take in one turn of the event loop, and in all. */
const mostBlockMs = 50;
const mostTotalMs = 500;

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** Makes a key set of a size from entries that are made one by one. */
function keySetOf(bytes: number, entry: (index: number) => string): string {
  const entries: string[] = [];
  let length = '{"keys":[]}'.length;
  for (;;) {
    const text = entry(entries.length);
    length += text.length + 1;
    if (length > bytes) return `{"keys":[${entries.join(',')}]}`;
    entries.push(text);
  }
}

function publicJwk(kind: KeyKind): object {
  return newKeyPair(kind).publicKey.export({ format: 'jwk' });
}

/** The same key again and again, each time under another `kid`. */
const repeated =
  (key: object) =>
  (bytes: number): string =>
    keySetOf(bytes, (index) => JSON.stringify({ ...key, kid: String(index) }));

/** The answers of a hostile key set endpoint, by kind; each gets a size in bytes. */
const answers: Readonly<Record<string, (bytes: number) => string>> = {
  'good P-521 keys': repeated(publicJwk('P-521')),
  'P-521 keys with the `alg` of another curve': repeated({ ...publicJwk('P-521'), alg: 'ES256' }),
  'P-384 keys with an RSA `alg`': repeated({ ...publicJwk('P-384'), alg: 'RS256' }),
  'P-521 points that are not on the curve': (bytes) =>
    keySetOf(bytes, () =>
      JSON.stringify({ kty: 'EC', crv: 'P-521', x: `AA${random(64)}`, y: `AA${random(64)}` }),
    ),
  'P-521 coordinates that are not base64url': (bytes) =>
    keySetOf(bytes, (index) =>
      JSON.stringify({ kty: 'EC', crv: 'P-521', x: '!'.repeat(88), y: String(index) }),
    ),
  'RSA keys of 512 bits': repeated(publicJwk(512)),
  'RSA keys with an ECDSA `alg`': repeated({ ...publicJwk(2048), alg: 'ES256' }),
  'RSA keys with the exponent 1': repeated({ ...publicJwk(1024), e: 'AQ' }),
  'one RSA modulus of the whole size': (bytes) =>
    JSON.stringify({ keys: [{ kty: 'RSA', e: 'AQAB', n: random(Math.floor(bytes * 0.74)) }] }),
  'RSA moduli of 8192 bits': (bytes) =>
    keySetOf(bytes, () => JSON.stringify({ kty: 'RSA', e: 'AQAB', n: `_${random(1023)}` })),
  'Ed25519 keys': (bytes) =>
    keySetOf(bytes, () => JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: random(32) })),
  'Ed25519 keys of a wrong length': (bytes) =>
    keySetOf(bytes, () => JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: random(31) })),
  'empty objects': (bytes) => keySetOf(bytes, () => '{}'),
  'deep lists in place of a modulus': (bytes) => {
    const depth = Math.floor(bytes / 2) - 60;
    return `{"keys":[{"kty":"RSA","e":"AQAB","n":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;
  },
  'deep lists': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'certificates of garbage': (bytes) =>
    JSON.stringify(
      Object.fromEntries(
        Array.from({ length: Math.floor(bytes / 240) }, (_, index) => [
          `kid-${String(index)}`,
          `-----BEGIN CERTIFICATE-----\n${randomBytes(120).toString('base64')}\n-----END CERTIFICATE-----`,
        ]),
      ),
    ),
};

interface KeySetCost {
  /**
   * The longest time in milliseconds between two runs of a timer, which runs in each turn of the event loop; in wall-clock
   * or CPU time, whichever is less. Other processes add to the first, V8's helper threads to the second.
   */
  readonly longestMs: number;
  /** CPU time in milliseconds. */
  readonly totalMs: number;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Lets a token with an unknown `kid` load the key set, and measures until the process is idle. */
async function loadOnce(body: string, token: string): Promise<KeySetCost> {
  const { authenticate } = createAuthenticator({
    adminSecret: 'the-secret-of-the-benchmark',
    jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
    fetch: () => Promise.resolve(new Response(body)),
    logger: { warn: () => undefined, error: () => undefined },
  });
  const began = cpuMs();
  let last = began;
  let lastRun = performance.now();
  let longestMs = 0;
  let idleTurns = 0;
  const timer = setInterval(() => {
    const spent = cpuMs() - last;
    last += spent;
    const now = performance.now();
    longestMs = Math.max(longestMs, Math.min(spent, now - lastRun));
    lastRun = now;
    idleTurns = spent < 0.5 ? idleTurns + 1 : 0;
  }, 1);
  await authenticate({ headers: { authorization: `Bearer ${token}` } }).then(
    () => {
      throw new Error('a token that no key signed was accepted');
    },
    () => undefined,
  );
  while (idleTurns < 50) await delay(5); // keys may still be imported after the request was refused
  clearInterval(timer);
  return { longestMs, totalMs: last - began };
}

/** Measures key sets of 1 MiB from a hostile endpoint. */
export async function hostileKeySets(report: Report, { quick }: Effort): Promise<void> {
  const [token = ''] = mintTokens(benchKey('RS256'), 1);
  const all: { name: string; longest: Spread; total: Spread }[] = [];
  for (const [name, answer] of Object.entries(answers)) {
    const body = answer(quick ? 16_384 : 1_048_576);
    const costs: KeySetCost[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) costs.push(await loadOnce(body, token));
    all.push({
      name,
      longest: spreadOf(costs.map(({ longestMs }) => longestMs)),
      total: spreadOf(costs.map(({ totalMs }) => totalMs)),
    });
  }
  report.table(
    [
      'Key set of 1 MiB',
      'longest block, ms',
      `≤ ${String(mostBlockMs)} ms`,
      'ms of CPU in all',
      `≤ ${String(mostTotalMs)} ms`,
    ],
    all.map(({ name, longest, total }) => [
      name,
      longest,
      verdictOn(longest, mostBlockMs),
      total,
      verdictOn(total, mostTotalMs),
    ]),
  );
  const worst = (which: 'longest' | 'total'): { name: string; spread: Spread } =>
    all
      .map((one) => ({ name: one.name, spread: one[which] }))
      .reduce((one, other) => (other.spread.median > one.spread.median ? other : one));
  for (const [which, what, most] of [
    ['longest', 'ms that a key set of 1 MiB blocks the event loop at a time', mostBlockMs],
    ['total', 'ms of CPU that a key set of 1 MiB takes in all', mostTotalMs],
  ] as const) {
    const { name, spread } = worst(which);
    report.accept(`${what}, the costliest (${name})`, spread, most);
  }
}
