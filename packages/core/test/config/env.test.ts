import { optionsFromEnv, variableOf } from '../../src/config/env.js';
import { createAuthenticator } from '../../src/authenticator.js';
import { mistake } from '../thrown.js';

const name = (variable: string): string => `HASURA_GRAPHQL_${variable}`;
const read = (variables: Readonly<Record<string, string | undefined>>) =>
  optionsFromEnv(
    Object.fromEntries(Object.entries(variables).map(([key, value]) => [name(key), value])),
  );
const problem = (variables: Readonly<Record<string, string>>): string =>
  mistake(() => read(variables)).message;
const members = (options: object) => Object.fromEntries(Object.entries(options));

describe('the environment', () => {
  it('gives options by the engine’s own names', () => {
    const options = read({
      ADMIN_SECRET: 'secret',
      ADMIN_SECRETS: '["one","two"]',
      JWT_SECRET: '{"type":"HS256"}',
      JWT_SECRETS: '[{"type":"HS256"},"{}"]',
      AUTH_HOOK: 'https://a.example/hook',
      AUTH_HOOK_MODE: 'post',
      AUTH_HOOK_SEND_REQUEST_BODY: 'false',
      UNAUTHORIZED_ROLE: 'anonymous',
    });
    expect(members(options)).toEqual({
      adminSecret: 'secret',
      adminSecrets: ['one', 'two'],
      jwtSecret: '{"type":"HS256"}',
      jwtSecrets: [{ type: 'HS256' }, '{}'],
      authHook: { url: 'https://a.example/hook', mode: 'POST', sendRequestBody: false },
      unauthorizedRole: 'anonymous',
    });
  });

  it('gives nothing where nothing is set', () => {
    expect(Object.keys(read({}))).toEqual([]);
    expect(Object.keys(read({ ADMIN_SECRET: undefined }))).toEqual([]);
  });

  it('is that of the process by default', () => {
    const [variable, value] = [name('UNAUTHORIZED_ROLE'), process.env[name('UNAUTHORIZED_ROLE')]];
    process.env[variable] = 'from-the-process';
    try {
      expect(members(optionsFromEnv())).toMatchObject({ unauthorizedRole: 'from-the-process' });
    } finally {
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
    }
  });

  it('knows the older name of the admin secret, behind the newer one', () => {
    expect(members(read({ ACCESS_KEY: 'old' }))).toEqual({ adminSecret: 'old' });
    expect(members(read({ ACCESS_KEY: 'old', ADMIN_SECRET: 'new' }))).toEqual({
      adminSecret: 'new',
    });
  });

  it('takes an empty variable as absent, unless it is a secret', () => {
    const empty = { UNAUTHORIZED_ROLE: '', AUTH_HOOK: '', AUTH_HOOK_MODE: '' };
    expect(members(read({ ...empty, AUTH_HOOK_SEND_REQUEST_BODY: '' }))).toEqual({});
    for (const variable of [
      'ADMIN_SECRET',
      'ACCESS_KEY',
      'ADMIN_SECRETS',
      'JWT_SECRET',
      'JWT_SECRETS',
    ])
      for (const nothing of ['', '  ', '\n'])
        expect(problem({ [variable]: nothing })).toBe(
          `${name(variable)}: it is empty; give it a value, or remove the variable`,
        );
  });

  it.each(['ADMIN_SECRETS', 'JWT_SECRETS'])('wants a JSON list in %s', (variable) => {
    for (const wrong of ['{', 'secret', '{}', '"secret"', '[]', 'null']) {
      const error = mistake(() => read({ [variable]: wrong }));
      expect(error.message).toBe(`${name(variable)}: expected a JSON array with at least one item`);
      expect(error.cause).toBeUndefined(); // a parser's error quotes its input
    }
  });
});

