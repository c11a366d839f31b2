import { virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import type { RevocationOptions } from '../../src/revocation/options.js';
import type { HookAnswerStore } from '../../src/webhook/options.js';
import { mintToken } from '../tokens.js';
import { rejection } from '../thrown.js';
import { heldStore, settled } from './held-store.js';

const secondMs = 1000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

/** A store without ends of its own, so that only the reader's rules end a response. */
function endlessStore(): HookAnswerStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    lock: async () => true,
  };
}

/** An authenticator with a hook that says each response may be kept for a week, until it rejects the client. */
function start(
  revocations: RevocationOptions = {},
  shared?: HookAnswerStore,
  onSession?: AuthOptions['onSession'],
) {
  const clock = virtualClock();
  const hook = { calls: 0, accepts: true };
  const authenticator = createAuthenticator({
    adminSecret: false,
    revocations,
    onSession,
    runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
    logger: { warn: () => undefined, error: () => undefined },
    authHook: {
      url: 'https://hook.example/',
      cache: { headers: ['authorization', 'cookie'], shared },
    },
    fetch: async () => {
      hook.calls++;
      return hook.accepts
        ? Response.json({
            'x-hasura-role': 'user',
            'x-hasura-user-id': '7',
            'cache-control': 'max-age=604800',
          })
        : new Response('', { status: 401 });
    },
  });
  const outcome = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const decided = authenticator.authenticate({ headers });
    const kind = await decided.then(
      ({ role }) => role,
      async () => (await rejection(decided)).kind,
    );
    await settled();
    return kind;
  };
  return { authenticator, clock, hook, outcome };
}

describe('a token that is revoked in webhook mode', () => {
  const tokenFor = (now: number, seconds: number): Promise<string> =>
    mintToken({
      sign: { key: 'hs', alg: 'HS256' },
      claims: { sub: '7', exp: Math.floor(now / 1000) + seconds },
    });

  it.each([
    ['before its exp', 10],
    ['after its exp', 310],
  ])(
    'is refused for as long as a response for it may be kept, if it is revoked %s',
    async (_when, revokedAfter) => {
      const { authenticator, clock, hook, outcome } = start();
      const token = await tokenFor(clock.now(), 300);
      const headers = { authorization: `Bearer ${token}` };
      expect(await outcome(headers)).toBe('user');
      clock.advance(revokedAfter * secondMs);
      hook.accepts = false;
      await authenticator.revoke({ token });
      const revokedAt = clock.now();
      for (const after of [1, 301, 86_399]) {
        clock.advance(revokedAt + after * secondMs - clock.now());
        expect(await outcome(headers)).toBe('revoked');
      }
      const handshake = { connectionParams: { headers } };
      const opening = authenticator
        .connections()
        .open(() => undefined)
        .authenticate(handshake);
      clock.advance(60 * secondMs); // a repeated refusal is delayed
      expect((await rejection(opening)).kind).toBe('revoked');
      clock.advance(hourMs);
      expect(await outcome(headers)).toBe('hook-unauthorized');
      expect(hook.calls).toBe(2);
    },
  );

  it('is refused until its exp if that is later than maxTokenLifetimeMs', async () => {
    const { authenticator, clock, outcome } = start({ maxTokenLifetimeMs: hourMs });
    const token = await tokenFor(clock.now(), 7200);
    await authenticator.revoke({ token });
    clock.advance(7199 * secondMs);
    expect(await outcome({ authorization: `Bearer ${token}` })).toBe('revoked');
  });
});

