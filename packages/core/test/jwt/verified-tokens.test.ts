import { createSecretKey } from 'node:crypto';
import type { HasuraClaims } from '../../src/jwt/claims.js';
import type { JwtConfig, LocationConfigs } from '../../src/jwt/match-issuer.js';
import type { FoundToken } from '../../src/jwt/token-location.js';
import { VerifiedToken } from '../../src/jwt/verified-token.js';
import {
  noVerifiedTokens,
  verifiedTokens,
  type VerifiedTokens,
  type VerifiedTokensBounds,
} from '../../src/jwt/verified-tokens.js';
import type { KeysDescription, KeySource, VerificationKey } from '../../src/keys/key-source.js';
import { AuthError } from '../../src/errors.js';
import { type JwtClaims, gatherVariables } from '../../src/session.js';
import { jwtConfig } from '../parsed-jwt.js';
import { refusal } from '../thrown.js';

const key: VerificationKey = {
  family: 'hmac',
  key: createSecretKey(Buffer.alloc(32)),
  secretBytes: 32,
};
const plain = jwtConfig();
const here: LocationConfigs = { location: { kind: 'authorization' }, configs: [plain] };
const there: LocationConfigs = { location: { kind: 'header', name: 'x-token' }, configs: [plain] };

interface Recipe extends Partial<Omit<HasuraClaims, 'variables'>> {
  readonly config?: JwtConfig;
  readonly validFrom?: number;
  readonly expiresAt?: number;
  readonly payload?: JwtClaims;
  readonly keyVersion?: number;
}

function verified({
  config = plain,
  validFrom = -Infinity,
  expiresAt = Infinity,
  payload = {},
  keyVersion = config.keys.version,
  allowedRoles = ['user'],
  defaultRole = 'user',
  problem,
}: Recipe = {}): VerifiedToken {
  const variables = gatherVariables([['x-hasura-user-id', '1']]);
  return new VerifiedToken({
    payload,
    config,
    key,
    keyVersion,
    lifetime: { validFrom, expiresAt },
    claims: { allowedRoles, defaultRole, variables, problem },
  });
}

// ── A token ──────────────────────────────────────────────────────────────────────────────────────

/** Keys whose version and content the test decides, as those of a fetched set change. */
class ChangingKeys implements KeySource {
  version = 1;
  lookups = 0;
  refreshed: Promise<void> | undefined;
  constructor(public keys: readonly VerificationKey[]) {}
  holds(one: VerificationKey): boolean {
    this.lookups += 1;
    return this.keys.includes(one);
  }
  refresh(): Promise<void> | undefined {
    return this.refreshed;
  }
  find(): readonly VerificationKey[] {
    return this.keys;
  }
  signatureFailed(): void {
    this.lookups += 1;
  }
  describe(): KeysDescription {
    return { address: undefined, keys: [] };
  }
  ready(): Promise<void> {
    return Promise.resolve();
  }
  close(): void {
    this.keys = [];
  }
}

