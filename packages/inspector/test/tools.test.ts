import { createAuthenticator, presets, type JwtSecret } from '@hasura-auth/core';
import { forms, providers, readConfiguration, readRequest } from '@hasura-auth/inspector/reading';
import { createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import { decodeJwt } from 'jose';
import type { Explanation } from '@hasura-auth/core';
import { serveInspector, type TestServer } from './inspector-server.js';

let issuer: TestIssuer;
let server: TestServer;
beforeAll(async () => {
  issuer = await createTestIssuer();
  server = await serveInspector({ issuer });
});
afterAll(() => server.close());

describe('a generated configuration', () => {
  const auth0 = { domain: 'tenant.eu.auth0.com', audience: 'my-api' };

  test.each(forms.map(({ name }) => name))(
    'in the form %s is what the preset makes',
    async (form) => {
      const { status, body } = await server.ask<{ text: string; json: string }>('configuration', {
        provider: 'auth0',
        answers: auth0,
        form,
      });
      expect(status).toBe(200);
      expect(JSON.parse(body.json)).toEqual({ ...presets.auth0(auth0) });
      expect(body.text).toBe(forms.find(({ name }) => name === form)?.print(presets.auth0(auth0)));
      expect(readConfiguration(body.json).jwtSecret).toEqual({ ...presets.auth0(auth0) });
    },
  );

  test('may have several answers to a question', async () => {
    const answers = { ...auth0, audience: ['one', 'two'] };
    const { body } = await server.ask<{ json: string }>('configuration', {
      provider: 'auth0',
      answers,
      form: 'json',
    });
    expect((JSON.parse(body.json) as JwtSecret).audience).toEqual(['one', 'two']);
  });

  test.each([
    ['an absent answer', { provider: 'auth0', answers: { domain: 'd.auth0.com' }, form: 'json' }],
    [
      'an answer of another type',
      { provider: 'auth0', answers: { ...auth0, domain: 7 }, form: 'json' },
    ],
    [
      'a domain that is none',
      { provider: 'auth0', answers: { ...auth0, domain: 'a b' }, form: 'json' },
    ],
    ['answers that are a list', { provider: 'auth0', answers: [], form: 'json' }],
    ['an unknown provider', { provider: '__proto__', answers: auth0, form: 'json' }],
    ['an unknown form', { provider: 'auth0', answers: auth0, form: 'toString' }],
  ])('is refused for %s with one sentence', async (_, question) => {
    const { status, body } = await server.ask('configuration', question);
    expect(status).toBe(400);
    expect(body).toEqual({ error: expect.stringMatching(/^[^\n]+\.$/) });
  });

  test('is possible for each provider of the list, whose questions the page gets', async () => {
    const { body } = await server.ask<{ providers: unknown; forms: unknown }>('start');
    expect(body.providers).toEqual(
      JSON.parse(
        JSON.stringify(providers.map(({ name, title, questions }) => ({ name, title, questions }))),
      ),
    );
    expect(body.forms).toEqual(forms.map(({ name, title }) => ({ name, title })));
  });
});

describe('a development token', () => {
  const contents = {
    role: 'editor',
    roles: ['user'],
    variables: { 'x-hasura-org': '7' },
    expiresIn: 60,
  };

  test('has the contents that were asked for, and the issuer’s configuration accepts it', async () => {
    const { body } = await server.ask<{ token: string }>('token', contents);
    const { authenticate } = createAuthenticator({
      adminSecret: false,
      jwtSecret: issuer.jwtSecret,
      fetch: issuer.fetch,
    });
    await expect(authenticate(readRequest(body.token))).resolves.toMatchObject({
      role: 'editor',
      allowedRoles: ['editor', 'user'],
      sessionVariables: { 'x-hasura-org': '7' },
    });
  });

  test('may have expired', async () => {
    const { body } = await server.ask<{ token: string }>('token', { ...contents, expiresIn: -60 });
    expect(decodeJwt(body.token).exp).toBeLessThan(Date.now() / 1000);
  });

  test.each([
    ['no role', { role: '' }],
    ['a role that is no text', { role: 1 }],
    ['roles that are no list', { roles: 'user' }],
    ['a variable of another name', { variables: { 'user-id': '1' } }],
    ['a variable that is no text', { variables: { 'x-hasura-org': 7 } }],
    ['a time that is no number', { expiresIn: '60' }],
    ['a time that is no whole number', { expiresIn: 1.5 }],
    ['a time without end', { expiresIn: 1e300 }],
  ])('is refused for %s with one sentence', async (_, change) => {
    const { status, body } = await server.ask('token', { ...contents, ...change });
    expect(status).toBe(400);
    expect(body).toEqual({ error: expect.stringMatching(/^[^\n]+\.$/) });
  });
});

describe('the issuer', () => {
  test('rotates its key, goes down, and recovers', async () => {
    const rotating = await createTestIssuer();
    const inspected = await serveInspector({ issuer: rotating });
    const outcome = async (): Promise<string> => {
      const { body } = await inspected.ask<{ explanation: Explanation }>('explain', {
        request: await rotating.signAs('user'),
        configuration: JSON.stringify(rotating.jwtSecret),
      });
      return body.explanation.outcome;
    };
    const before = await rotating.signAs('user');
    expect((await inspected.ask('issuer', { action: 'rotate' })).body).toEqual({
      done: expect.stringContaining('replaced'),
    });
    expect(await outcome()).toBe('accepted');
    const { body } = await inspected.ask<{ explanation: Explanation }>('explain', {
      request: before,
    });
    expect(body.explanation.outcome).toBe('refused');
    await inspected.ask('issuer', { action: 'outage' });
    expect(await outcome()).toBe('refused');
    await inspected.ask('issuer', { action: 'recover' });
    expect(await outcome()).toBe('accepted');
    await inspected.close();
  });

  test.each(['close', 'token', 'toString', ''])('has no action %j', async (action) => {
    expect((await server.ask('issuer', { action })).status).toBe(400);
  });

  test('has only the actions that it can do', async () => {
    const { token, issuer: name, jwtSecret, fetch } = issuer;
    const small = await serveInspector({ issuer: { token, issuer: name, jwtSecret, fetch } });
    const { body } = await small.ask('start');
    expect(body['issuer']).toEqual({ name, controls: [] });
    expect((await small.ask('issuer', { action: 'rotate' })).status).toBe(400);
    await small.close();
  });

  test('is needed for tokens and actions', async () => {
    const without = await serveInspector();
    expect((await without.ask('token', {})).status).toBe(404);
    expect((await without.ask('issuer', { action: 'rotate' })).status).toBe(404);
    expect((await without.ask('start')).body).not.toHaveProperty('issuer');
    await without.close();
  });

  test('that fails gives a sentence without what it said', async () => {
    const failing = await serveInspector({
      issuer: { ...issuer, token: () => Promise.reject(new Error('marked-detail')) },
    });
    const { status, body } = await failing.ask('token', {
      role: 'user',
      roles: [],
      variables: {},
      expiresIn: 1,
    });
    expect([status, body]).toEqual([500, { error: 'The inspector failed; this is a bug in it.' }]);
    await failing.close();
  });
});

test.each([
  ['no-claims', 'jwt-invalid-claims'],
  ['expired', 'invalid-jwt'],
  ['role', 'access-denied'],
])('the example %s is refused as its name says', async (name, code) => {
  const { body: example } = await server.ask('example', { name });
  const { body } = await server.ask<{ explanation: Explanation }>('explain', example);
  expect(body.explanation.refusal?.code).toBe(code);
  expect((await server.ask('example', { name: 'none' })).status).toBe(400);
});
