import { createAuthenticator } from '../../src/authenticator.js';
import { optionsFromEnv } from '../../src/config/env.js';
import type { AuthOptions } from '../../src/config/options.js';
import { mistake } from '../thrown.js';
import { spki } from '../tokens.js';

const name = (variable: string): string => `HASURA_GRAPHQL_${variable}`;
const read = (variables: Readonly<Record<string, unknown>>) =>
  optionsFromEnv(
    Object.fromEntries(Object.entries(variables).map(([key, value]) => [name(key), value])),
  );
const problem = (variables: Readonly<Record<string, unknown>>): string =>
  mistake(() => read(variables)).message;
const members = (options: object) => Object.fromEntries(Object.entries(options));

const secret = 'a-long-random-admin-secret';
const jwt = JSON.stringify({ type: 'RS256', key: spki('rsa') });

/** The warnings that options start with. */
function warningsOf(options: AuthOptions): readonly string[] {
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line), error: () => undefined };
  createAuthenticator({ ...options, logger });
  return warnings;
}

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

  it('gives no options if no variable is set', () => {
    expect(Object.keys(read({}))).toEqual([]);
    expect(Object.keys(read({ ADMIN_SECRET: undefined, JWT_SECRET: null }))).toEqual([]);
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

  it('may be a record that a schema has parsed, with numbers, booleans and parsed JSON', () => {
    interface Parsed {
      readonly HASURA_GRAPHQL_ADMIN_SECRET: number;
      readonly HASURA_GRAPHQL_AUTH_HOOK: string;
      readonly HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY: boolean;
    }
    const parsed: Parsed = {
      HASURA_GRAPHQL_ADMIN_SECRET: 1234567890123456,
      HASURA_GRAPHQL_AUTH_HOOK: 'https://a.example/hook',
      HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY: false,
    };
    expect(members(optionsFromEnv(parsed))).toEqual({
      adminSecret: '1234567890123456',
      authHook: { url: 'https://a.example/hook', sendRequestBody: false },
    });
    const lists = { ADMIN_SECRETS: ['one'], JWT_SECRETS: [{ type: 'HS256' }], PORT: 3000 };
    expect(members(read({ ...lists, JWT_SECRET: { type: 'HS256' } }))).toEqual({
      adminSecrets: ['one'],
      jwtSecret: { type: 'HS256' },
      jwtSecrets: [{ type: 'HS256' }],
    });
    expect(members(read({ ADMIN_SECRET: 12n }))).toEqual({ adminSecret: '12' });
  });

  it('has no values of other types', () => {
    expect(problem({ ADMIN_SECRET: ['a'] })).toBe(
      `${name('ADMIN_SECRET')}: expected text, got a list`,
    );
    expect(problem({ AUTH_HOOK: {} })).toBe(`${name('AUTH_HOOK')}: expected text, got an object`);
    expect(problem({ JWT_SECRET: [] })).toBe(
      `${name('JWT_SECRET')}: expected text, got an empty list`,
    );
    expect(mistake(() => optionsFromEnv(null as never)).message).toBe(
      'env: expected an object of environment variables, got null',
    );
  });

  it('knows the older name of the admin secret, after the newer one', () => {
    expect(members(read({ ACCESS_KEY: 'old' }))).toEqual({ adminSecret: 'old' });
    expect(members(read({ ACCESS_KEY: 'old', ADMIN_SECRET: 'new' }))).toEqual({
      adminSecret: 'new',
    });
  });

  it('takes an empty variable as absent, unless it holds a secret', () => {
    const empty = { UNAUTHORIZED_ROLE: '', AUTH_HOOK: '', AUTH_HOOK_MODE: '' };
    expect(
      members(read({ ...empty, AUTH_HOOK_SEND_REQUEST_BODY: '', DISABLE_ADMIN_SECRET: '' })),
    ).toEqual({});
    for (const variable of [
      'ADMIN_SECRET',
      'ACCESS_KEY',
      'ADMIN_SECRETS',
      'JWT_SECRET',
      'JWT_SECRETS',
    ])
      for (const nothing of ['', '  ', '\n', '\uFEFF'])
        expect(problem({ [variable]: nothing })).toBe(
          `${name(variable)}: it is empty; give it a value, or remove the variable`,
        );
  });

  it.each([
    ['ADMIN_SECRETS', '["one","another"]'],
    ['JWT_SECRETS', '[{"jwk_url":"https://…"}]'],
  ])('has a JSON array in %s', (variable, example) => {
    const noJson = `, and this text is not valid JSON; check its quotes, as in ${example}`;
    const expected = `${name(variable)}: expected a JSON array with at least one item`;
    for (const [value, got] of [
      ['[]', ''],
      ['{}', ', got an object'],
      ['"text"', ', got a string'],
      ['$NAME', ', got a placeholder that was not filled in'],
      ["'[{}]'", noJson],
      ['a, b', noJson],
    ]) {
      const error = mistake(() => read({ [variable]: value }));
      expect(error.message).toBe(expected + got);
      expect(error.cause).toBeUndefined(); // a parser's error quotes its input
    }
    expect(read({ [variable]: '\uFEFF["a"]' })).toMatchObject({});
    expect(problem({ [variable]: [] })).toBe(expected);
  });

  it.each([
    ['JWT_SECRETS', 'JWT_SECRET', '{"type":"HS256","key":"a-shared-secret-of-at-least-32-bytes"}'],
    ['ADMIN_SECRETS', 'ADMIN_SECRET', '"a-long-random-admin-secret"'],
  ])('has a warning if %s and %s are both set', (several, one, value) => {
    const both = { [several]: `[${value}]`, [one]: value.replaceAll(/^"|"$/g, '') };
    expect(warningsOf(read({ DISABLE_ADMIN_SECRET: one === 'JWT_SECRET', ...both }))).toContain(
      `${name(several)}: it is set, so ${name(one)} has no effect; remove one of them`,
    );
  });

  it('may have a byte order mark before each JSON text', () => {
    const options = read({
      ADMIN_SECRETS: `\uFEFF["${secret}"]`,
      JWT_SECRETS: `\uFEFF[${JSON.stringify(`\uFEFF${jwt}`)}]`,
    });
    expect(warningsOf(options)).toEqual([]);
    expect(warningsOf(read({ ADMIN_SECRET: secret, JWT_SECRET: `\uFEFF${jwt}` }))).toEqual([]);
  });
});

