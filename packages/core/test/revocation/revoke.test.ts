import { virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator, type Authenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import { ConfigError } from '../../src/errors.js';
import { tokenIdentity } from '../../src/jwt/verify.js';
import { memoryRevocations } from '../../src/revocation/memory-store.js';
import type { Revocation } from '../../src/revocation/revocation.js';
import { rejected, rejection } from '../thrown.js';
import { goodClaims, mintToken, secretText, type Json } from '../tokens.js';
import { heldStore, settled } from './held-store.js';

const clock = virtualClock();
const seconds = (): number => Math.floor(clock.now() / 1000);
const runtime = { now: () => clock.now(), setTimeout: clock.setTimeout };
const quiet = { warn: () => undefined, error: () => undefined };
const issuer = 'https://issuer.example';

function authenticatorWith(more: Partial<AuthOptions> = {}): Authenticator {
  return createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    jwtSecret: { type: 'HS256', key: secretText('hs') },
    runtime,
    logger: quiet,
    ...more,
  });
}

/** A token that was issued ten seconds ago and lives a minute, with further claims; one that is undefined is left out. */
const tokenWith = (claims: Record<string, Json | undefined> = {}): Promise<string> =>
  mintToken({
    sign: { key: 'hs', alg: 'HS256' },
    claims: JSON.parse(
      JSON.stringify({ ...goodClaims, iat: seconds() - 10, exp: seconds() + 60, ...claims }),
    ) as Json,
  });

const requestOf = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

async function kindFor(authenticator: Authenticator, token: string): Promise<string> {
  const decided = authenticator.authenticate(requestOf(token));
  return decided.then(
    ({ role }) => role,
    async () => (await rejection(decided)).kind,
  );
}