describe('the sessions of a verified token', () => {
  const two = ['user', 'editor'];

  it('contain what the token says', () => {
    const payload = { sub: 'me' };
    const { session, headers } = verified({ payload, allowedRoles: two, expiresAt: 5000 }).decide(
      undefined,
    );
    expect(headers).toEqual([]);
    expect(session).toStrictEqual({
      role: 'user',
      sessionVariables: { 'x-hasura-role': 'user', 'x-hasura-user-id': '1' },
      method: 'jwt',
      expiresAt: 5000,
      claims: { sub: 'me' },
      allowedRoles: ['user', 'editor'],
      backendOnly: false,
    });
  });

  it('have no end if the token has none', () => {
    expect(verified().decide(undefined).session).not.toHaveProperty('expiresAt');
    expect(verified().expiresAt).toBe(Infinity);
    expect(verified({ expiresAt: 7 }).expiresAt).toBe(7);
  });

  it('are one for each role, shared by requests', () => {
    const token = verified({ allowedRoles: two });
    expect(token.decide(undefined)).toBe(token.decide('user'));
    expect(token.decide('editor')).toBe(token.decide('editor'));
    expect(token.decide('editor')).not.toBe(token.decide('user'));
    expect(token.decide('editor').session.sessionVariables).toStrictEqual({
      'x-hasura-role': 'editor',
      'x-hasura-user-id': '1',
    });
  });

  it('are refused for any other role, each time, the default role too', () => {
    const token = verified();
    for (let time = 0; time < 2; time++)
      expect(refusal(() => token.decide('admin')).kind).toBe('role-not-allowed');
    expect(refusal(() => verified({ allowedRoles: ['editor'] }).decide(undefined)).kind).toBe(
      'role-not-allowed',
    );
  });

  it('are refused for a wrong variable once the role is known to be allowed', () => {
    const problem = new AuthError('invalid-claims', { detail: 'wrong' });
    const token = verified({ problem });
    expect(refusal(() => token.decide('admin')).kind).toBe('role-not-allowed');
    expect(refusal(() => token.decide('user'))).toBe(problem);
    expect(refusal(() => token.decide(undefined))).toBe(problem);
  });

  it('have roles that cannot be changed, neither by a handler nor by the configuration', () => {
    const allowedRoles = ['user'];
    const { session } = verified({ allowedRoles }).decide(undefined);
    allowedRoles.push('admin');
    expect(session.allowedRoles).toEqual(['user']);
    expect(Object.isFrozen(session.allowedRoles)).toBe(true);
    const frozen = Object.freeze(['user']);
    expect(verified({ allowedRoles: frozen }).decide(undefined).session.allowedRoles).toBe(frozen);
  });

  it('are kept for four roles: a token may allow thousands', () => {
    const many = Array.from({ length: 10 }, (_, at) => `role-${String(at)}`);
    const token = verified({ allowedRoles: many });
    const first = many.map((role) => token.decide(role));
    const again = many.map((role) => token.decide(role));
    expect(again.map((decision, at) => decision === first[at])).toEqual(
      many.map((_, at) => at < 4),
    );
    expect(again).toEqual(first);
  });

  it('are counted in the memory that a token takes', () => {
    expect(verified({ allowedRoles: [] }).bytes).toBe(72);
    expect(verified({ allowedRoles: ['a'] }).bytes).toBe(72 + 300);
    expect(verified({ allowedRoles: [...'abcdefg'] }).bytes).toBe(72 + 4 * 300);
    expect(verified({ payload: { a: 'b' }, allowedRoles: [] }).bytes).toBe(72 + 100 + 2);
  });
});

describe('a verified token is good', () => {
  it('from its beginning until before its end', () => {
    const token = verified({ validFrom: 100, expiresAt: 200 });
    expect([99, 100, 199, 200].map((now) => token.isGood(now))).toEqual([false, true, true, false]);
  });

  it('while its key is among the keys, which is checked once for each change of the keys', () => {
    const keys = new ChangingKeys([key]);
    const token = verified({ config: { ...plain, keys } });
    expect(token.isGood(0)).toBe(true);
    expect(keys.lookups).toBe(0);
    keys.version = 2;
    expect([token.isGood(0), token.isGood(0)]).toEqual([true, true]);
    expect(keys.lookups).toBe(1);
    keys.version = 3;
    keys.keys = [];
    expect([token.isGood(0), token.isGood(0)]).toEqual([false, false]);
    expect(keys.lookups).toBe(3);
  });

  it('only if its key was not withdrawn while it was verified', () => {
    const config = { ...plain, keys: new ChangingKeys([]) };
    expect(verified({ config, keyVersion: 0 }).isGood(0)).toBe(false);
  });
});

// ── The cache ────────────────────────────────────────────────────────────────────────────────────

const generous: VerifiedTokensBounds = { maxEntries: 1000, maxBytes: 10_000_000 };
const now = () => 0;
const text = (name: string, length = 40): string => name.padStart(length, '-');
const found = (name: string, at = here): FoundToken => ({ token: text(name), at });
/** What `verified()` takes in the cache: the entry, the text, the payload, one session with one variable. */
const bytesOf = (name: string): number => 500 + text(name).length + 72 + 300;

/** As the JWT method asks for a token. */
function ask(
  cache: VerifiedTokens,
  token: FoundToken,
  ...how: [now: () => number, verify: () => VerifiedToken | Promise<VerifiedToken>]
): VerifiedToken | Promise<VerifiedToken> {
  return cache.get(token, cache.find(token), ...how);
}

/** Whether the cache has a token; asking keeps nothing, and counts as a use. */
function has(cache: VerifiedTokens, name: string, at = here): boolean {
  const problem = new AuthError('invalid-claims', { detail: 'not kept' });
  const got = ask(cache, found(name, at), now, () => verified({ problem }));
  if (got instanceof Promise) throw new Error('it is there at once');
  return got.problem === undefined;
}

function keep(cache: VerifiedTokens, names: readonly string[], recipe?: Recipe): void {
  for (const name of names) void ask(cache, found(name), now, () => verified(recipe));
}

const namesFrom = (length: number): string[] => Array.from({ length }, (_, at) => `t${String(at)}`);

