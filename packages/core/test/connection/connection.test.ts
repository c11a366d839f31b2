import { closeReason } from '../../src/connection/ends.js';
import { tokenIdentity } from '../../src/jwt/verify.js';
import { refusal, rejected, rejection } from '../thrown.js';
import { hook, registry, tick, withToken } from './registry.js';

it.each([
  ['short', 'short'],
  ['x'.repeat(123), 'x'.repeat(123)],
  ['x'.repeat(124), 'x'.repeat(123)],
  [`${'x'.repeat(122)}é`, 'x'.repeat(122)],
  [`${'x'.repeat(120)}😀`, 'x'.repeat(120)],
  ['é'.repeat(62), 'é'.repeat(61)],
])('the reason %s is cut to what fits a close frame', (text, reason) => {
  expect(closeReason(text)).toBe(reason);
  expect(Buffer.byteLength(closeReason(text))).toBeLessThanOrEqual(123);
});

it('a JWS is known by its header and payload, and any other text by the whole of it', () => {
  const h = Buffer.from('{"alg":"RS256"}').toString('base64url');
  expect(tokenIdentity(`${h}.b.c`)).toBe(tokenIdentity(`${h}.b.other`));
  expect(tokenIdentity(`${h}.b.`)).toBe(tokenIdentity(`${h}.b.c`));
  // The decoder of a webhook may pass over what is behind the signature.
  for (const ending of ['=', '==', '\n', ' ', '!', 'ç'])
    expect(tokenIdentity(`${h}.b.c${ending}`)).toBe(tokenIdentity(`${h}.b.c`));
  for (const other of ['.x', '.x.c', '.b.c.d', '.b.c.d.e', '..c', '=.b.c'])
    expect(tokenIdentity(h + other)).not.toBe(tokenIdentity(`${h}.b.c`));
  expect(tokenIdentity('a.b.c.d.e')).not.toBe(tokenIdentity('a.b.c.d.f'));
});

describe('a connection', () => {
  it('ends with its session: its socket is closed once and it is forgotten', async () => {
    const { clock, connections, closes, open, token } = registry();
    const connection = open();
    expect(refusal(() => connection.session).kind).toBe('session-ended');
    const session = await connection.authenticate(withToken(await token('1', 2)));
    expect(connection.session).toBe(session);
    clock.advance(1999);
    expect([connections.size, closes]).toEqual([1, []]);
    clock.advance(1);
    expect(closes).toEqual([]); // in a later tick, a few at a time
    expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
    await tick();
    expect([connections.size, closes]).toEqual([0, [[4403, 'Could not verify JWT: JWTExpired']]]);
    expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
    connection.closed();
    connection.closed();
  });

  it('has no session after its expiry, although the timer is late', async () => {
    const { clock, open, token } = registry();
    const connection = open();
    await connection.authenticate(withToken(await token('1', 2)));
    clock.set(clock.now() + 2000);
    expect(refusal(() => connection.session).message).toBe('Could not verify JWT: JWTExpired');
  });

  it('of a webhook is closed with a message of its own when its session expires', async () => {
    const { clock, closes, open } = registry(
      undefined,
      hook({ 'x-hasura-role': 'user', 'cache-control': 'max-age=5' }),
    );
    await open().authenticate(withToken('a token that the hook knows'));
    clock.advance(5000);
    await tick();
    expect(closes).toEqual([[4403, 'The session has ended']]);
  });

  it('that was closed before its session expired is not closed again', async () => {
    const { clock, connections, closes, open, token } = registry();
    const connection = open();
    await connection.authenticate(withToken(await token('1', 2)));
    clock.advance(2000);
    connection.closed();
    await tick();
    expect([connections.size, closes]).toEqual([0, []]);
  });

  it('that is refused is forgotten, and its socket is left to the caller', async () => {
    const { connections, closes, open } = registry();
    const { kind } = await rejection(open().authenticate({ headers: {} }));
    expect([kind, connections.size]).toEqual(['missing-token', 0]);
    const malformed = open().authenticate({ connectionParams: 7, headers: {} });
    expect((await rejection(malformed)).kind).toBe('bad-connection-params');
    await tick();
    expect([connections.size, closes]).toEqual([0, []]);
  });

  it('is forgotten without a delay when something else than a refusal fails', async () => {
    const { connections, open } = registry({
      allowedOrigins: () => {
        throw new Error('lookup failed');
      },
    });
    const headers = { cookie: 'a=b', origin: 'https://app.example.com' };
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await rejected(open().authenticate({ headers }))).toEqual(new Error('lookup failed'));
    expect(connections.size).toBe(0);
  });

  it.each(['now', 'setTimeout'] as const)(
    'is refused if its end cannot be watched, because runtime.%s throws',
    async (member) => {
      const { clock, connections, open } = registry(
        undefined,
        hook(() => {
          clock[member] = () => {
            throw new Error('broken');
          };
          const answer = { 'x-hasura-role': 'user', 'cache-control': 'max-age=5' };
          return Promise.resolve(new Response(JSON.stringify(answer)));
        }),
      );
      const connection = open();
      await rejected(connection.authenticate(withToken('a')));
      expect(connections.size).toBe(0);
      expect(refusal(() => connection.session).kind).toBe('session-ended');
    },
  );
});

