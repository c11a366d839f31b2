import { createAuthenticator, isAuthError, type AuthOptions } from '@hasura-auth/core';
import { randomBytes } from 'node:crypto';
import { heapBytes } from './heap.js';
import {
  hostileAlgorithms,
  hostileKey,
  wrongSignatures,
  type HostileAlgorithm,
} from './hostile-tokens.js';
import { verdictOn, type Report } from './report.js';
import type { Effort } from './scenario.js';
import { spreadOf, type Spread } from './spread.js';

type Headers = Readonly<Record<string, string>>;

/** A kind of request without a valid credential. */
interface RequestKind {
  readonly name: string;
  readonly options: AuthOptions;
  /** Makes the headers of one request; each is different. */
  headers(): Headers;
  /** Whether the bound does not apply. */
  readonly unbounded?: true;
}

/** The most CPU that one request without a valid credential may take, in milliseconds. */
const mostMs = 3;

const quiet = {
  adminSecret: 'the-secret-of-the-benchmark',
  logger: { warn: () => undefined, error: () => undefined },
} satisfies AuthOptions;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
/** Returns random base64url of a length. */
const garbage = (length: number): string =>
  randomBytes(length).toString('base64url').slice(0, length);

/** Returns a function that gives the results of the makers in turn. */
function inTurn<T>(makers: readonly (() => T)[]): () => T {
  let turn = 0;
  return () => {
    const make = makers[turn++ % makers.length];
    if (make === undefined) throw new Error('an empty list');
    return make();
  };
}

const tokenLength = 16_000;
const hs256Header = base64url('{"alg":"HS256","typ":"JWT"}');

const malformedHeaders = inTurn<Headers>([
  () => ({ authorization: garbage(40) }),
  () => ({ authorization: `Basic ${garbage(40)}` }),
  () => ({ authorization: `Bearer  ${garbage(40)} ${garbage(40)}` }),
  () => ({ authorization: `Bearer ${' '.repeat(8000)}` }),
  () => ({ authorization: 'Bearer', 'x-hasura-role': garbage(4000) }),
  () => ({ 'x-hasura-admin-secret': garbage(tokenLength) }),
  () => Object.fromEntries(Array.from({ length: 500 }, () => [`x-hasura-${garbage(9)}`, 'x'])),
]);

const garbageTokens = inTurn([
  () => [36, tokenLength - 80, 43].map(garbage).join('.'),
  () => garbage(tokenLength),
  () => '.'.repeat(tokenLength),
  () =>
    randomBytes(tokenLength)
      .toString('latin1')
      .replaceAll(/[^!-~]/g, '~'),
  () => `${hs256Header}.${garbage(tokenLength - 80)}.${garbage(43)}`,
  () => `${garbage(tokenLength - 80)}.${base64url('{}')}.${garbage(43)}`,
]);

/** Tokens whose payload is as deep as fits; the first two are JSON, the others end too early. */
const deepTokens = inTurn(
  [
    ['[', ']'],
    ['{"a":', '}'],
    ['[', ''],
    ['{"iss":', ''],
  ].map(([open = '', close = '']) => () => {
    const depth = Math.floor((tokenLength * 0.74 - 100) / (open.length + close.length));
    const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
    return `${hs256Header}.${base64url(`{"iss":${deep}}`)}.${garbage(43)}`;
  }),
);

const ambiguousCookies = inTurn<Headers>([
  () => ({ cookie: Array.from({ length: 800 }, () => `session=${garbage(10)}`).join('; ') }),
  () => ({ cookie: `session=${garbage(8000)}; session=${garbage(7900)}` }),
  () => ({ cookie: ';'.repeat(tokenLength) }),
  () => ({ cookie: `session="${garbage(40)}; session=${'%'.repeat(8000)}` }),
]);

/** Tokens that are right but for their signature, which belongs to another text. */
function wrongSignature(alg: HostileAlgorithm): RequestKind {
  const key = hostileKey(alg);
  const token = wrongSignatures(key);
  return {
    name: `a wrong ${alg} signature`,
    options: { ...quiet, jwtSecret: key.jwtSecret },
    headers: () => bearer(token()),
  };
}

