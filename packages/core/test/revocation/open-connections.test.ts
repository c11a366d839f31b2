import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createAuthenticator } from '../../src/authenticator.js';
import { AuthError } from '../../src/errors.js';
import { tokenIdentity } from '../../src/jwt/verify.js';
import { memoryRevocations } from '../../src/revocation/memory-store.js';
import type { Revocation } from '../../src/revocation/revocation.js';
import { hook, registry, tick, withToken, type Registry } from '../connection/registry.js';
import { refusal, rejection, mistake } from '../thrown.js';
import { heldStore, settled } from './held-store.js';

const revokedFrame = [4403, 'Could not verify JWT: JWTRevoked'];
const issuer = 'https://issuer.example';

describe('a revocation closes the sockets of its tokens', () => {
  const claims = (clock: Registry['clock']) => ({
    iss: issuer,
    jti: 'token-1',
    sid: 'session-1',
    iat: clock.now() / 1000 - 10,
  });

  it.each<[string, (token: string) => Revocation]>([
    ['token', (token) => ({ token })],
    ['jti', () => ({ jti: 'token-1' })],
    ['sid and issuer', () => ({ sid: 'session-1', iss: issuer })],
    ['sub', () => ({ sub: '1' })],
    ['issuer', () => ({ iss: issuer })],
  ])('by %s, with 4403, and no others', async (_by, revocation) => {
    const { authenticator, clock, closes, connections, open, token } = registry();
    const mine = await token('1', 60, claims(clock));
    const connection = open();
    await connection.authenticate(withToken(mine));
    const others = [open(), open()];
    await others[0]?.authenticate(withToken(await token('2')));
    await others[1]?.authenticate({
      headers: { 'x-hasura-admin-secret': 'a-long-admin-secret' },
    });
    await authenticator.revoke(revocation(mine));
    await settled();
    expect(closes).toEqual([revokedFrame]);
    expect(connections.size).toBe(2);
    expect(refusal(() => connection.session).kind).toBe('revoked');
    expect(others.map(({ session }) => session.role)).toEqual(['user', 'admin']);
  });

  it('and not that of a login after it', async () => {
    const { authenticator, clock, closes, open, token } = registry();
    await open().authenticate(withToken(await token('1', 60, { iat: clock.now() / 1000 })));
    await authenticator.revoke({ sub: '1' });
    await settled();
    expect(closes).toEqual([]);
    await authenticator.revoke({ sub: '1', before: clock.now() / 1000 + 1 });
    await settled();
    expect(closes).toEqual([revokedFrame]);
  });

  it('also if entries come while others are looked at', async () => {
    const { authenticator, closes, open, token } = registry();
    for (let at = 0; at < 1200; at++)
      await open().authenticate(withToken(await token(String(at), 60, { jti: String(at) })));
    for (const jti of ['0', '500', '1199']) {
      await authenticator.revoke({ jti });
      await tick();
    }
    await settled();
    expect(closes).toHaveLength(3);
  });

  it('whose connection is authenticated again with another token stays open', async () => {
    const { authenticator, closes, open, token } = registry();
    const [old, next] = [await token('1', 60, { jti: '1' }), await token('1', 60, { jti: '2' })];
    const connection = open();
    await connection.authenticate(withToken(old));
    await connection.reauthenticate(withToken(next));
    await authenticator.revoke({ token: old });
    await authenticator.revoke({ jti: '1' });
    await settled();
    expect(closes).toEqual([]);
    await authenticator.revoke({ jti: '2' });
    await settled();
    expect(closes).toEqual([revokedFrame]);
  });

  it('in every registry of the authenticator', async () => {
    const { authenticator, closes, token } = registry();
    const other = authenticator.connections();
    const mine = await token('1');
    await other.open((...frame) => closes.push(frame)).authenticate(withToken(mine));
    await authenticator.revoke({ token: mine });
    await settled();
    expect(closes).toEqual([revokedFrame]);
    expect(other.size).toBe(0);
  });

  it('of a webhook by the token and, if the session is older, by the user', async () => {
    const answer = { 'X-Hasura-Role': 'user', 'X-Hasura-User-Id': '1' };
    const { authenticator, clock, closes, open } = registry(undefined, hook(answer));
    await open().authenticate(withToken('one'));
    await open().authenticate(withToken('two'));
    await authenticator.revoke({ token: 'one' });
    await settled();
    expect(closes).toEqual([revokedFrame]);
    clock.advance(1);
    await authenticator.revoke({ sub: '1', iss: issuer }); // whose users a hook's are is not known
    await authenticator.revoke({ sub: '2' });
    await settled();
    expect(closes).toHaveLength(1);
    await authenticator.revoke({ sub: '1' });
    await settled();
    expect(closes).toHaveLength(2);
    await open().authenticate(withToken('three'));
    await authenticator.revoke({ jti: '1' });
    await settled();
    expect(closes).toHaveLength(2);
  });
});