describe('the refusal of a token that was refused before', () => {
  it('is delayed, and stops being delayed when the socket closes', async () => {
    const { clock, open, token } = registry();
    const expired = withToken(await token('1', -1));
    await rejection(open().authenticate(expired));
    const refused: string[] = [];
    const second = rejection(open().authenticate(expired)).then(() => refused.push('second'));
    const leaving = open();
    const third = rejection(leaving.authenticate(expired)).then(() => refused.push('third'));
    await tick();
    clock.advance(999);
    await tick();
    expect(refused).toEqual([]);
    leaving.closed();
    await third;
    clock.advance(1);
    await second;
    expect(refused).toEqual(['third', 'second']);
  });

  it('is not delayed on a socket that has closed', async () => {
    const { open, token } = registry();
    const expired = withToken(await token('1', -1));
    await rejection(open().authenticate(expired));
    const gone = open();
    const outcome = rejection(gone.authenticate(expired));
    gone.closed();
    expect((await outcome).code).toBe('invalid-jwt');
  });

  it('announces the delay, so that the caller can let go of the client’s message', async () => {
    const { clock, open, token } = registry();
    const expired = withToken(await token('1', -1));
    const announced: number[] = [];
    await rejection(open().authenticate(expired, () => announced.push(1)));
    const second = rejection(open().authenticate(expired, () => announced.push(2)));
    await tick();
    expect(announced).toEqual([2]);
    clock.advance(1000);
    await second;
  });

  it('is answered at once if no timer can be set', async () => {
    const { clock, open, token } = registry();
    const expired = withToken(await token('1', -1));
    await rejection(open().authenticate(expired));
    clock.setTimeout = () => {
      throw new Error('broken');
    };
    expect((await rejection(open().authenticate(expired))).code).toBe('invalid-jwt');
  });
});

describe('re-authentication', () => {
  it('moves the end of the connection and the token by which it is known', async () => {
    const { clock, connections, closes, open, token } = registry();
    const connection = open();
    const [first, second] = [await token('1', 2), await token('1', 10)];
    await connection.authenticate(withToken(first));
    const session = await connection.reauthenticate(withToken(second));
    expect(connection.session).toBe(session);
    clock.advance(9999);
    expect(connections.size).toBe(1);
    expect(connections.disconnect({ token: first })).toBe(0);
    clock.advance(1);
    await tick();
    expect(closes).toEqual([[4403, 'Could not verify JWT: JWTExpired']]);
  });

  it('that began before the session expired keeps the connection open', async () => {
    const { clock, connections, closes, open, token } = registry();
    const connection = open();
    await connection.authenticate(withToken(await token('1', 2)));
    const fresh = withToken(await token('1', 10));
    const reauthenticated = connection.reauthenticate(fresh);
    clock.advance(2000);
    await reauthenticated;
    await tick();
    expect([connections.size, closes]).toEqual([1, []]);
  });

  it('that is refused leaves the session as it is, and is not delayed', async () => {
    const { open, token } = registry();
    const connection = open();
    const session = await connection.authenticate(withToken(await token('1')));
    for (let attempt = 0; attempt < 3; attempt++)
      expect((await rejection(connection.reauthenticate(withToken('x')))).code).toBe('invalid-jwt');
    const other = connection.reauthenticate(withToken(await token('2')));
    expect(await rejection(other)).toMatchObject({ kind: 'session-change', status: 403 });
    expect(connection.session).toBe(session);
  });

  it('whose rule throws rejects with that error and leaves the session as it is', async () => {
    const { open, token } = registry({
      reauthentication: () => {
        throw new Error('rule failed');
      },
    });
    const connection = open();
    const session = await connection.authenticate(withToken(await token('1')));
    const again = withToken(await token('1'));
    expect(await rejected(connection.reauthenticate(again))).toEqual(new Error('rule failed'));
    expect(await rejected(connection.authenticate(again))).toEqual(new Error('rule failed'));
    expect(connection.session).toBe(session);
  });

  it.each([
    ['resolves to true', async () => true],
    ['rejects', async () => Promise.reject(new Error('rule failed'))],
  ])('is not allowed by a rule that returns a promise, which %s', async (_name, rule) => {
    const { open, token } = registry({ reauthentication: rule as never }); // what a program without types may pass
    const connection = open();
    const session = await connection.authenticate(withToken(await token('1')));
    const other = connection.reauthenticate(withToken(await token('2')));
    expect(String(await rejected(other))).toBe(
      'Error: reauthentication: the function must return true or false, and it returned a promise',
    );
    expect(connection.session).toBe(session);
  });

  it('is rejected on a connection without a session', async () => {
    const { open, token } = registry();
    const fresh = withToken(await token('1'));
    expect((await rejection(open().reauthenticate(fresh))).kind).toBe('session-ended');
  });

  it('uses the later of two tokens that come at the same time', async () => {
    const answers: ((response: Response) => void)[] = [];
    const { open } = registry(
      { reauthentication: () => true },
      hook(() => new Promise((resolve) => answers.push(resolve))),
    );
    const answer = async (index: number, role: string): Promise<void> => {
      while (answers[index] === undefined) await tick();
      answers[index](new Response(JSON.stringify({ 'x-hasura-role': role })));
    };
    const connection = open();
    const authenticated = connection.authenticate(withToken('a'));
    await answer(0, 'user');
    await authenticated;
    const earlier = connection.reauthenticate(withToken('b'));
    const later = connection.reauthenticate(withToken('c'));
    await answer(2, 'later');
    expect((await later).role).toBe('later');
    await answer(1, 'earlier');
    expect((await earlier).role).toBe('later');
  });
});