describe('the webhook in the environment', () => {
  const hook = (variables: Readonly<Record<string, string>>): unknown =>
    read({ AUTH_HOOK: 'https://a.example', ...variables }).authHook;

  it('is its address; the rest is what the engine does without it', () => {
    expect(hook({})).toEqual({ url: 'https://a.example' });
  });

  it.each(['GET', 'get', 'Get'])('may be asked by %s', (mode) => {
    expect(hook({ AUTH_HOOK_MODE: mode })).toEqual({ url: 'https://a.example', mode: 'GET' });
  });

  it.each(['PUT', 'GETS', ' POST'])('is not asked by %j', (mode) => {
    expect(problem({ AUTH_HOOK_MODE: mode })).toBe(
      `${name('AUTH_HOOK_MODE')}: expected GET or POST`,
    );
  });

  it('knows the engine’s ways to say yes and no', () => {
    for (const text of ['true', 't', 'yes', 'y', '1', 'TRUE', 'Yes'])
      expect(hook({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toMatchObject({ sendRequestBody: true });
    for (const text of ['false', 'f', 'no', 'n', '0', 'FALSE', 'No'])
      expect(hook({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toMatchObject({ sendRequestBody: false });
    for (const text of ['perhaps', '2', 'on', ' true'])
      expect(problem({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toBe(
        `${name('AUTH_HOOK_SEND_REQUEST_BODY')}: expected true or false`,
      );
  });

  it('is none without an address', () => {
    const settings = { AUTH_HOOK_MODE: 'POST', AUTH_HOOK_SEND_REQUEST_BODY: 'true' };
    expect(members(read(settings))).toEqual({});
  });
});

describe('where an option was read from', () => {
  const options = read({ ACCESS_KEY: 'old', JWT_SECRET: '{}', UNAUTHORIZED_ROLE: 'a' });

  it('is known of what was read', () => {
    expect(variableOf(options, 'adminSecret')).toBe(name('ACCESS_KEY'));
    expect(variableOf(options, 'jwtSecret')).toBe(name('JWT_SECRET'));
    expect(variableOf(options, 'unauthorizedRole')).toBe(name('UNAUTHORIZED_ROLE'));
    expect(variableOf(read({ ADMIN_SECRET: 'new' }), 'adminSecret')).toBe(name('ADMIN_SECRET'));
  });

  it('is known after a spread, and not of what was set since', () => {
    const more = { ...options, jwtSecret: '{"type":"HS256"}', precedence: 'jwt' };
    expect(variableOf(more, 'adminSecret')).toBe(name('ACCESS_KEY'));
    expect(variableOf(more, 'jwtSecret')).toBeUndefined();
    expect(variableOf(more, 'precedence')).toBeUndefined();
    expect(variableOf({ adminSecret: 'old' }, 'adminSecret')).toBeUndefined();
    expect(variableOf(options, 'authHook')).toBeUndefined();
  });

  it.each([
    [
      { ADMIN_SECRET: 's', JWT_SECRET: '{"type":"HS256"}' },
      `jwtSecret (from ${name('JWT_SECRET')}): one of key`,
    ],
    [
      { ADMIN_SECRET: 's', JWT_SECRETS: '[{"type":"XS256","key":"k"}]' },
      `jwtSecrets[0].type (from ${name('JWT_SECRETS')}): expected one of`,
    ],
    [
      { ADMIN_SECRETS: '[5]' },
      `adminSecrets[0] (from ${name('ADMIN_SECRETS')}): expected a non-empty string`,
    ],
    [
      { ADMIN_SECRET: 's', AUTH_HOOK: 'x' },
      `authHook.url (from ${name('AUTH_HOOK')}): expected an address`,
    ],
  ])('stands in the message of what is wrong in it', (variables, start) => {
    const error = mistake(() => createAuthenticator(read(variables)));
    expect(error.message.slice(0, start.length)).toBe(start);
  });

  it('does not stand in the message of what is wrong elsewhere', () => {
    const wrong = { ...read({ ADMIN_SECRET: 's' }), precedence: 'admin' };
    expect(mistake(() => createAuthenticator(wrong as never)).message).toBe(
      'precedence: expected one of jwt, admin-secret',
    );
  });
});