describe('a connection that is being authenticated when its token is revoked', () => {
  /** An authenticator whose `onSession` waits until the test lets it go on. */
  const waiting = () => {
    const waits: (() => void)[] = [];
    const onSession = () => new Promise<void>((resolve) => waits.push(resolve));
    return { waits, ...registry(undefined, { onSession }) };
  };

  it.each<[string, (token: string) => Revocation]>([
    ['token', (token) => ({ token })],
    ['jti', () => ({ jti: 'token-1' })],
    ['sub', () => ({ sub: '1' })],
  ])('by %s is refused', async (_by, revocation) => {
    const { authenticator, open, token, waits, connections } = waiting();
    const mine = await token('1', 60, { jti: 'token-1' });
    const deciding = rejection(open().authenticate(withToken(mine)));
    await tick();
    await authenticator.revoke(revocation(mine));
    await settled();
    waits[0]?.();
    expect((await deciding).kind).toBe('revoked');
    expect(connections.size).toBe(0);
  });

  it('keeps its session if only the fresh token is revoked', async () => {
    const { authenticator, closes, open, token, waits } = waiting();
    const [old, next] = [await token('1', 60, { jti: '1' }), await token('1', 60, { jti: '2' })];
    const connection = open();
    const first = connection.authenticate(withToken(old));
    await tick();
    waits[0]?.();
    await first;
    const again = rejection(connection.reauthenticate(withToken(next)));
    await tick();
    await authenticator.revoke({ token: next });
    waits[1]?.();
    expect((await again).kind).toBe('revoked');
    await settled();
    expect(closes).toEqual([]);
    expect(connection.session.role).toBe('user');
  });

  it('by user at a webhook is refused if the hook was asked before', async () => {
    let respond: (response: Response) => void = () => undefined;
    const answer = () => new Promise<Response>((resolve) => (respond = resolve));
    const { authenticator, clock, open } = registry(undefined, hook(answer));
    const deciding = rejection(open().authenticate(withToken('one')));
    await tick();
    clock.advance(1);
    await authenticator.revoke({ sub: '1' });
    respond(new Response(JSON.stringify({ 'x-hasura-role': 'user', 'x-hasura-user-id': '1' })));
    expect((await deciding).kind).toBe('revoked');
  });
});

describe('on two processes with one store', () => {
  const two = () => {
    const revocations = memoryRevocations();
    return [registry(undefined, { revocations }), registry(undefined, { revocations })] as const;
  };

  it('a revocation in one closes the sockets in the other', async () => {
    const [here, there] = two();
    const token = await there.token('1');
    await there.open().authenticate(withToken(token));
    await here.authenticator.revoke({ sub: '1' });
    await settled();
    expect(there.closes).toEqual([revokedFrame]);
  });

  it('disconnect in one closes those that match in the other; its number is its own', async () => {
    const [here, there] = two();
    const token = await here.token('1');
    await here.open().authenticate(withToken(token));
    for (const user of ['1', '2'])
      await there.open().authenticate(withToken(await there.token(user)));
    const which = { sessionVariable: { name: 'X-Hasura-User-Id', value: '1' }, role: 'user' };
    const end = { code: 4401, reason: 'Logged out' };
    expect(here.connections.disconnect(which, end)).toBe(1);
    await settled();
    expect(here.closes).toEqual([[4401, 'Logged out']]);
    expect(there.closes).toEqual([[4401, 'Logged out']]);
    expect(there.connections.size).toBe(1);
    expect(here.connections.disconnect({ token: await there.token('2') })).toBe(0);
    await settled();
    expect(there.connections.size).toBe(0);
  });

  it('reauthenticate closes with 4403 on both', async () => {
    const [here, there] = two();
    for (const { open, token } of [here, there])
      await open().authenticate(withToken(await token('1')));
    expect(here.connections.reauthenticate({ role: 'user' })).toBe(1);
    await settled();
    expect([here.closes, there.closes]).toEqual([
      [[4403, 'Authenticate again']],
      [[4403, 'Authenticate again']],
    ]);
    expect(mistake(() => here.connections.reauthenticate({})).option).toBe('disconnect');
  });

  it('a connection that is being authenticated in the other is ended too', async () => {
    const revocations = memoryRevocations();
    let go: () => void = () => undefined;
    const onSession = () => new Promise<void>((resolve) => (go = resolve));
    const here = registry(undefined, { revocations });
    const there = registry(undefined, { revocations, onSession });
    const deciding = rejection(there.open().authenticate(withToken(await there.token('1'))));
    await tick();
    here.connections.disconnect({ role: 'user' });
    go();
    expect((await deciding).kind).toBe('session-ended');
  });
});

it('a session whose token is revoked while it is decided is refused', async () => {
  let go = (): void => undefined;
  const decided = new Promise<void>((resolve) => {
    go = resolve;
  });
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { authenticator, connections, open, token } = registry(undefined, {
    onSession: async () => {
      begun();
      await decided;
      return {};
    },
  });
  const deciding = rejection(
    open().authenticate(withToken(await token('1', 60, { jti: 'token-1' }))),
  );
  await asked;
  await authenticator.revoke({ jti: 'token-1' });
  go();
  expect((await deciding).kind).toBe('revoked');
  expect(connections.size).toBe(0);
});

