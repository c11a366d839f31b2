import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import type { RevocationOptions } from '../../src/revocation/options.js';
import { secretText } from '../tokens.js';
import { heldStore, settled } from './held-store.js';

const beat = 1000;
function followed(options: RevocationOptions = {}) {
  const clock = virtualClock();
  const held = heldStore(beat);
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    jwtSecret: { type: 'HS256', key: secretText('hs') },
    runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
    logger: { warn: () => undefined, error: () => undefined },
    revocations: { store: held.store, ...options },
  });
  const until = clock.now() + 3_600_000;
  return { authenticator, clock, held, until };
}

describe('health', () => {
  it('has no revocations if there is neither a store nor an entry', async () => {
    const authenticator = createAuthenticator({ adminSecret: 'a-long-admin-secret' });
    expect(authenticator.health().revocations).toBeUndefined();
    await authenticator.revoke({ jti: '1' });
    expect(authenticator.health().revocations).toEqual({
      entries: { token: 0, jti: 1, sid: 0, sub: 0, issuer: 0 },
      stalenessMs: 0,
    });
  });

  it('counts entries by kind, and says for how long some may have been missed', async () => {
    const { authenticator, clock, held, until } = followed();
    expect(authenticator.health().revocations?.stalenessMs).toBeUndefined();
    held.kept = [
      { by: 'sid', value: '1', until },
      { by: 'sid', iss: 'a', value: '1', until },
      { by: 'issuer', value: 'a', before: 1, until },
    ];
    await authenticator.ready();
    clock.advance(700);
    expect(authenticator.health()).toMatchObject({
      ready: true,
      revocations: {
        entries: { token: 0, jti: 0, sid: 2, sub: 0, issuer: 1 },
        stalenessMs: 700,
      },
    });
    held.tell((listener) => listener.onCurrent());
    expect(authenticator.health().revocations?.stalenessMs).toBe(0);
  });

  it('is ready during an outage of the store, unless tokens are refused for it', async () => {
    const [allowing, refusing] = [
      followed(),
      followed({ onUnavailable: 'refuse', maxStalenessMs: 5000 }),
    ];
    expect(refusing.authenticator.health().ready).toBe(false);
    for (const { authenticator, clock } of [allowing, refusing]) {
      await authenticator.ready();
      expect(authenticator.health().ready).toBe(true);
      clock.advance(5001);
    }
    expect(allowing.authenticator.health().ready).toBe(true);
    expect(refusing.authenticator.health().ready).toBe(false);
  });
});

it('entries, gaps and the loss of contact are published, without a value', async () => {
  const messages: [string, unknown][] = [];
  const names = ['entry', 'gap', 'stale'] as const;
  const listeners = names.map((name) => {
    const listener = (message: unknown): unknown => messages.push([name, message]);
    subscribe(`hasura-auth.revocation:${name}`, listener);
    return () => unsubscribe(`hasura-auth.revocation:${name}`, listener);
  });
  try {
    const { authenticator, clock, held, until } = followed();
    await authenticator.ready();
    await authenticator.revoke({ sub: 'a-marked-user' });
    const entry = { by: 'jti', value: 'a-marked-value', until };
    held.pass(entry);
    held.pass(entry); // is known
    held.pass({ by: 'sid', value: '1', until }, clock.now() - 12);
    held.pass({ by: 'sid', value: '2', until }, clock.now() + 12); // by a clock that is ahead
    held.pass({ by: 'connections', from: 'x', role: 'r', code: 4403, reason: '', until });
    held.tell((listener) => listener.onGap());
    await settled();
    clock.advance(10 * beat);
    expect(messages).toEqual([
      ['entry', { by: 'sub', lagMs: undefined }],
      ['entry', { by: 'jti', lagMs: undefined }],
      ['entry', { by: 'sid', lagMs: 12 }],
      ['entry', { by: 'sid', lagMs: 0 }],
      ['entry', { by: 'connections', lagMs: undefined }],
      ['gap', { entries: 4 }],
      ['stale', { stalenessMs: 4 * beat }],
    ]);
  } finally {
    for (const end of listeners) end();
  }
});
