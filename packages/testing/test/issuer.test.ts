import { createAuthenticator, isAuthError } from '@hasura-auth/core';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { createTestClock, createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import express from 'express';
import Fastify from 'fastify';
import request from 'supertest';

async function outcome(issuer: TestIssuer, token: string, more: object = {}): Promise<string> {
  const { jwtSecret, fetch } = issuer;
  const logger = { warn: () => undefined, error: () => undefined };
  const authenticator = createAuthenticator({
    adminSecret: false,
    jwtSecret,
    fetch,
    logger,
    ...more,
  });
  try {
    const session = await authenticator.authenticate({
      headers: { authorization: `Bearer ${token}` },
    });
    return session.role;
  } catch (error) {
    if (isAuthError(error)) return error.message;
    throw error;
  }
}

describe('the tokens of a test issuer', () => {
  it.each([
    ...(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384'] as const),
    ...(['PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
  ])('with %s are accepted, and rejected if another key signed them', async (algorithm) => {
    const issuer = await createTestIssuer({ algorithm });
    expect(await outcome(issuer, await issuer.signAs('editor'))).toBe('editor');
    expect(await outcome(issuer, await issuer.wrongKeyToken())).toBe(
      'Could not verify JWT: JWSError JWSInvalidSignature',
    );
  });

  it('with a shared secret need no fetch, and their issuer says that it has no key set', async () => {
    const issuer = await createTestIssuer({ algorithm: 'HS256' });
    expect(issuer.jwtSecret).toMatchObject({ type: 'HS256', issuer: issuer.issuer });
    expect(await outcome(issuer, await issuer.token())).toBe('user');
    expect(issuer.fetches).toBe(0);
    const message = 'needs a key set, and HS256 has a shared secret';
    await expect(issuer.rotate()).rejects.toThrow(`rotate() ${message}`);
    expect(() => {
      issuer.outage();
    }).toThrow(`outage() ${message}`);
    expect(() => {
      issuer.slow(1);
    }).toThrow(`slow() ${message}`);
    await expect(createTestIssuer({ algorithm: 'HS256', listen: true })).rejects.toThrow(
      `listen ${message}`,
    );
  });

  it('carry the role, its variables and further claims', async () => {
    const issuer = await createTestIssuer();
    const { jwtSecret, fetch } = issuer;
    const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret, fetch });
    const token = await issuer.token({
      role: 'user',
      roles: ['editor'],
      variables: { 'x-hasura-user-id': '7' },
      claims: { email: 'a@b.example' },
    });
    const session = await authenticate({ headers: { authorization: `Bearer ${token}` } });
    expect(session).toMatchObject({
      role: 'user',
      allowedRoles: ['user', 'editor'],
      sessionVariables: { 'x-hasura-role': 'user', 'x-hasura-user-id': '7' },
      claims: { sub: '7', email: 'a@b.example' },
    });
  });

  it('are rejected for what is wrong with them', async () => {
    const issuer = await createTestIssuer();
    const wrong = {
      expired: await outcome(issuer, await issuer.expiredToken()),
      audience: await outcome(issuer, await issuer.wrongAudienceToken()),
      key: await outcome(issuer, await issuer.wrongKeyToken()),
      issuer: await outcome(
        issuer,
        await issuer.token({ claims: { iss: 'https://other.example' } }),
      ),
    };
    expect(wrong).toEqual({
      expired: 'Could not verify JWT: JWTExpired',
      audience: 'Could not verify JWT: JWTNotInAudience',
      key: 'Could not verify JWT: JWSError JWSInvalidSignature',
      issuer: 'Could not verify JWT: JWTNotInIssuer',
    });
  });

  it('end when the clock that both share has passed their end', async () => {
    const { now, runtime, advance } = createTestClock();
    const issuer = await createTestIssuer({ now });
    const token = await issuer.token({ expiresIn: 60 });
    expect(await outcome(issuer, token, { runtime })).toBe('user');
    advance(60_000);
    expect(await outcome(issuer, token, { runtime })).toBe('Could not verify JWT: JWTExpired');
  });
});

describe('the key set of a test issuer', () => {
  it('holds the new key alone after a rotation', async () => {
    const issuer = await createTestIssuer();
    const before = await issuer.token();
    await issuer.rotate();
    expect(await outcome(issuer, await issuer.token())).toBe('user');
    expect(await outcome(issuer, before)).not.toBe('user');
  });

  it('is unavailable during an outage, and there again after it', async () => {
    const issuer = await createTestIssuer();
    issuer.outage();
    expect(await outcome(issuer, await issuer.token())).toBe('JWK set is not available');
    issuer.recover();
    expect(await outcome(issuer, await issuer.token())).toBe('user');
    expect(issuer.fetches).toBe(2);
  });

  it('is too late if it is slower than the app waits', async () => {
    const issuer = await createTestIssuer();
    issuer.slow(60_000);
    const late = await outcome(issuer, await issuer.token(), {
      keySets: { timeoutMs: 5, waitMs: 5 },
    });
    expect(late).toBe('JWK set is not available');
  });

  it('is published over HTTP with its discovery document if asked for', async () => {
    const issuer = await createTestIssuer({ listen: true });
    try {
      const { jwtSecret } = issuer;
      expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const discovery = await fetch(`${issuer.issuer}/.well-known/openid-configuration`);
      expect(await discovery.json()).toEqual({
        issuer: issuer.issuer,
        jwks_uri: jwtSecret.jwk_url,
      });
      const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret });
      const headers = { authorization: `Bearer ${await issuer.signAs('editor')}` };
      expect((await authenticate({ headers })).role).toBe('editor');
      expect((await fetch(`${issuer.issuer}/other`)).status).toBe(404);
    } finally {
      await issuer.close();
    }
  });

  it('is the only address that its fetch answers for', async () => {
    const issuer = await createTestIssuer();
    const init = {
      method: 'GET',
      headers: {},
      redirect: 'manual',
      signal: new AbortController().signal,
    } as const;
    await expect(issuer.fetch('https://other.example/jwks', init)).rejects.toThrow('answers for');
    expect((await issuer.fetch(`${issuer.issuer}/other`, init)).status).toBe(404);
  });
});

