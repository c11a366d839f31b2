import {
  benchPayload,
  benchRequest,
  mintTokens,
  signToken,
  type BenchKey,
  type BenchRequest,
} from './tokens.js';

/** Whether a contender lets a token pass. */
export type Accepts = (token: string) => boolean | Promise<boolean>;

/** What a contender must tell apart before it may be measured. */
export interface TestTokens {
  readonly good: string;
  readonly bad: Readonly<Record<'tampered' | 'expired' | 'none', string>>;
}

/** One good token and three that must be refused. */
export function testTokens(key: BenchKey): TestTokens {
  const [good = ''] = mintTokens(key, 1, 900_000);
  const [header = '', , signature = ''] = good.split('.');
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const admin = encode(benchPayload(1, now));
  return {
    good,
    bad: {
      tampered: `${header}.${admin}.${signature}`,
      expired: signToken(key, { ...benchPayload(2, now), iat: now - 7200, exp: now - 3600 }),
      none: `${encode({ alg: 'none', typ: 'JWT' })}.${admin}.`,
    },
  };
}

/** Reads an answer of a verifier as yes or no. */
export function acceptsBy(verify: (request: BenchRequest) => unknown): Accepts {
  return async (token) => Boolean(await verify(benchRequest(token)));
}

/** Runs a check that may throw, reject or answer. */
async function passes(accepts: Accepts, token: string): Promise<boolean> {
  try {
    return await accepts(token);
  } catch {
    return false;
  }
}

/** Throws unless the contender accepts a good token, twice, and refuses a tampered, an expired and a `none` one. */
export async function prove(name: string, accepts: Accepts, key: BenchKey): Promise<void> {
  const { good, bad } = testTokens(key);
  for (const sight of ['first', 'second'])
    if (!(await passes(accepts, good)))
      throw new Error(`${name} refuses a good ${key.alg} token at its ${sight} sight`);
  for (const [kind, token] of Object.entries(bad))
    if (await passes(accepts, token)) throw new Error(`${name} accepts a ${kind} ${key.alg} token`);
}
