import { keptLog, virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator, type Authenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import { createLogoutEndpoint } from '../../src/logout-endpoint.js';
import { mistake, rejection } from '../thrown.js';
import { goodClaims, mintToken, secretText, spki, type Json } from '../tokens.js';
import { heldStore } from './held-store.js';

const clock = virtualClock();
const seconds = (): number => Math.floor(clock.now() / 1000);
const issuer = 'https://issuer.example';
const event = 'http://schemas.openid.net/event/backchannel-logout';
const audience = 'client-1';

const jwtSecret = { type: 'RS256', key: spki('rsa'), issuer } as const;
function provided(more: Partial<AuthOptions> = {}) {
  const held = heldStore();
  const log = keptLog();
  const authenticator = createAuthenticator({
    adminSecret: 'a-long-admin-secret',
    jwtSecret,
    runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
    logger: log.logger,
    revocations: held.store,
    ...more,
  });
  return { held, log, authenticator, accept: authenticator.backChannelLogout({ audience }) };
}

let count = 0;
type Claims = Readonly<Record<string, Json | undefined>>;

/** A logout token with other claims, and other members of the header; one that is undefined is left out. */
function logoutToken(claims: Claims = {}, header: Claims = {}, key = 'rsa', alg = 'RS256') {
  const all = {
    iss: issuer,
    aud: audience,
    iat: seconds(),
    jti: String(count++),
    sub: 'user-1',
    events: { [event]: {} },
    ...claims,
  };
  const members = JSON.parse(JSON.stringify({ typ: 'logout+jwt', ...header })) as object;
  return mintToken({
    sign: { key, alg, header: members as Record<string, Json> },
    claims: JSON.parse(JSON.stringify(all)) as Json,
  });
}

describe('a logout token', () => {
  it.each<[string, Claims, object[]]>([
    [
      'with sid and sub revokes the session, and the tokens of the user that name none',
      { sid: 'session-1' },
      [
        { by: 'sid', iss: issuer, value: 'session-1' },
        { by: 'sub', iss: issuer, value: 'user-1', withoutSid: true },
      ],
    ],
    [
      'with sid alone revokes the session',
      { sid: 'session-1', sub: undefined },
      [{ by: 'sid', iss: issuer, value: 'session-1' }],
    ],
    [
      'with sub alone revokes all tokens of the user that were issued before it',
      {},
      [{ by: 'sub', iss: issuer, value: 'user-1', withoutSid: false }],
    ],
  ])('%s', async (_what, claims, entries) => {
    const { accept, held } = provided();
    await accept(await logoutToken(claims));
    const until = clock.now() + 86_400_000;
    const before = seconds();
    expect(held.added).toEqual(
      entries.map((entry) => ({ ...entry, until, ...('withoutSid' in entry && { before }) })),
    );
  });

  it('leaves the tokens of a login after it', async () => {
    const { accept, authenticator } = provided();
    const token = (iat: number, more: Claims = {}): Promise<string> =>
      mintToken({
        sign: { key: 'rsa', alg: 'RS256' },
        claims: JSON.parse(JSON.stringify({ ...goodClaims, iss: issuer, iat, ...more })) as Json,
      });
    const accepted = async (text: string): Promise<boolean> => {
      const headers = { authorization: `Bearer ${text}` };
      return authenticator.authenticate({ headers }).then(
        () => true,
        () => false,
      );
    };
    await accept(await logoutToken({ sid: 'session-1' }));
    const at = seconds();
    expect(await accepted(await token(at - 1))).toBe(false);
    expect(await accepted(await token(at))).toBe(true);
    expect(await accepted(await token(at, { sid: 'session-1' }))).toBe(false);
    expect(await accepted(await token(at - 1, { sid: 'session-2' }))).toBe(true);
  });

  it.each<[string, Claims, Claims?]>([
    ['no typ, as of older providers', {}, { typ: undefined }],
    ['the typ JWT', {}, { typ: 'JWT' }],
    ['its typ as a media type in another case', {}, { typ: 'application/Logout+JWT' }],
    ['an exp that has not passed', { exp: seconds() + 60 }],
    ['several audiences', { aud: ['other', audience] }],
    ['more in the event', { events: { [event]: { more: 1 }, other: {} } }],
    ['other claims', { typ: 'Logout', other: null }],
  ])('is accepted with %s', async (_what, claims, header = {}) => {
    const { accept, held } = provided();
    await accept(await logoutToken(claims, header));
    expect(held.added).toHaveLength(1);
  });

  it.each<[string, Claims, Claims?]>([
    ['the token is no logout token: its typ differs', {}, { typ: 'at+jwt' }],
    ['the token is no logout token: its typ differs', {}, { typ: 7 }],
    ['JWTExpired', { exp: seconds() - 1 }],
    ['JWTExpired', { iat: seconds() - 3601 }],
    ['JWTIssuedAtFuture', { iat: seconds() + 60 }],
    ['JWTNotInIssuer', { iss: 'https://other.example' }],
    ['JWTNotInIssuer', { iss: undefined }],
    ['JWTNotInAudience', { aud: 'other' }],
    ['JWTNotInAudience', { aud: undefined }],
    ['JWTNotInAudience', { aud: [] }],
    ['a logout token must have iss, iat and jti', { iat: undefined }],
    ['a logout token must have iss, iat and jti', { jti: undefined }],
    ['a logout token must have iss, iat and jti', { jti: '' }],
    ['a logout token must not have a nonce', { nonce: 'n' }],
    ['a logout token must not have a nonce', { nonce: null }],
    ...[undefined, null, [event], {}, { [event]: null }, { [event]: [] }, { [event]: 'x' }].map(
      (events): [string, Claims] => [
        'the token is no logout token: its events do not name a back-channel logout',
        { events },
      ],
    ),
    ...[{ sub: undefined }, { sub: undefined, sid: 7 }, { sid: '' }, { sub: '' }, { sid: {} }].map(
      (claims): [string, Claims] => ['a logout token must have sub or sid, as strings', claims],
    ),
    ['a claim of the logout token is too long', { sid: 'a'.repeat(4097) }],
  ])('is rejected: %s (%#)', async (reason, claims, header = {}) => {
    const { accept, held, log } = provided();
    const error = await rejection(accept(await logoutToken(claims, header)));
    expect([error.kind, error.reason]).toEqual(['invalid-token', reason]);
    expect(held.added).toEqual([]);
    expect(log.lines).toEqual([
      JSON.stringify(`revocations: a logout token was rejected: ${reason}`),
    ]);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['JWSError JWSInvalidSignature', () => logoutToken({}, {}, 'rsa-other')],
    ['JWSError JWSInvalidSignature', () => logoutToken({}, {}, 'hs', 'HS256')],
    [
      'JWSError JWSNoSignatures',
      () => mintToken({ sign: { key: null, alg: 'none' }, claims: { iss: issuer } }),
    ],
    ['JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)', () => 'x'],
    ['there is no logout token', () => ''],
    ['there is no logout token', () => undefined as unknown as string],
  ])('is rejected: %s', async (reason, token) => {
    const { accept, held } = provided();
    expect((await rejection(accept(await token()))).reason).toBe(reason);
    expect(held.added).toEqual([]);
  });

  it('is accepted once, unless the store failed', async () => {
    const { accept, held, log } = provided();
    const token = await logoutToken();
    held.onAdd = () => Promise.reject(new Error('redis://secret'));
    await expect(accept(token)).rejects.toThrow('redis://secret');
    expect(log.lines.join()).toContain('could not be stored (Error)');
    held.onAdd = () => Promise.resolve();
    await accept(token);
    expect((await rejection(accept(token))).reason).toBe('the logout token was accepted before');
    expect((await rejection(accept(token))).reason).toBe('the logout token was accepted before');
    expect(held.added).toHaveLength(2);
  });

  it('is verified by the configuration of its issuer', async () => {
    const { accept, held } = provided({
      jwtSecrets: [
        jwtSecret,
        { type: 'HS256', key: secretText('hs'), issuer: 'https://two.example' },
      ],
    });
    await accept(await logoutToken({ iss: 'https://two.example' }, {}, 'hs', 'HS256'));
    await accept(await logoutToken());
    expect(held.added).toHaveLength(2);
    const forged = await logoutToken({}, {}, 'hs', 'HS256');
    expect((await rejection(accept(forged))).reason).toBe('JWSError JWSInvalidSignature');
  });

  it('is rejected with 503 while the keys of the provider are not there', async () => {
    const { accept } = provided({
      jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
      fetch: () => Promise.reject(new Error('no network')),
    });
    expect(await rejection(accept(await logoutToken()))).toMatchObject({
      kind: 'keys-unavailable',
      status: 503,
    });
  });
});

describe('backChannelLogout', () => {
  const authenticatorWith = (more: Partial<AuthOptions>): Authenticator =>
    createAuthenticator({ adminSecret: 'a-long-admin-secret', jwtSecret, ...more });

  it('compares the audience of the configuration by default, and needs one', async () => {
    const own = authenticatorWith({ jwtSecret: { ...jwtSecret, audience: 'api' } });
    const accept = own.backChannelLogout();
    await accept(await logoutToken({ aud: 'api', iat: Math.floor(Date.now() / 1000) }));
    const other = await logoutToken({ iat: Math.floor(Date.now() / 1000) });
    expect((await rejection(accept(other))).reason).toBe('JWTNotInAudience');
    expect(mistake(() => authenticatorWith({}).backChannelLogout()).message).toBe(
      'backChannelLogout.audience: expected the client id of the app at the provider, since the JWT configuration has no audience',
    );
  });

  it.each<[string, Partial<AuthOptions>, object]>([
    [
      'backChannelLogout: it needs a JWT configuration, whose keys it uses',
      { jwtSecret: undefined },
      { audience },
    ],
    ['backChannelLogout: "clientId" is unknown; known are audience', {}, { clientId: audience }],
    [
      'backChannelLogout.audience: expected a list with at least one string, got an empty list',
      {},
      { audience: [] },
    ],
  ])('%s', (message, options, given) => {
    expect(mistake(() => authenticatorWith(options).backChannelLogout(given)).message).toBe(
      message,
    );
  });
});

describe('the endpoint for logout tokens', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const endpointOf = () => {
    const { authenticator, held } = provided();
    return { held, ...createLogoutEndpoint({ authenticator, audience }) };
  };
  async function* chunks(...parts: unknown[]): AsyncGenerator<unknown> {
    yield* parts;
  }

  it.each([
    ['without a type', {}],
    ['of another type', { 'content-type': 'application/json' }],
    ['of a type that only begins so', { 'content-type': 'application/x-www-form-urlencoded-x' }],
  ])('rejects a body %s', async (_name, headers) => {
    const body = new URLSearchParams({ logout_token: await logoutToken() }).toString();
    const { respond, held } = endpointOf();
    expect((await respond({ method: 'POST', headers }, chunks(body))).status).toBe(400);
    expect(held.added).toEqual([]);
  });

  it('reads a form in parts, and one that a parser has read in any form', async () => {
    const { respond } = endpointOf();
    const body = async (): Promise<string> =>
      new URLSearchParams({ logout_token: await logoutToken() }).toString();
    const one = await body();
    const call = { method: 'POST', headers: form };
    const responses = [
      await respond(call, chunks(Buffer.from(one.slice(0, 9)), one.slice(9))),
      await respond({ ...call, body: {} }, chunks(await body())),
      await respond({ ...call, body: await body() }),
      await respond({ ...call, body: Buffer.from(await body()) }),
      await respond({ ...call, body: { logout_token: await logoutToken() } }),
    ];
    expect(responses).toEqual(
      responses.map(() => ({ status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' })),
    );
  });

  it.each<[string, unknown, AsyncGenerator<unknown> | undefined]>([
    ['nothing', undefined, undefined],
    ['an empty stream', undefined, chunks()],
    ['a stream of no bytes', undefined, chunks(7)],
    [
      'a stream without end',
      undefined,
      (async function* () {
        for (;;) yield 'a'.repeat(1000);
      })(),
    ],
    [
      'a stream that breaks off',
      undefined,
      (async function* () {
        yield 'a';
        throw new Error('x');
      })(),
    ],
    ['a list', [], undefined],
    ['two tokens', { logout_token: ['a', 'b'] }, undefined],
    ['a token of a prototype', Object.create({ logout_token: 'a' }), undefined],
    ['a large text', `logout_token=${'a'.repeat(40_000)}`, undefined],
  ])('answers 400 to %s', async (_what, body, stream) => {
    const { held, respond } = endpointOf();
    const response = await respond({ method: 'POST', headers: form, body }, stream);
    expect(response.status).toBe(400);
    expect(held.added).toEqual([]);
  });

  it('reads no body that says that it is too large, and answers 405 to other methods', async () => {
    const { respond } = endpointOf();
    let reads = 0;
    const stream = (async function* () {
      reads++;
      yield 'a';
    })();
    const headers = { ...form, 'content-length': '40000' };
    expect((await respond({ method: 'POST', headers }, stream)).status).toBe(400);
    const other = await respond({ method: 'GET', headers: form }, stream);
    expect([other.status, other.headers['Allow'], reads]).toEqual([405, 'POST', 0]);
  });

  it('answers 503 if the keys are not there, or if headers cannot be read at all 400', async () => {
    const { authenticator } = provided({
      jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
      fetch: () => Promise.reject(new Error('no network')),
    });
    const { respond } = createLogoutEndpoint({ authenticator, audience });
    const body = { logout_token: await logoutToken() };
    const unavailable = await respond({ method: 'POST', headers: form, body });
    expect([unavailable.status, unavailable.headers['Retry-After']]).toEqual([503, '1']);
    const unread = await respond({ method: 'POST', headers: null as never, body });
    expect(unread.status).toBe(400);
  });

  it.each<[string, unknown]>([
    ['backChannelLogoutHandler: expected an object, got undefined', undefined],
    ['authenticator: expected what createAuthenticator returns', {}],
    ['authenticator: expected what createAuthenticator returns', { authenticator: {}, audience }],
  ])('%s', (message, options) => {
    expect(mistake(() => createLogoutEndpoint(options as never)).message).toBe(message);
  });
});
