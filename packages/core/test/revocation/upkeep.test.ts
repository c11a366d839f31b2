import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { keptLog, virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import { isAuthError } from '../../src/errors.js';
import type { RevocationOptions } from '../../src/revocation/options.js';
import type { RevocationEntry } from '../../src/revocation/store.js';
import { rejected } from '../thrown.js';
import { secretText } from '../tokens.js';
import { heldStore, settled, type HeldStore } from './held-store.js';

const minute = 60_000;

/** An authenticator that follows a store, with a clock and timers that can fail. */
function kept(held: HeldStore, options: RevocationOptions = {}, more: Partial<AuthOptions> = {}) {
  const clock = virtualClock();
  const log = keptLog();
  const broken = { clock: false, timers: false };
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    ...(more.authHook === undefined && { jwtSecret: { type: 'HS256', key: secretText('hs') } }),
    runtime: {
      now() {
        if (broken.clock) throw new Error('no clock');
        return clock.now();
      },
      setTimeout(run, ms) {
        if (broken.timers) throw new Error('no timers');
        return clock.setTimeout(run, ms);
      },
    },
    logger: log.logger,
    revocations: { store: held.store, ...options },
    ...more,
  });
  const entries = () => authenticator.health().revocations?.entries;
  const jti = (value: string, until: number, iss?: string): RevocationEntry => ({
    by: 'jti',
    value,
    until,
    ...(iss !== undefined && { iss }),
  });
  return { authenticator, clock, log, broken, entries, jti };
}

describe('entries that have ended', () => {
  it('are removed within a minute, a part of them in each turn', async () => {
    const held = heldStore();
    const { authenticator, clock, entries, jti } = kept(held);
    await authenticator.ready();
    const soon = clock.now() + 1000;
    for (let index = 0; index < 1500; index++) {
      held.pass(jti(`plain-${String(index)}`, soon));
      held.pass(jti(`named-${String(index)}`, soon, 'https://issuer.example'));
    }
    held.pass(jti('two-issuers', soon, 'https://one.example'));
    held.pass(jti('two-issuers', clock.now() + 10 * minute, 'https://other.example'));
    expect(entries()?.jti).toBe(3002);
    clock.advance(minute);
    await settled();
    expect(entries()?.jti).toBe(1);
    clock.advance(10 * minute);
    await settled();
    expect(entries()?.jti).toBe(0);
  });

  it('are removed later if there was no timer, or no clock, for a while', async () => {
    const held = heldStore();
    const { authenticator, clock, broken, entries, jti } = kept(held);
    await authenticator.ready();
    broken.timers = true;
    held.pass(jti('1', clock.now() + 1000));
    broken.timers = false;
    clock.advance(2 * minute);
    await settled();
    expect(entries()?.jti).toBe(1); // nothing looked for it

    held.pass(jti('2', clock.now() + 1000));
    broken.clock = true;
    clock.advance(minute);
    await settled();
    broken.clock = false;
    expect(entries()?.jti).toBe(2);

    held.pass(jti('3', clock.now() + 1000));
    clock.advance(2 * minute);
    await settled();
    expect(entries()?.jti).toBe(0);
  });
});