describe.each([
  ['in the process', () => undefined],
  ['in a shared store', endlessStore],
])('a response that is kept %s', (_where, store) => {
  const headers = { cookie: 'session=a' };

  it('is not used again after the revocation of its user has ended', async () => {
    const { authenticator, clock, hook, outcome } = start({}, store());
    expect(await outcome(headers)).toBe('user');
    clock.advance(secondMs);
    hook.accepts = false;
    await authenticator.revoke({ sub: '7' });
    for (const wait of [0, 12 * hourMs, 13 * hourMs, 4 * dayMs]) {
      clock.advance(wait);
      expect(await outcome(headers)).toBe('hook-unauthorized');
    }
    expect(hook.calls).toBe(5);
  });

  it('is not used again if no request came while its user was revoked', async () => {
    const { authenticator, clock, hook, outcome } = start({}, store());
    expect(await outcome(headers)).toBe('user');
    clock.advance(secondMs);
    hook.accepts = false;
    await authenticator.revoke({ sub: '7' });
    clock.advance(dayMs);
    expect(await outcome(headers)).toBe('hook-unauthorized');
  });

  it('is kept for maxTokenLifetimeMs at most, while its session ends when the hook says', async () => {
    const { authenticator, clock, hook, outcome } = start({ maxTokenLifetimeMs: hourMs }, store());
    const end = clock.now() + weekMs;
    expect((await authenticator.authenticate({ headers })).expiresAt).toBe(end);
    await settled();
    clock.advance(hourMs - 1);
    expect((await authenticator.authenticate({ headers })).expiresAt).toBe(end);
    expect(hook.calls).toBe(1);
    clock.advance(1);
    expect(await outcome(headers)).toBe('user');
    expect(hook.calls).toBe(2);
  });
});

it('a shared response is used by another process for maxTokenLifetimeMs after its call at most', async () => {
  const store = endlessStore();
  const first = start({ maxTokenLifetimeMs: hourMs }, store);
  const second = start({ maxTokenLifetimeMs: hourMs }, store);
  await first.outcome({ cookie: 'session=a' });
  for (const [wait, calls] of [
    [hourMs - 1, 0],
    [1, 1],
  ] as const) {
    second.clock.advance(wait);
    expect(await second.outcome({ cookie: 'session=a' })).toBe('user');
    expect(second.hook.calls).toBe(calls);
  }
});

describe('a revocation of a user that arrives late from another process', () => {
  const headers = { cookie: 'session=a' };
  const handshake = { connectionParams: { headers } };

  /** An authenticator with a kept response, whose user another process has revoked since, unknown here. */
  const revokedElsewhere = async (
    shared?: HookAnswerStore,
    onSession?: AuthOptions['onSession'],
  ) => {
    const held = heldStore();
    const started = start({ store: held.store }, shared, onSession);
    const { clock } = started;
    await started.outcome(headers);
    clock.advance(secondMs);
    const entry = { by: 'sub', value: '7', before: clock.now() / 1000, until: clock.now() + dayMs };
    clock.advance(secondMs);
    return { ...started, arrive: () => held.pass(entry) };
  };

  it.each<[string, AuthOptions['onSession']]>([
    ['', undefined],
    [', with variables of the app', () => ({ 'x-hasura-org-id': '1' })],
  ])('closes a socket that a kept response has opened meanwhile%s', async (_with, onSession) => {
    const { authenticator, arrive } = await revokedElsewhere(undefined, onSession);
    const close = jest.fn();
    await authenticator.connections().open(close).authenticate(handshake);
    arrive();
    await settled();
    expect(close.mock.calls).toEqual([[4403, 'Could not verify JWT: JWTRevoked']]);
  });

  it('closes a socket that a shared response has opened meanwhile', async () => {
    const store = endlessStore();
    await start({}, store).outcome(headers);
    const { authenticator, arrive, hook } = await revokedElsewhere(store);
    const close = jest.fn();
    await authenticator.connections().open(close).authenticate(handshake);
    expect(hook.calls).toBe(0);
    arrive();
    await settled();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('leaves a socket open if the webhook was asked after the revocation', async () => {
    const { authenticator, arrive } = await revokedElsewhere();
    const close = jest.fn();
    const other = { connectionParams: { headers: { cookie: 'session=b' } } };
    await authenticator.connections().open(close).authenticate(other);
    arrive();
    await settled();
    expect(close).not.toHaveBeenCalled();
  });

  it('refuses a request with a kept response that waits for the app meanwhile', async () => {
    const waits: (() => void)[] = [];
    let isWaiting = false;
    const onSession = () =>
      isWaiting ? new Promise<void>((resolve) => waits.push(resolve)) : undefined;
    const { arrive, outcome } = await revokedElsewhere(undefined, onSession);
    isWaiting = true;
    const waiting = outcome(headers);
    await settled();
    arrive();
    waits[0]?.();
    expect(await waiting).toBe('revoked');
  });
});