/** A verification that counts how often it is run. */
function counted(make: () => VerifiedToken | Promise<VerifiedToken> = () => verified()) {
  const one = { times: 0, verify: () => ((one.times += 1), make()) };
  return one;
}

describe('the cache of verified tokens', () => {
  it('verifies a token once', () => {
    const cache = verifiedTokens(generous);
    const one = counted();
    const first = ask(cache, found('a'), now, one.verify);
    expect(first).toBeInstanceOf(VerifiedToken);
    expect(ask(cache, found('a'), now, one.verify)).toBe(first);
    expect(one.times).toBe(1);
  });

  it('does not take a token for another one that ends alike', () => {
    const cache = verifiedTokens(generous);
    const [a, b] = [`a${text('')}`, `b${text('')}`].map((token) => ({ token, at: here }));
    if (a === undefined || b === undefined) throw new Error('there are two');
    const ofA = ask(cache, a, now, () => verified());
    const ofB = ask(cache, b, now, () => verified());
    expect(ofB).not.toBe(ofA);
    expect(ask(cache, b, now, () => verified())).toBe(ofB);
    expect(ask(cache, a, now, () => verified())).not.toBe(ofA); // there is one place for both
  });

  it('verifies a token again at another location, which has other configurations', () => {
    const cache = verifiedTokens(generous);
    const one = counted();
    for (const at of [here, there, there, here]) void ask(cache, found('a', at), now, one.verify);
    expect(one.times).toBe(3); // there is one place for both
  });

  it('verifies again a token that is no longer good, and keeps the result', () => {
    const cache = verifiedTokens(generous);
    let time = 0;
    const one = counted(() => verified({ expiresAt: time + 10 }));
    const get = () => ask(cache, found('a'), () => time, one.verify);
    const first = get();
    time = 9;
    expect(get()).toBe(first);
    time = 10;
    const second = get();
    expect(second).not.toBe(first);
    expect(get()).toBe(second);
    expect(one.times).toBe(2);
  });

  it('forgets a token that could not be verified again, also if the clock is set back', () => {
    const cache = verifiedTokens(generous);
    const expired = (): never => {
      throw new Error('expired');
    };
    void ask(cache, found('a'), now, () => verified({ expiresAt: 10 }));
    expect(() => ask(cache, found('a'), () => 10, expired)).toThrow('expired');
    expect(() => ask(cache, found('a'), now, expired)).toThrow('expired');
  });

  it('keeps no failure, neither a thrown one nor a token with a wrong variable', () => {
    const cache = verifiedTokens(generous);
    const failing = (): never => {
      throw new Error('wrong');
    };
    expect(() => ask(cache, found('a'), now, failing)).toThrow('wrong');
    const one = counted(() => verified({ problem: new AuthError('invalid-claims') }));
    for (let time = 0; time < 2; time++) void ask(cache, found('a'), now, one.verify);
    expect(one.times).toBe(2);
  });

  it('waits for the keys before it trusts what it kept', async () => {
    const cache = verifiedTokens(generous);
    const keys = new ChangingKeys([key]);
    const get = () => ask(cache, found('a'), now, () => verified({ config: { ...plain, keys } }));
    const first = get();
    keys.refreshed = Promise.resolve();
    const later = get();
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(first);
  });

  it('forgets everything when it is cleared', () => {
    const cache = verifiedTokens(generous);
    keep(cache, ['a']);
    cache.clear();
    expect(has(cache, 'a')).toBe(false);
  });

  it('keeps copies of the tokens, which do not hold the headers in memory that they were cut from', () => {
    const cache = verifiedTokens({ maxEntries: 100, maxBytes: 1e9 });
    const before = process.memoryUsage().heapUsed;
    for (const name of namesFrom(100)) {
      const header = `Bearer ${text(name)}${'\t'.repeat(1_000_000)}`;
      void ask(cache, { token: header.slice(7, 47), at: here }, now, () => verified());
    }
    expect(namesFrom(100).every((name) => has(cache, name))).toBe(true);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000); // of 100 MB
  });
});

