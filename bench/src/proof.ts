import {
  benchPayload,
  benchRequest,
  mintTokens,
  signToken,
  type BenchKey,
  type BenchRequest,
} from './tokens.js';

/** Whether a contender accepts a token. */
export type Accepts = (token: string) => boolean | Promise<boolean>;

/** The tokens that a contender must accept or reject before it is measured. */
export interface TestTokens {
  readonly good: string;
  readonly bad: Readonly<Record<'tampered' | 'expired' | 'none', string>>;
}

/** Makes one good token and three that must be rejected. */
function testTokens(key: BenchKey): TestTokens {
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

/** Turns a verifier into a function that resolves with whether it accepts a token. */
export function acceptsBy(verify: (request: BenchRequest) => unknown): Accepts {
  return async (token) => Boolean(await verify(benchRequest(token)));
}

/** Runs a check; if it throws or rejects, the token is rejected. */
async function passes(accepts: Accepts, token: string): Promise<boolean> {
  try {
    return await accepts(token);
  } catch {
    return false;
  }
}

/** Throws unless the contender accepts a good token twice, and rejects a tampered one, an expired one and one with `alg` `none`. */
export async function prove(name: string, accepts: Accepts, key: BenchKey): Promise<void> {
  const { good, bad } = testTokens(key);
  for (const time of ['first', 'second'])
    if (!(await passes(accepts, good)))
      throw new Error(`${name} rejects a good ${key.alg} token the ${time} time`);
  for (const [kind, token] of Object.entries(bad))
    if (await passes(accepts, token)) throw new Error(`${name} accepts a ${kind} ${key.alg} token`);
}