/** The same without a `kid`, where a key set has ten keys for the algorithm. */
function tenKeys(alg: 'RS256' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'): RequestKind {
  const keys = Array.from({ length: 10 }, () => hostileKey(alg));
  const token = wrongSignatures(keys[0] ?? hostileKey(alg));
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  return {
    name: `a wrong ${alg} signature, no \`kid\`, 10 keys`,
    options: {
      ...quiet,
      jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
      fetch: () =>
        Promise.resolve(new Response(body, { headers: { 'cache-control': 'max-age=86400' } })),
    },
    headers: () => bearer(token()),
    ...(alg === 'ES512' && { unbounded: true }),
  };
}

function kinds(): readonly RequestKind[] {
  const { jwtSecret } = hostileKey('HS256');
  const options: AuthOptions = { ...quiet, jwtSecret };
  const cookieOptions: AuthOptions = {
    ...quiet,
    jwtSecret: { ...jwtSecret, header: { type: 'Cookie', name: 'session' } },
  };
  const unsigned = (): string =>
    `${base64url('{"alg":"none"}')}.${base64url(`{"a":"${garbage(9)}"}`)}.`;
  return [
    { name: 'no credential', options, headers: () => ({ accept: '*/*' }) },
    { name: 'malformed headers', options, headers: malformedHeaders },
    { name: 'a garbage token of 16 KB', options, headers: () => bearer(garbageTokens()) },
    { name: 'a token with `alg` `none`', options, headers: () => bearer(unsigned()) },
    { name: 'a token of deep JSON', options, headers: () => bearer(deepTokens()) },
    { name: 'ambiguous cookies', options: cookieOptions, headers: ambiguousCookies },
    ...hostileAlgorithms.map(wrongSignature),
    ...(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const).map(tenKeys),
  ];
}

interface Measured {
  readonly kind: RequestKind;
  readonly ms: Spread;
  readonly bytes: number;
}

/** Sends the requests of one kind; throws if one is accepted. */
async function measure(kind: RequestKind, { quick, rounds }: Effort): Promise<Measured> {
  const { authenticate } = createAuthenticator(kind.options);
  const inRound = quick ? 4 : 20;
  const round = async (): Promise<number> => {
    const requests = Array.from({ length: inRound }, () => ({ headers: kind.headers() }));
    const before = process.cpuUsage();
    for (const request of requests)
      try {
        await authenticate(request);
        throw new Error(`${kind.name} was accepted`);
      } catch (error) {
        if (!isAuthError(error)) throw error;
      }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / inRound;
  };
  for (let count = quick ? 1 : 3; count > 0; count--) await round(); // fetches key sets and warms up
  const heapBefore = await heapBytes();
  const milliseconds: number[] = [];
  for (let count = 0; count < rounds; count++) milliseconds.push(await round());
  const kept = Math.max(0, (await heapBytes()) - heapBefore);
  await authenticate({ headers: {} }).catch(() => undefined); // keeps the authenticator reachable
  return { kind, ms: spreadOf(milliseconds), bytes: kept / (inRound * rounds) };
}

/** Measures requests without a valid credential. */
export async function hostileRequests(report: Report, effort: Effort): Promise<void> {
  const all: Measured[] = [];
  for (const kind of kinds()) all.push(await measure(kind, effort));
  report.table(
    ['Request', 'ms of CPU', 'bytes kept', `≤ ${String(mostMs)} ms`],
    all.map(({ kind, ms, bytes }) => [
      kind.name,
      ms,
      bytes.toFixed(0),
      kind.unbounded === true ? 'no bound' : verdictOn(ms, mostMs),
    ]),
  );
  const [worst] = all
    .filter(({ kind }) => kind.unbounded !== true)
    .sort((one, other) => other.ms.median - one.ms.median);
  if (worst !== undefined)
    report.accept(`ms of CPU, the costliest request (${worst.kind.name})`, worst.ms, mostMs);
}