describe('verifications under way', () => {
  function later() {
    let finish = (_: VerifiedToken): void => undefined;
    let fail = (_: Error): void => undefined;
    const promise = new Promise<VerifiedToken>((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
    return { promise, finish, fail };
  }

  it('are joined by equal tokens at the same location, and kept', async () => {
    const cache = verifiedTokens(generous);
    const { promise, finish } = later();
    const one = counted(() => promise);
    const tokens = [found('a'), found('a'), found('b'), found('b')];
    const joined = tokens.map((token) => ask(cache, token, now, one.verify));
    expect(one.times).toBe(2);
    const made = verified();
    finish(made);
    for (const one of joined) expect(await one).toBe(made);
    expect(ask(cache, found('a'), now, one.verify)).toBe(made);
    expect(one.times).toBe(2);
  });

  it('are not joined by the same token at another location, which takes their place', async () => {
    const cache = verifiedTokens(generous);
    const [first, second] = [later(), later()];
    void ask(cache, found('a'), now, () => first.promise);
    const elsewhere = ask(cache, found('a', there), now, () => second.promise);
    first.finish(verified());
    await new Promise(setImmediate); // the first one is over, and has forgotten nothing but itself
    expect(ask(cache, found('a', there), now, () => verified())).toBe(elsewhere);
    const made = verified();
    second.finish(made);
    expect(await elsewhere).toBe(made);
    expect(has(cache, 'a', there)).toBe(true);
  });

  it('that fail are begun again by the next request', async () => {
    const cache = verifiedTokens(generous);
    const { promise, fail } = later();
    const joined = [0, 1].map(() => ask(cache, found('a'), now, () => promise));
    fail(new Error('wrong'));
    for (const one of joined) await expect(one).rejects.toThrow('wrong');
    expect(ask(cache, found('a'), now, () => verified())).toBeInstanceOf(VerifiedToken);
  });

  it('that began before the cache was cleared are neither joined nor kept after it', async () => {
    const cache = verifiedTokens(generous);
    const { promise, finish } = later();
    const first = ask(cache, found('a'), now, () => promise);
    cache.clear();
    expect(has(cache, 'a')).toBe(false);
    finish(verified());
    await first;
    expect(has(cache, 'a')).toBe(false);
  });
});

describe('the bounds of the cache', () => {
  it('leave room for every token at first, up to the number of entries', () => {
    const cache = verifiedTokens({ ...generous, maxEntries: 3 });
    keep(cache, ['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((name) => has(cache, name))).toEqual([true, true, true]);
  });

  it('let go of the token that was not used for longest', () => {
    const cache = verifiedTokens({ ...generous, maxEntries: 3 });
    keep(cache, ['a', 'b', 'c', 'a', 'd']);
    expect(['a', 'b', 'c', 'd'].map((name) => has(cache, name))).toEqual([true, false, true, true]);
  });

  it('admit a token at second sight, once the cache has been full', () => {
    const cache = verifiedTokens({ ...generous, maxEntries: 2 });
    keep(cache, ['a', 'b', 'c']); // `c` fills the cache
    keep(cache, ['d']);
    expect(['b', 'c', 'd'].map((name) => has(cache, name))).toEqual([true, true, false]);
    keep(cache, ['d']);
    expect(['b', 'c', 'd'].map((name) => has(cache, name))).toEqual([false, true, true]);
  });

  it('are not used up by tokens that come once, however many', () => {
    const cache = verifiedTokens({ ...generous, maxEntries: 300 });
    const users = namesFrom(300);
    keep(cache, users);
    for (let at = 0; at < 3000; at++) keep(cache, [`once-${String(at)}`]);
    expect(users.filter((name) => !has(cache, name)).length).toBeLessThanOrEqual(1);
  });

  it('count bytes, and let several tokens go for one that takes much', () => {
    const cache = verifiedTokens({ maxEntries: 100, maxBytes: 10 * bytesOf('a') });
    const names = namesFrom(10);
    keep(cache, names);
    expect(names.every((name) => has(cache, name))).toBe(true);
    keep(cache, ['great'], { payload: { much: 'x'.repeat(1000) } });
    expect(has(cache, 'great')).toBe(true);
    const left = names.filter((name) => has(cache, name));
    expect(left).toEqual(names.slice(4)); // it takes 912 bytes, and 2100 for its payload
  });

  it('keep out a token that alone would take too much', () => {
    const cache = verifiedTokens({ maxEntries: 100, maxBytes: bytesOf('a') });
    keep(cache, ['great', 'great', 'great'], { payload: { much: 'x' } });
    expect(has(cache, 'great')).toBe(false);
    keep(cache, ['a']);
    expect(has(cache, 'a')).toBe(true);
  });

  it('take no memory in advance, however large they are', () => {
    const cache = verifiedTokens({ maxEntries: Number.MAX_SAFE_INTEGER, maxBytes: 2 ** 52 });
    keep(cache, ['a']);
    expect(has(cache, 'a')).toBe(true);
  });
});

it('without a cache a token is verified each time', () => {
  const one = counted();
  for (let time = 0; time < 2; time++) void ask(noVerifiedTokens, found('a'), now, one.verify);
  expect(one.times).toBe(2);
  expect(noVerifiedTokens.clear()).toBeUndefined();
});