describe('HASURA_GRAPHQL_DISABLE_ADMIN_SECRET', () => {
  it.each(['true', 'TRUE', 't', 'yes', 'y', '1', true, 1])(
    'with the value %p is adminSecret: false',
    (value) => {
      expect(members(read({ DISABLE_ADMIN_SECRET: value }))).toEqual({ adminSecret: false });
    },
  );

  it.each(['false', 'no', '0', '', false, undefined])(
    'with the value %p leaves the secret as it is',
    (value) => {
      expect(members(read({ DISABLE_ADMIN_SECRET: value, ADMIN_SECRET: 'a' }))).toEqual({
        adminSecret: 'a',
      });
    },
  );

  it('wins over every secret beside it, with a warning for each', () => {
    const both = read({
      DISABLE_ADMIN_SECRET: 'true',
      ADMIN_SECRET: secret,
      ADMIN_SECRETS: '["one"]',
      JWT_SECRET: jwt,
    });
    expect(members(both)).toEqual({ adminSecret: false, jwtSecret: jwt });
    const [first, second, ...more] = warningsOf(both);
    expect(first).toBe(
      'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: it is true, so HASURA_GRAPHQL_ADMIN_SECRET has no effect; remove one of them',
    );
    expect(second).toContain('HASURA_GRAPHQL_ADMIN_SECRETS has no effect');
    expect(more).toEqual([]);
    const empty = { DISABLE_ADMIN_SECRET: 'true', ADMIN_SECRET: '', JWT_SECRET: jwt };
    expect(warningsOf(read(empty))).toEqual([]);
  });

  it('does not leave an app without any mode', () => {
    expect(mistake(() => createAuthenticator(read({ DISABLE_ADMIN_SECRET: 'true' }))).message).toBe(
      'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: it allows no admin access, so HASURA_GRAPHQL_JWT_SECRET or HASURA_GRAPHQL_AUTH_HOOK must be set',
    );
  });

  it('is a boolean', () => {
    expect(problem({ DISABLE_ADMIN_SECRET: 'perhaps' })).toBe(
      `${name('DISABLE_ADMIN_SECRET')}: expected true or false`,
    );
  });
});

describe('the webhook in the environment', () => {
  const hook = (variables: Readonly<Record<string, unknown>>): unknown =>
    read({ AUTH_HOOK: 'https://a.example', ...variables }).authHook;

  it('has the engine’s defaults beside its address', () => {
    expect(hook({})).toEqual({ url: 'https://a.example' });
  });

  it.each(['GET', 'get', 'Get'])('may have the mode %s', (mode) => {
    expect(hook({ AUTH_HOOK_MODE: mode })).toEqual({ url: 'https://a.example', mode: 'GET' });
  });

  it.each(['PUT', 'GETS', ' POST'])('does not have the mode %j', (mode) => {
    expect(problem({ AUTH_HOOK_MODE: mode })).toBe(
      `${name('AUTH_HOOK_MODE')}: expected GET or POST`,
    );
  });

  it('takes the engine’s texts for true and false', () => {
    for (const text of ['true', 't', 'yes', 'y', '1', 'TRUE', 'Yes'])
      expect(hook({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toMatchObject({ sendRequestBody: true });
    for (const text of ['false', 'f', 'no', 'n', '0', 'FALSE', 'No'])
      expect(hook({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toMatchObject({ sendRequestBody: false });
    for (const text of ['perhaps', '2', 'on', ' true'])
      expect(problem({ AUTH_HOOK_SEND_REQUEST_BODY: text })).toBe(
        `${name('AUTH_HOOK_SEND_REQUEST_BODY')}: expected true or false`,
      );
  });

  it('does not exist without an address', () => {
    const settings = { AUTH_HOOK_MODE: 'POST', AUTH_HOOK_SEND_REQUEST_BODY: 'true' };
    expect(members(read(settings))).toEqual({});
  });
});
