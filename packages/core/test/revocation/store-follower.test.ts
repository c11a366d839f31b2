import { keptLog, virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { RevocationOptions } from '../../src/revocation/options.js';
import { rejected, rejection } from '../thrown.js';
import { goodClaims, mintToken, secretText } from '../tokens.js';
import type { RevocationEntry } from '../../src/revocation/store.js';
import { heldStore, settled, type HeldStore } from './held-store.js';

const day = 86_400_000;

function following(held: HeldStore, options: RevocationOptions = {}) {
  const clock = virtualClock();
  const log = keptLog();
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    jwtSecret: { type: 'HS256', key: secretText('hs') },
    runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
    logger: log.logger,
    revocations: { store: held.store, ...options },
  });
  const decide = async (jti: string): Promise<string> => {
    const token = await mintToken({
      sign: { key: 'hs', alg: 'HS256' },
      claims: { ...goodClaims, jti },
    });
    const request = { headers: { authorization: `Bearer ${token}` } };
    const decided = authenticator.authenticate(request);
    return decided.then(
      ({ role }) => role,
      async () => (await rejection(decided)).kind,
    );
  };
  const entry = (jti: string, more: object = {}) => ({
    by: 'jti',
    value: jti,
    until: clock.now() + day,
    ...more,
  });
  return { clock, log, authenticator, decide, entry };
}