describe('a revoked token is refused', () => {
  const claims = { iss: issuer, jti: 'token-1', sid: 'session-1', sub: 'user-1' };

  it.each<[string, Revocation]>([
    ['its jti', { jti: 'token-1' }],
    ['its jti and issuer', { jti: 'token-1', iss: issuer }],
    ['its sid', { sid: 'session-1' }],
    ['its sid and issuer', { sid: 'session-1', iss: issuer }],
    ['its sub', { sub: 'user-1' }],
    ['its sub and issuer', { sub: 'user-1', iss: issuer }],
    ['its issuer', { iss: issuer }],
  ])('by %s, whether it was used before or not', async (_by, revocation) => {
    const authenticator = authenticatorWith();
    const [used, fresh] = [await tokenWith(claims), await tokenWith({ ...claims, other: 1 })];
    expect(await kindFor(authenticator, used)).toBe('user');
    await authenticator.revoke(revocation);
    for (let time = 0; time < 3; time++) {
      expect(await kindFor(authenticator, used)).toBe('revoked');
      expect(await kindFor(authenticator, fresh)).toBe('revoked');
    }
  });

  it.each<[string, Revocation]>([
    ['another jti', { jti: 'token-2' }],
    ['another sid', { sid: 'session-2' }],
    ['another sub', { sub: 'user-2' }],
    ['another issuer', { iss: 'https://other.example' }],
    ['its jti with another issuer', { jti: 'token-1', iss: 'https://other.example' }],
    ['its sid with another issuer', { sid: 'session-1', iss: 'https://other.example' }],
    ['its sub with another issuer', { sub: 'user-1', iss: 'https://other.example' }],
    ['the sid as jti', { jti: 'session-1' }],
    ['a name of every object', { sub: 'constructor' }],
    ['another __proto__', { jti: '__proto__' }],
  ])('and not by %s', async (_by, revocation) => {
    const authenticator = authenticatorWith();
    const token = await tokenWith(claims);
    await authenticator.revoke(revocation);
    expect(await kindFor(authenticator, token)).toBe('user');
    await authenticator.revoke(revocation);
    expect(await kindFor(authenticator, token)).toBe('user');
  });

  it('by itself, in each of its two spellings, and no other token is', async () => {
    const authenticator = authenticatorWith();
    const [token, other] = [await tokenWith(), await tokenWith({ other: 1 })];
    expect(await kindFor(authenticator, token)).toBe('user');
    await authenticator.revoke({ token });
    expect(await kindFor(authenticator, token)).toBe('revoked');
    expect(await kindFor(authenticator, other)).toBe('user');
    // A signature is no part of the identity: an ECDSA token has two that are valid.
    expect(tokenIdentity(token)).toBe(tokenIdentity(`${token.slice(0, -3)}AAA`));
  });

  it('with the response of an invalid token', async () => {
    const authenticator = authenticatorWith({ realm: 'app' });
    const token = await tokenWith();
    await authenticator.revoke({ token });
    expect(await rejection(authenticator.authenticate(requestOf(token)))).toMatchObject({
      kind: 'revoked',
      code: 'invalid-jwt',
      message: 'Could not verify JWT: JWTRevoked',
      reason: 'JWTRevoked',
      status: 401,
      engineStatus: 401,
      headers: {
        'WWW-Authenticate':
          'Bearer realm="app", error="invalid_token", error_description="JWTRevoked"',
      },
    });
  });

  it('for every role that it allows, and without a cache', async () => {
    const authenticator = authenticatorWith({ tokenCache: false });
    const token = await tokenWith();
    await authenticator.revoke({ token });
    const headers = { authorization: `Bearer ${token}`, 'x-hasura-role': 'editor' };
    expect((await rejection(authenticator.authenticate({ headers }))).kind).toBe('revoked');
  });

  it('of several configured locations wherever it is', async () => {
    const cookie = { type: 'Cookie', name: 'session' } as const;
    const authenticator = authenticatorWith({
      jwtSecrets: [
        { type: 'HS256', key: secretText('hs'), issuer: 'https://one.example' },
        { type: 'HS256', key: secretText('hs'), issuer: 'https://two.example', header: cookie },
      ],
    });
    const other = await tokenWith({ iss: 'https://other.example' });
    const token = await tokenWith({ iss: 'https://two.example' });
    const both = { headers: { authorization: `Bearer ${other}`, cookie: `session=${token}` } };
    expect((await authenticator.authenticate(both)).role).toBe('user');
    await authenticator.revoke({ token });
    expect((await rejection(authenticator.authenticate(both))).kind).toBe('revoked');
  });

  it('while admin secrets and requests without credentials are accepted', async () => {
    const authenticator = authenticatorWith({ unauthorizedRole: 'anonymous' });
    await authenticator.revoke({ iss: issuer });
    await authenticator.revoke({ token: await tokenWith() });
    const admin = { headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' } };
    expect((await authenticator.authenticate(admin)).role).toBe('admin');
    expect((await authenticator.authenticate({ headers: {} })).role).toBe('anonymous');
  });
});

describe('a revocation by sub or issuer', () => {
  it('is for tokens issued before it: a new login works', async () => {
    const authenticator = authenticatorWith();
    await authenticator.revoke({ sub: 'user-1' });
    expect(await kindFor(authenticator, await tokenWith())).toBe('revoked');
    clock.advance(1000);
    expect(await kindFor(authenticator, await tokenWith({ iat: seconds() }))).toBe('user');
  });

  it('is for tokens without iat too, since nothing says when they were issued', async () => {
    const authenticator = authenticatorWith();
    await authenticator.revoke({ iss: issuer });
    const token = await tokenWith({ iss: issuer, iat: undefined });
    expect(await kindFor(authenticator, token)).toBe('revoked');
  });

  it('may say before when', async () => {
    const authenticator = authenticatorWith();
    const before = seconds() - 5;
    await authenticator.revoke({ sub: 'user-1', before });
    expect(await kindFor(authenticator, await tokenWith({ iat: before - 1 }))).toBe('revoked');
    expect(await kindFor(authenticator, await tokenWith({ iat: before }))).toBe('user');
  });

  it('never takes back what an earlier one has revoked', async () => {
    const authenticator = authenticatorWith();
    const token = await tokenWith();
    await authenticator.revoke({ sub: 'user-1' });
    await authenticator.revoke({ sub: 'user-1', before: 0, until: clock.now() + 1 });
    clock.advance(1000);
    expect(await kindFor(authenticator, token)).toBe('revoked');
  });

  it('of one issuer leaves that of another as it is', async () => {
    const authenticator = authenticatorWith();
    await authenticator.revoke({ sub: 'user-1', iss: issuer });
    await authenticator.revoke({ sub: 'user-1', iss: 'https://other.example', before: 1 });
    expect(await kindFor(authenticator, await tokenWith({ iss: issuer }))).toBe('revoked');
    const other = { iss: 'https://other.example' };
    expect(await kindFor(authenticator, await tokenWith(other))).toBe('user');
    expect(await kindFor(authenticator, await tokenWith())).toBe('user');
    await authenticator.revoke({ sub: 'user-1' });
    expect(await kindFor(authenticator, await tokenWith())).toBe('revoked');
    expect(await kindFor(authenticator, await tokenWith(other))).toBe('revoked');
  });
});

describe('a revocation ends', () => {
  const endOf = async (revocation: Revocation, more: Partial<AuthOptions> = {}) => {
    const { store, added } = heldStore();
    await authenticatorWith({ revocations: store, ...more }).revoke(revocation);
    const [entry] = added;
    return entry === undefined ? undefined : entry.until - clock.now();
  };

  it('of a token, when the token itself does, with its skew', async () => {
    const token = await tokenWith({ exp: seconds() + 60 });
    const left = 60_000 - (clock.now() % 1000);
    expect(await endOf({ token })).toBe(left);
    const jwtSecrets = [5, 30].map((allowed_skew) => ({
      type: 'HS256' as const,
      key: secretText('hs'),
      issuer: `https://${String(allowed_skew)}.example`,
      allowed_skew,
    }));
    expect(await endOf({ token }, { jwtSecrets })).toBe(left + 30_000);
  });

  it.each(['an-opaque-token', 'e30.e30.AAAA', 'a.b'])(
    'of a token that does not say when (%s) after a day',
    async (token) => {
      expect(await endOf({ token })).toBe(86_400_000);
    },
  );

  it('of others after maxTokenLifetimeMs', async () => {
    expect(await endOf({ jti: '1' })).toBe(86_400_000);
    const { store, added } = heldStore();
    const revocations = { store, maxTokenLifetimeMs: 1000 };
    await authenticatorWith({ revocations }).revoke({ sub: '1' });
    expect(added).toMatchObject([{ by: 'sub', until: clock.now() + 1000 }]);
  });

  it('when the caller says', async () => {
    expect(await endOf({ jti: '1', until: clock.now() + 7 })).toBe(7);
  });

  it('and is not added if that is over', async () => {
    expect(await endOf({ token: await tokenWith({ exp: seconds() - 60 }) })).toBeUndefined();
  });

  it('by itself, and its memory is free again', async () => {
    const authenticator = authenticatorWith({ revocations: { maxEntries: 2 } });
    const token = await tokenWith({ jti: '1', exp: seconds() + 3600 });
    await authenticator.revoke({ jti: '1', until: clock.now() + 1000 });
    expect(await kindFor(authenticator, token)).toBe('revoked');
    clock.advance(1000);
    expect(await kindFor(authenticator, token)).toBe('user');
    for (let round = 0; round < 5; round++) {
      for (const jti of ['2', '3'])
        await authenticator.revoke({ jti: `${String(round)}-${jti}`, until: clock.now() + 1000 });
      clock.advance(60_000);
      await settled();
    }
  });
});

describe('revoke', () => {
  it.each<[string, unknown]>([
    ['revoke: expected exactly one of token, jti, sid and sub, or iss alone', {}],
    [
      'revoke: expected exactly one of token, jti, sid and sub, or iss alone',
      { jti: '1', sub: '1' },
    ],
    ['revoke: expected exactly one of token, jti, sid and sub, or iss alone', { before: 1 }],
    ['revoke: expected an object, got undefined', undefined],
    [
      'revoke: "subject" is unknown; known are token, jti, sid, sub, iss, before, until',
      { subject: 1 },
    ],
    ['revoke.token: expected a non-empty string, got an empty string', { token: '' }],
    ['revoke.token: expected the token alone, without Bearer or blanks', { token: 'Bearer a.b.c' }],
    ['revoke.iss: it cannot be combined with token', { token: 'a', iss: 'b' }],
    ['revoke.before: it cannot be combined with token', { token: 'a', before: 1 }],
    ['revoke.before: it cannot be combined with jti', { jti: 'a', before: 1 }],
    [
      'revoke.sub: expected a non-empty string of at most 4096 characters, got a number',
      { sub: 7 },
    ],
    [
      'revoke.sub: expected a non-empty string of at most 4096 characters, got a string',
      { sub: 'a'.repeat(4097) },
    ],
    ['revoke.before: expected a finite number, got NaN', { sub: 'a', before: NaN }],
    ['revoke.until: expected a finite number, got Infinity', { sub: 'a', until: Infinity }],
    [
      'revoke.until: expected milliseconds since the epoch, and this time is in 1970 or so; multiply seconds by 1000',
      { sub: 'a', until: clock.now() / 1000 + 3600 },
    ],
    [
      'revoke.before: expected seconds since the epoch, and this time is thousands of years ahead; divide milliseconds by 1000',
      { sub: 'a', before: clock.now() },
    ],
  ])('rejects with %j', async (message, revocation) => {
    const error = await rejected(authenticatorWith().revoke(revocation as Revocation));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(message);
  });

  it('rejects if there is no room, and nothing that was revoked is forgotten', async () => {
    const authenticator = authenticatorWith({ revocations: { maxEntries: 2 } });
    const tokens = await Promise.all(['1', '2', '3'].map((jti) => tokenWith({ jti })));
    await authenticator.revoke({ jti: '1' });
    await authenticator.revoke({ jti: '2' });
    expect(String(await rejected(authenticator.revoke({ jti: '3' })))).toBe(
      'Error: revocations: 2 entries are in force, as many as maxEntries allows; nothing was revoked',
    );
    await authenticator.revoke({ jti: '2' }); // is there already
    const kinds = await Promise.all(tokens.map((token) => kindFor(authenticator, token)));
    expect(kinds).toEqual(['revoked', 'revoked', 'user']);
  });

  it('rejects if the store fails, and the token is refused here all the same', async () => {
    const held = heldStore();
    held.onAdd = () => Promise.reject(new Error('no connection'));
    const authenticator = authenticatorWith({ revocations: held.store });
    const token = await tokenWith({ jti: '1' });
    expect(String(await rejected(authenticator.revoke({ jti: '1' })))).toBe('Error: no connection');
    expect(await kindFor(authenticator, token)).toBe('revoked');
  });

  it('reaches every authenticator with the same store', async () => {
    const revocations = memoryRevocations({ now: () => clock.now() });
    const [one, two] = [authenticatorWith({ revocations }), authenticatorWith({ revocations })];
    await Promise.all([one.ready(), two.ready()]);
    const token = await tokenWith({ jti: '1' });
    expect(await kindFor(two, token)).toBe('user');
    await one.revoke({ jti: '1' });
    expect(await kindFor(two, token)).toBe('revoked');
    const later = authenticatorWith({ revocations });
    await later.ready();
    expect(await kindFor(later, token)).toBe('revoked');
    await one.close();
    await two.revoke({ jti: '2' });
    expect(await kindFor(one, await tokenWith({ jti: '2' }))).toBe('user');
  });
});

describe('what onSession returned', () => {
  it('is not used for a revoked token, kept or under way', async () => {
    const run = jest.fn(() => ({ 'x-hasura-org': '1' }));
    const authenticator = authenticatorWith({ onSession: { run, cacheFor: 'token' } });
    const token = await tokenWith();
    await authenticator.authenticate(requestOf(token));
    await authenticator.authenticate(requestOf(token));
    expect(run).toHaveBeenCalledTimes(1);
    await authenticator.revoke({ token });
    expect(await kindFor(authenticator, token)).toBe('revoked');
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('with a webhook', () => {
  const withHook = (cache = true) => {
    const calls: string[] = [];
    const answer = {
      'X-Hasura-Role': 'user',
      'X-Hasura-User-Id': 'user-1',
      'Cache-Control': 'max-age=3600',
    };
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: {
        url: 'https://hook.example/',
        ...(cache && { cache: { headers: ['authorization'] } }),
      },
      fetch: (_url, { headers }) => {
        calls.push(String(headers['authorization']));
        return Promise.resolve(new Response(JSON.stringify(answer)));
      },
    });
    return { authenticator, calls };
  };

  it('a revoked token is refused before the hook is asked, and no kept answer is used', async () => {
    const { authenticator, calls } = withHook();
    expect(await kindFor(authenticator, 'opaque')).toBe('user');
    expect(await kindFor(authenticator, 'opaque')).toBe('user');
    expect(calls).toHaveLength(1);
    await authenticator.revoke({ token: 'opaque' });
    expect(await kindFor(authenticator, 'opaque')).toBe('revoked');
    expect(calls).toHaveLength(1);
    expect(await kindFor(authenticator, 'other')).toBe('user');
  });

  it('what it answered for a revoked user is asked again, and kept again', async () => {
    const { authenticator, calls } = withHook();
    await kindFor(authenticator, 'opaque');
    clock.advance(10);
    await authenticator.revoke({ sub: 'user-2' });
    await authenticator.revoke({ sub: 'user-1', iss: issuer });
    await kindFor(authenticator, 'opaque');
    expect(calls).toHaveLength(1);
    await authenticator.revoke({ sub: 'user-1' });
    clock.advance(10);
    expect(await kindFor(authenticator, 'opaque')).toBe('user');
    expect(await kindFor(authenticator, 'opaque')).toBe('user');
    expect(calls).toHaveLength(2);
  });

  it.each([
    'Bearer TOKEN',
    'Bearer TOKEN x',
    'Bearer TOKEN TOKEN',
    'JWT TOKEN',
    'TOKEN',
    'x Bearer TOKEN',
    'Basic x, Bearer TOKEN',
    'Bearer\u00a0TOKEN',
    'Bearer "TOKEN"',
    'token=TOKEN',
    'Bearer TOKEN,y',
    'Bearer TOKEN==',
    'Bearer-TOKEN',
    'Bearer/TOKEN',
    'BearerTOKEN',
    'Bearer xTOKEN',
  ])('a revoked token is refused before the webhook is called, sent as: %s', async (written) => {
    const fetch = jest.fn(async () => Response.json({ 'x-hasura-role': 'user' }));
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/' },
      fetch,
    });
    const token = await tokenWith({ jti: 'leaked' });
    const headers = { authorization: written.replaceAll('TOKEN', token) };
    expect((await authenticator.authenticate({ headers })).role).toBe('user');
    await authenticator.revoke({ token });
    expect((await rejection(authenticator.authenticate({ headers }))).kind).toBe('revoked');
    expect(fetch).toHaveBeenCalledTimes(1);
    const other = { authorization: written.replaceAll('TOKEN', await tokenWith({ jti: 'good' })) };
    expect((await authenticator.authenticate({ headers: other })).role).toBe('user');
  });

  it.each([
    '1|Gp4c7hq8FmT0vZyY',
    'user7:9f86d081884c7d65',
    'sess$9f86d081884c7d65',
    's%3Aabcdef0123456789.sig',
  ])(
    'a revoked token with signs in it is refused before the webhook is called, whatever stands around it: %s',
    async (token) => {
      const fetch = jest.fn(async () => Response.json({ 'x-hasura-role': 'user' }));
      const authHook = { url: 'https://hook.example/' };
      const authenticator = authenticatorWith({ jwtSecret: undefined, authHook, fetch });
      await authenticator.revoke({ token });
      for (const around of [
        'Bearer TOKEN',
        'Bearer TOKEN x',
        'Token TOKEN',
        'token=TOKEN',
        'x "TOKEN",y',
        'Bearer/TOKEN',
      ]) {
        const headers = { authorization: around.replace('TOKEN', token) };
        expect((await rejection(authenticator.authenticate({ headers }))).kind).toBe('revoked');
      }
      expect(fetch).not.toHaveBeenCalled();
      const other = { authorization: `Bearer ${token}-other` };
      expect((await authenticator.authenticate({ headers: other })).role).toBe('user');
    },
  );

  it('a header with more beginnings of a JWT than any has is refused while a token is revoked', async () => {
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/' },
      fetch: async () => Response.json({ 'x-hasura-role': 'user' }),
    });
    await authenticator.revoke({ token: 'another' });
    const kindOf = async (beginnings: number): Promise<string> => {
      const headers = { authorization: 'eyJ'.repeat(beginnings) };
      return authenticator.authenticate({ headers }).then(
        ({ role }) => role,
        ({ kind }: { kind: string }) => kind,
      );
    };
    expect(await kindOf(16)).toBe('user');
    expect(await kindOf(17)).toBe('malformed-authorization');
  });

  it('a header of endless words is refused while a token is revoked by its text', async () => {
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/' },
      fetch: async () => Response.json({ 'x-hasura-role': 'user' }),
    });
    const words = Array.from({ length: 65 }, (_, index) => String(index).padStart(16, 'x'));
    const headers = { authorization: words.join(' ') };
    expect((await authenticator.authenticate({ headers })).role).toBe('user');
    await authenticator.revoke({ token: 'another' });
    const { kind } = await rejection(authenticator.authenticate({ headers }));
    expect(kind).toBe('malformed-authorization');
  });

  it.each<[string, Revocation | undefined, string]>([
    ['is refused', { sub: 'user-1' }, 'revoked'],
    ['is refused by the token that it brings', { token: 'opaque' }, 'revoked'],
    ['is accepted if another user was revoked', { sub: 'user-2' }, 'user'],
    ['is accepted if nothing was revoked', undefined, 'user'],
  ])('a request that waits for the webhook meanwhile %s', async (_name, revocation, outcome) => {
    let answer: (response: Response) => void = () => undefined;
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/' },
      fetch: () => new Promise((resolve) => (answer = resolve)),
    });
    const decided = kindFor(authenticator, 'opaque');
    await settled();
    clock.advance(10);
    if (revocation !== undefined) await authenticator.revoke(revocation);
    answer(Response.json({ 'x-hasura-role': 'user', 'x-hasura-user-id': 'user-1' }));
    expect(await decided).toBe(outcome);
  });

  it.each<[string, Revocation | undefined, string]>([
    ['is refused', { sub: 'user-1' }, 'revoked'],
    ['is accepted if another user was revoked', { sub: 'user-2' }, 'user'],
  ])('a request that waits for onSession meanwhile %s', async (_name, revocation, outcome) => {
    let go: () => void = () => undefined;
    const authenticator = authenticatorWith({
      onSession: () => new Promise<undefined>((resolve) => (go = () => resolve(undefined))),
    });
    const decided = kindFor(authenticator, await tokenWith({ sub: 'user-1' }));
    await settled();
    if (revocation !== undefined) await authenticator.revoke(revocation);
    go();
    expect(await decided).toBe(outcome);
  });

  it('a request is refused if the clock failed while it waited and its user was revoked', async () => {
    let answer: (response: Response) => void = () => undefined;
    let fails = false;
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/' },
      runtime: {
        ...runtime,
        now: () => {
          if (fails) throw new Error('the clock failed');
          return clock.now();
        },
      },
      fetch: () => {
        fails = true; // until the request has begun to wait
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const decided = kindFor(authenticator, 'opaque');
    fails = false;
    await settled();
    await authenticator.revoke({ sub: 'user-1' });
    answer(Response.json({ 'x-hasura-role': 'user', 'x-hasura-user-id': 'user-1' }));
    expect(await decided).toBe('revoked');
  });

  it('a request that comes after the revocation does not share a call from before it', async () => {
    const answers: ((response: Response) => void)[] = [];
    const authenticator = authenticatorWith({
      jwtSecret: undefined,
      authHook: { url: 'https://hook.example/', cache: { headers: ['authorization'] } },
      fetch: () => new Promise((resolve) => answers.push(resolve)),
    });
    const first = authenticator.authenticate(requestOf('opaque'));
    await settled();
    clock.advance(10);
    await authenticator.revoke({ sub: 'user-1' });
    clock.advance(10);
    const second = authenticator.authenticate(requestOf('opaque'));
    const body = JSON.stringify({ 'x-hasura-role': 'user', 'x-hasura-user-id': 'user-1' });
    answers[0]?.(new Response(body));
    expect((await rejection(first)).kind).toBe('revoked'); // while it waited
    await settled();
    expect(answers).toHaveLength(2);
    answers[1]?.(new Response('', { status: 401 }));
    expect((await rejection(second)).kind).toBe('hook-unauthorized');
  });
});