it('a session whose token is revoked between its decision and the opening of its connection is refused', async () => {
  const held = heldStore();
  const { clock, connections, open, token } = registry(undefined, {
    revocations: held.store,
    onSession: async () => ({}),
  });
  await settled();
  const mine = await token('1', 60, { jti: 'token-1' });
  const entry = { by: 'jti', value: 'token-1', until: clock.now() + 60_000 };
  const decided = jest.fn(() => {
    held.pass(entry);
  });
  const channel = 'tracing:hasura-auth.authenticate:asyncEnd';
  subscribe(channel, decided);
  try {
    expect((await rejection(open().authenticate(withToken(mine)))).kind).toBe('revoked');
  } finally {
    unsubscribe(channel, decided);
  }
  expect(decided).toHaveBeenCalledTimes(1);
  expect(connections.size).toBe(0);
});

it('a session of a webhook whose user is revoked while the webhook is asked is refused', async () => {
  let answer = (_response: Response): void => undefined;
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { authenticator, clock, connections, open } = registry(
    undefined,
    hook(() => {
      begun();
      return new Promise((resolve) => {
        answer = resolve;
      });
    }),
  );
  const deciding = rejection(open().authenticate(withToken('opaque')));
  await asked;
  clock.advance(1000);
  await authenticator.revoke({ sub: '1' });
  answer(new Response(JSON.stringify({ 'x-hasura-role': 'user', 'x-hasura-user-id': '1' })));
  expect((await deciding).kind).toBe('revoked');
  expect(connections.size).toBe(0);
});

describe('an announcement', () => {
  it('is not followed by the authenticator that made it, so that clients may come back at once', async () => {
    const held = heldStore();
    const { closes, connections, open, token } = registry(undefined, { revocations: held.store });
    const mine = withToken(await token('1'));
    await open().authenticate(mine);
    expect(connections.disconnect({ role: 'user' })).toBe(1);
    await tick();
    await open().authenticate(mine);
    held.pass(held.added[0]);
    await settled();
    expect(closes).toHaveLength(1);
    expect(connections.size).toBe(1);
  });

  it('has no role, variable or token that was not given, and no token at all', async () => {
    const held = heldStore();
    const { connections, token } = registry(undefined, { revocations: held.store });
    const mine = await token('1');
    connections.disconnect({ token: mine });
    expect(JSON.parse(JSON.stringify(held.added))).toEqual([
      {
        by: 'connections',
        from: expect.any(String),
        token: tokenIdentity(mine),
        code: 4403,
        reason: 'The session has ended',
        until: expect.any(Number),
      },
    ]);
  });

  it('that is too old has no effect', async () => {
    const held = heldStore();
    const { clock, closes, open, token } = registry(undefined, { revocations: held.store });
    await open().authenticate(withToken(await token('1')));
    const entry = { by: 'connections', from: 'x', role: 'user', code: 4403, reason: '' };
    held.pass({ ...entry, until: clock.now() });
    await settled();
    expect(closes).toEqual([]);
    held.pass({ ...entry, until: clock.now() + 1 });
    await settled();
    expect(closes).toEqual([[4403, '']]);
  });

  it('that the store rejects is logged, and the connections here are closed', async () => {
    const held = heldStore();
    held.onAdd = () => Promise.reject(new Error('a secret'));
    const { closes, connections, log, open, token } = registry(undefined, {
      revocations: held.store,
    });
    await open().authenticate(withToken(await token('1')));
    expect(connections.disconnect({ role: 'user' })).toBe(1);
    await settled();
    expect(closes).toHaveLength(1);
    expect(log).toEqual([
      'revocations: closing connections could not be announced to other processes (Error)',
    ]);
  });
});

it('10,000 sockets of a revoked issuer are closed a few in each tick', async () => {
  const { authenticator, connections, open, token } = registry();
  const mine = withToken(await token('1', 60, { iss: issuer }));
  let closed = 0;
  let most = 0;
  let before = 0;
  for (let at = 0; at < 10_000; at++) await open(() => closed++).authenticate(mine);
  await authenticator.revoke({ iss: issuer });
  expect(closed).toBe(0);
  for (let turn = 0; closed < 10_000 && turn < 1000; turn++) {
    await tick();
    most = Math.max(most, closed - before);
    before = closed;
  }
  expect(closed).toBe(10_000);
  expect(most).toBeLessThanOrEqual(50);
  expect(connections.size).toBe(0);
});

it('a clock that fails while connections are looked at is logged', async () => {
  let fails = false;
  const log: string[] = [];
  const write = (line: string): unknown => log.push(line);
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    authHook: 'https://hook.example/',
    fetch: () => Promise.resolve(new Response('{"x-hasura-role":"user"}')),
    logger: { warn: write, error: write },
    runtime: {
      now: () => {
        if (fails) throw new Error('no clock');
        return Date.now();
      },
    },
  });
  const connection = authenticator.connections().open(() => undefined);
  await connection.authenticate(withToken('one'));
  await authenticator.revoke({ jti: '1' });
  fails = true;
  await settled();
  expect(log).toEqual(['checking whether a connection is revoked failed: Error: no clock']);
  expect(() => connection.session).not.toThrow(AuthError);
});