describe('a store', () => {
  it('is read at the start, and what it has revoked is refused', async () => {
    const held = heldStore();
    const { authenticator, decide, entry } = following(held);
    held.kept = [entry('1')];
    await authenticator.ready();
    expect(held.loads()).toBe(1);
    expect(await decide('1')).toBe('revoked');
    expect(await decide('2')).toBe('user');
    held.pass(entry('2'));
    expect(await decide('2')).toBe('revoked');
    expect(held.loads()).toBe(1);
  });

  it('is subscribed to before it is read, so that no entry is missed', async () => {
    const held = heldStore();
    const { authenticator, decide, entry } = following(held);
    const { load } = held.store;
    let subscribed = 0;
    held.store.load = () => {
      subscribed = held.listeners.size;
      held.pass(entry('1'));
      return load();
    };
    await authenticator.ready();
    expect(subscribed).toBe(1);
    expect(await decide('1')).toBe('revoked');
  });

  it('is left when the authenticator closes', async () => {
    const held = heldStore();
    const { authenticator, decide, entry } = following(held);
    await authenticator.ready();
    const [listener] = held.listeners;
    await authenticator.close();
    expect(held.listeners.size).toBe(0);
    listener?.onEntry(entry('1') as never); // a store that does not stop
    listener?.onGap();
    await settled();
    expect(held.loads()).toBe(1);
    expect(await decide('1')).toBe('user');
  });

  it('that has 100,000 entries does not stop the process while it is read', async () => {
    const held = heldStore();
    const { authenticator, decide, entry } = following(held);
    held.kept = Array.from({ length: 100_000 }, (_, at) => entry(String(at)));
    let turns = 0;
    let isReady = false;
    const count = (): void => {
      turns++;
      if (!isReady) setImmediate(count);
    };
    setImmediate(count);
    await authenticator.ready();
    isReady = true;
    expect(turns).toBeGreaterThan(100);
    expect(await decide('0')).toBe('revoked');
    expect(await decide('99999')).toBe('revoked');
    expect(await decide('100000')).toBe('user');
  });

  it('is read again after a gap, and what is known stays in force meanwhile and afterwards', async () => {
    const held = heldStore();
    const { authenticator, decide, entry } = following(held);
    held.kept = [entry('1')];
    await authenticator.ready();
    held.kept = [entry('2')]; // such as after a restart of the database, which has lost the first
    held.tell((listener) => listener.onGap());
    expect(await decide('1')).toBe('revoked');
    await settled();
    expect(held.loads()).toBe(2);
    expect([await decide('1'), await decide('2')]).toEqual(['revoked', 'revoked']);
  });

  it('is read once more if a gap comes while it is read', async () => {
    const held = heldStore();
    const { authenticator } = following(held);
    held.tell((listener) => listener.onGap());
    await authenticator.ready();
    held.tell((listener) => {
      listener.onGap();
      listener.onGap();
      listener.onGap();
    });
    await settled();
    expect(held.loads()).toBe(3);
  });

  it.each([
    ['load', new Error('redis://user:password@host')],
    ['load', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
  ])(
    'that cannot be read (%s) is read again, later and later; requests do not wait',
    async (_name, error) => {
      const held = heldStore();
      held.kept = error;
      const { authenticator, clock, decide, log, entry } = following(held);
      const failed = String(await rejected(authenticator.ready()));
      expect(failed).toMatch(
        /^Error: revocations: the store could not be read: (Error|ECONNREFUSED)$/,
      );
      expect(await decide('1')).toBe('user');
      for (const ms of [1000, 2000, 4000]) {
        const before = held.loads();
        clock.advance(ms - 1);
        await settled();
        expect(held.loads()).toBe(before);
        clock.advance(1);
        await settled();
        expect(held.loads()).toBe(before + 1);
      }
      held.kept = [entry('1')];
      await authenticator.ready(); // reads it at once
      expect(await decide('1')).toBe('revoked');
      expect(log.lines).toHaveLength(2);
      expect(log.lines[0]).toContain('could not be read');
      expect(log.lines[1]).toContain('passes on entries again');
      expect(log.lines.join()).not.toContain('password');
    },
  );

  it('that throws from every function harms no request', async () => {
    const held = heldStore();
    const broken = (): never => {
      throw new Error('broken');
    };
    Object.assign(held.store, { load: broken, subscribe: broken, add: broken });
    const { authenticator, decide } = following(held);
    expect(String(await rejected(authenticator.ready()))).toContain('could not be read');
    expect(await decide('1')).toBe('user');
    expect(await rejected(authenticator.revoke({ jti: '1' }))).toBeInstanceOf(Error);
    expect(await decide('1')).toBe('revoked');
    authenticator.connections().disconnect({ role: 'user' });
    await settled();
    await authenticator.close();
  });
});

it.each([
  undefined,
  null,
  7,
  'jti',
  [],
  {},
  { by: 'jti' },
  { by: 'jti', value: '1' },
  { by: 'jti', value: '1', until: NaN },
  { by: 'jti', value: '1', until: '9999999999999' },
  { by: 'jti', value: '', until: 9e12 },
  { by: 'jti', value: 7, until: 9e12 },
  { by: 'jti', value: 'a'.repeat(5000), until: 9e12 },
  { by: 'jti', iss: 7, value: '1', until: 9e12 },
  { by: 'sub', value: 'user-1', until: 9e12 },
  { by: 'sub', value: 'user-1', before: '9', until: 9e12 },
  { by: 'sub', value: 'user-1', before: 9e12, withoutSid: 'yes', until: 9e12 },
  { by: 'issuer', value: 'user-1', until: 9e12 },
  { by: 'all', value: '1', until: 9e12 },
  { by: 'connections', from: 'x', code: 4403, reason: '', until: 9e12 },
  { by: 'connections', from: 'x', role: 'user', code: 1006, reason: '', until: 9e12 },
  { by: 'connections', from: 'x', role: 'user', code: 4403, until: 9e12 },
  { by: 'connections', role: 'user', code: 4403, reason: '', until: 9e12 },
  { by: 'connections', from: 'x', variable: { name: 'a' }, code: 4403, reason: '', until: 9e12 },
  { by: 'connections', from: 'x', variable: 'a', code: 4403, reason: '', until: 9e12 },
  {
    get by() {
      throw new Error('a getter');
    },
  },
])('a malformed entry is logged and has no effect (%#)', async (entry) => {
  const held = heldStore();
  const { authenticator, decide, log } = following(held);
  held.kept = [entry];
  await authenticator.ready();
  held.pass(entry);
  expect(await decide('1')).toBe('user');
  expect(log.lines).toHaveLength(1); // once in ten seconds
  expect(log.lines[0]).toMatch(/malformed|could not be read/);
});

describe('an entry of the store that finds no room', () => {
  it('is logged, and the store is read again when there is room', async () => {
    const held = heldStore();
    const { authenticator, clock, decide, entry, log } = following(held, { maxEntries: 2 });
    const soon = { until: clock.now() + 1000 };
    held.kept = [entry('1', soon), entry('2'), entry('3')];
    await authenticator.ready();
    expect(await decide('3')).toBe('user');
    expect(log.lines.join()).toContain('more than 2 entries');
    clock.advance(60_000);
    await settled();
    expect([await decide('1'), await decide('2'), await decide('3')]).toEqual([
      'user',
      'revoked',
      'revoked',
    ]);
  });

  it('is a missed one: with onUnavailable refuse, tokens are refused', async () => {
    const held = heldStore();
    const options = { maxEntries: 1, onUnavailable: 'refuse', maxStalenessMs: 5000 } as const;
    const { authenticator, clock, decide, entry } = following(held, options);
    await authenticator.ready();
    held.pass(entry('1'));
    held.pass(entry('2'));
    expect(await decide('2')).toBe('user');
    clock.advance(5001);
    expect(await decide('2')).toBe('revocations-unavailable');
  });
});

describe('while the store is out of contact', () => {
  const beat = 1000;
  const tell = (held: HeldStore): void => held.tell((listener) => listener.onCurrent());

  it('for an hour, good tokens are accepted and known revoked ones are refused, by default', async () => {
    const held = heldStore(beat);
    const { authenticator, clock, decide, entry, log } = following(held);
    held.kept = [entry('1')];
    await authenticator.ready();
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(60_000);
      expect([await decide('1'), await decide('2')]).toEqual(['revoked', 'user']);
    }
    expect(log.lines.filter((line) => line.includes('lost contact'))).toHaveLength(1);
    tell(held);
    expect(log.lines.at(-1)).toContain('passes on entries again');
  });

  it('nothing is logged while it calls in time', async () => {
    const held = heldStore(beat);
    const { authenticator, clock, log } = following(held);
    await authenticator.ready();
    for (let time = 0; time < 100; time++) {
      clock.advance(beat);
      tell(held);
    }
    expect(log.lines).toEqual([]);
  });

  it('tokens are refused after maxStalenessMs with onUnavailable refuse, and accepted again', async () => {
    const held = heldStore(beat);
    const options = { onUnavailable: 'refuse', maxStalenessMs: 5000 } as const;
    held.kept = new Error('no connection');
    const { authenticator, clock, decide } = following(held, options);
    expect(await decide('2')).toBe('revocations-unavailable'); // not read yet
    held.kept = [];
    await authenticator.ready();
    expect(await decide('2')).toBe('user');
    clock.advance(5000);
    expect(await decide('2')).toBe('user');
    clock.advance(1);
    expect(await decide('2')).toBe('revocations-unavailable');
    const admin = { headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' } };
    expect((await authenticator.authenticate(admin)).role).toBe('admin');
    tell(held);
    expect(await decide('2')).toBe('user');
  });

  it('a sign of life after a gap does not count until the store was read', async () => {
    const held = heldStore(beat);
    const options = { onUnavailable: 'refuse', maxStalenessMs: 5000 } as const;
    const { authenticator, clock, decide } = following(held, options);
    await authenticator.ready();
    held.kept = new Error('no connection');
    held.tell((listener) => listener.onGap());
    await settled();
    clock.advance(5001);
    tell(held);
    expect(await decide('1')).toBe('revocations-unavailable');
    held.kept = [];
    clock.advance(60_000);
    await settled();
    expect(await decide('1')).toBe('user');
  });
});

describe('a store that has lost entries', () => {
  const restoring = (more: (lost: readonly RevocationEntry[]) => Promise<void>) => {
    const held = heldStore();
    const restore = jest.fn(more);
    Object.assign(held.store, { restore });
    return { held, restore };
  };
  const stored = async (): Promise<void> => undefined;

  it('gets those that are known here and have not ended, after it was read again', async () => {
    const { held, restore } = restoring(stored);
    const { authenticator, clock, entry } = following(held);
    const until = clock.now() + day;
    const kept = [
      entry('kept'),
      { by: 'token', value: 'a'.repeat(43), until },
      { by: 'sid', iss: 'https://a.example', value: '1', until },
      { by: 'sid', iss: 'https://b.example', value: '1', until },
      { by: 'sub', iss: undefined, value: '1', before: 5, until },
      { by: 'sub', iss: undefined, value: '2', before: 5, withoutSid: true, until },
      { by: 'sub', iss: undefined, value: '3', before: 5, until },
      { by: 'sub', iss: undefined, value: '3', before: 7, withoutSid: true, until },
      { by: 'issuer', value: 'https://a.example', before: 5, until },
    ];
    held.kept = [...kept, entry('short', { until: clock.now() + 1000 })];
    await authenticator.ready();
    await settled();
    expect(restore).not.toHaveBeenCalled();
    clock.advance(2000);
    held.kept = [entry('kept'), entry('new')];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(restore).toHaveBeenCalledTimes(1);
    const [lost = []] = restore.mock.calls[0] ?? [];
    expect(lost).toHaveLength(kept.length - 1);
    expect(lost).toEqual(expect.arrayContaining(kept.slice(1)));
    held.kept = [entry('kept'), entry('new'), ...kept];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(restore).toHaveBeenCalledTimes(1);
  });

  it('gets those of which it has an older version that revokes less, or for a shorter time', async () => {
    const { held, restore } = restoring(stored);
    const { authenticator, clock, entry } = following(held);
    const until = clock.now() + day;
    const user = { by: 'sub', iss: undefined, value: '1', before: 50, until } as const;
    const both = { ...user, value: '2' };
    const withoutSid = { ...both, before: 70, withoutSid: true } as const;
    held.kept = [user, both, withoutSid, entry('jti', { until })];
    await authenticator.ready();
    await settled();
    held.kept = [{ ...user, before: 40 }, both, withoutSid, entry('jti', { until: until - 1000 })];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(restore.mock.calls).toEqual([[expect.arrayContaining([user, entry('jti', { until })])]]);
    expect(restore.mock.calls[0]?.[0]).toHaveLength(2);
    held.kept = [user, both, withoutSid, entry('jti', { until })];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(restore).toHaveBeenCalledTimes(1);
  });

  it('gets many without a pause of the process, and none after the authenticator was closed', async () => {
    const { held, restore } = restoring(stored);
    const { authenticator, entry } = following(held);
    held.kept = Array.from({ length: 5000 }, (_, at) => entry(String(at)));
    await authenticator.ready();
    held.kept = [];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(restore.mock.calls[0]?.[0]).toHaveLength(5000);
    held.tell((listener) => listener.onGap());
    await Promise.resolve().then(() => authenticator.close());
    await settled();
    expect(restore).toHaveBeenCalledTimes(1);
  });

  it('and cannot store them again is reported, and they stay in force', async () => {
    const { held } = restoring(async () => {
      throw Object.assign(new Error('of the store'), { code: 'ECONNREFUSED' });
    });
    const { authenticator, decide, entry, log } = following(held);
    held.kept = [entry('1')];
    await authenticator.ready();
    held.kept = [];
    held.tell((listener) => listener.onGap());
    await settled();
    expect(log.lines.join()).toContain(
      'entries that the store has lost could not be stored again (ECONNREFUSED)',
    );
    expect(await decide('1')).toBe('revoked');
  });
});

it('a store is not subscribed to once the authenticator is closed', async () => {
  const held = heldStore();
  const subscribe = jest.spyOn(held.store, 'subscribe');
  const { authenticator } = following(held);
  await authenticator.close(); // before the reading has begun
  await expect(authenticator.ready()).rejects.toThrow('could not be read');
  await settled();
  expect(subscribe).not.toHaveBeenCalled();
});