describe('asUser', () => {
  it('sends a request of supertest with the token of a role', async () => {
    const issuer = await createTestIssuer();
    const { jwtSecret, fetch } = issuer;
    const app = express().use(expressAuth({ adminSecret: false, jwtSecret, fetch }));
    app.get('/', (req, res) => void res.json(req.hasura?.sessionVariables));
    const response = await issuer.asUser(request(app).get('/'), 'user', {
      'x-hasura-user-id': '7',
    });
    expect(response.body).toEqual({ 'x-hasura-role': 'user', 'x-hasura-user-id': '7' });
  });

  it('adds the token of a role to the options of inject, and leaves those given as they are', async () => {
    const issuer = await createTestIssuer();
    const { jwtSecret, fetch } = issuer;
    const app = Fastify();
    await app.register(fastifyAuth, { adminSecret: false, jwtSecret, fetch });
    app.get('/', (req) => ({ role: req.hasura?.role, asked: req.headers['x-a'] }));
    const options = { url: '/', headers: { 'x-a': 'b' } };
    const response = await app.inject(await issuer.asUser(options, 'editor'));
    expect(response.json()).toEqual({ role: 'editor', asked: 'b' });
    expect(options).toEqual({ url: '/', headers: { 'x-a': 'b' } });
    await app.close();
  });

  it('takes options of inject without headers, with a literal as the method', async () => {
    const issuer = await createTestIssuer();
    const { jwtSecret, fetch } = issuer;
    const app = Fastify();
    await app.register(fastifyAuth, { adminSecret: false, jwtSecret, fetch });
    app.get('/', (req) => ({ role: req.hasura?.role }));
    const short = await app.inject(await issuer.asUser({ url: '/' }, 'user'));
    expect(short.json()).toEqual({ role: 'user' });
    const long = await app.inject(
      await issuer.asUser({ method: 'GET', path: '/', query: { a: ['b'] } }, 'editor'),
    );
    expect(long.json()).toEqual({ role: 'editor' });
    await app.close();
  });
});

it('unknown options and unknown contents of a token are refused, since they would have no effect', async () => {
  const wrong = { algo: 'RS256', allowedRoles: ['editor'] } as never; // what JavaScript may pass
  await expect(createTestIssuer(wrong)).rejects.toThrow('"algo" is unknown');
  const issuer = await createTestIssuer();
  await expect(issuer.token(wrong)).rejects.toThrow('"algo" is unknown');
});