describe('what goes wrong with a store', () => {
  const unreadable: unknown = new Proxy(new Error('x'), {
    get() {
      throw new Error('cannot be read');
    },
  });
  it.each<[string, unknown, string]>([
    ['its code', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['its name', new RangeError('secret'), 'RangeError'],
    ['nothing of a code that is none', Object.assign(new Error('s'), { code: 's ecret' }), 'Error'],
    [
      'nothing of a name that is none',
      Object.assign(new Error('secret'), { name: 'a secret' }),
      'an error',
    ],
    ['nothing of what is no error', 'secret', 'an error'],
    ['nothing of what cannot be read', unreadable, 'an error'],
  ])('is logged with %s', async (_name, thrown, shown) => {
    const held = heldStore();
    held.store.load = async function* () {
      await Promise.resolve();
      throw thrown;
      yield undefined as never;
    };
    const { authenticator, log } = kept(held);
    await rejected(authenticator.ready());
    expect(log.lines.join()).toContain(`(${shown})`);
    expect(log.lines.join()).not.toContain('secret');
  });

  it('is logged for at most 20 problems in ten seconds, however many there are', async () => {
    const held = heldStore();
    const { authenticator, log } = kept(held);
    await authenticator.ready();
    const passBroken = (code: string): void =>
      held.pass({
        get by() {
          throw Object.assign(new Error('broken'), { code });
        },
      });
    for (let index = 0; index < 150; index++) passBroken(`E${String(index)}`);
    passBroken('E0');
    expect(log.lines).toHaveLength(20);
  });
});

describe('following a store', () => {
  it('is never stale if the store does not say how often it is heard from', async () => {
    const held = heldStore();
    const { authenticator, clock } = kept(held);
    await authenticator.ready();
    clock.advance(10 * minute);
    expect(authenticator.health().revocations?.stalenessMs).toBe(0);
  });

  it('reads the store although there is no clock at that moment', async () => {
    const held = heldStore();
    const { authenticator, broken, clock, entries, jti } = kept(held);
    held.kept = [jti('1', clock.now() + minute)];
    broken.clock = true;
    const ready = authenticator.ready();
    await settled();
    broken.clock = false;
    held.tell((listener) => listener.onGap());
    await ready.catch(() => undefined);
    await settled();
    expect(entries()?.jti).toBe(1);
  });

  it('ends with close(), also in the middle of a reading and before a new attempt', async () => {
    const held = heldStore();
    let isEnded = false;
    let goOn = (): void => undefined;
    held.store.load = async function* () {
      try {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield { by: 'jti', value: '1', until: Number.MAX_SAFE_INTEGER };
        yield { by: 'jti', value: '2', until: Number.MAX_SAFE_INTEGER };
      } finally {
        isEnded = true;
      }
    };
    const { authenticator, entries } = kept(held);
    await settled();
    await authenticator.close();
    goOn();
    await settled();
    expect(isEnded).toBe(true);
    expect(entries()?.jti).toBe(0);

    const failing = heldStore();
    failing.kept = new Error('down');
    const other = kept(failing);
    await settled();
    const loads = failing.loads();
    await other.authenticator.close();
    other.clock.advance(10 * minute);
    await settled();
    expect(failing.loads()).toBe(loads);
  });

  it('reports a store that was never heard of, with and without a subscriber', async () => {
    const messages: unknown[] = [];
    const listener = (message: unknown): unknown => messages.push(message);
    for (const isSubscribed of [false, true]) {
      if (isSubscribed) subscribe('hasura-auth.revocation:stale', listener);
      const held = heldStore(1000);
      held.kept = new Error('down');
      const { clock, log } = kept(held);
      await settled();
      clock.advance(minute);
      await settled();
      expect(log.lines.some((line) => line.includes('no entry is known yet'))).toBe(true);
    }
    unsubscribe('hasura-auth.revocation:stale', listener);
    expect(messages).toEqual([{ stalenessMs: Infinity }]);
  });

  it('reports how old its entries are when a later reading fails', async () => {
    const messages: unknown[] = [];
    const listener = (message: unknown): unknown => messages.push(message);
    const held = heldStore(1000);
    const { authenticator, clock, log } = kept(held);
    await authenticator.ready();
    subscribe('hasura-auth.revocation:stale', listener);
    held.kept = new Error('down');
    clock.advance(700);
    held.tell((listener) => listener.onGap());
    await settled();
    unsubscribe('hasura-auth.revocation:stale', listener);
    expect(messages).toEqual([{ stalenessMs: 700 }]);
    expect(log.lines.some((line) => line.includes('known entries stay in force'))).toBe(true);
  });

  it('refuses requests in webhook mode too while revocations may be missed', async () => {
    const held = heldStore(1000);
    const calls: unknown[] = [];
    const { authenticator, clock } = kept(
      held,
      { onUnavailable: 'refuse', maxStalenessMs: 5000 },
      {
        authHook: 'http://127.0.0.1:9/',
        fetch: async (url) => {
          calls.push(url);
          return Response.json({ 'x-hasura-role': 'user' });
        },
      },
    );
    await authenticator.ready();
    const request = { headers: { authorization: 'Bearer opaque' } };
    expect((await authenticator.authenticate(request)).role).toBe('user');
    clock.advance(5001);
    const error = await rejected(authenticator.authenticate(request));
    expect(isAuthError(error) && error.kind).toBe('revocations-unavailable');
    expect(calls).toHaveLength(1);
  });
});

it('connections of all registries of an authenticator are ended by one of them', async () => {
  const held = heldStore();
  const { authenticator } = kept(held);
  const [one, other] = [authenticator.connections(), authenticator.connections()];
  const closes: unknown[] = [];
  const connection = other.open((code) => closes.push(code));
  await connection.authenticate({ headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' } });
  one.disconnect({ role: 'admin' });
  await settled();
  expect(closes).toEqual([4403]);
  expect(held.added).toHaveLength(1);
});
