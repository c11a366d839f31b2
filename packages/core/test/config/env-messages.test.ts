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

const ADMIN_SECRET = 'a-long-random-admin-secret';
const JWT_SECRET = JSON.stringify({ type: 'RS256', key: spki('rsa') });
const AUTH_HOOK = 'https://a.example/hook';

function warningsOf(options: AuthOptions): readonly string[] {
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line), error: () => undefined };
  createAuthenticator({ ...options, logger });
  return warnings;
}

describe('a ConfigError about a configuration from the environment names variables', () => {
  const problem = (variables: Readonly<Record<string, unknown>>, more: object = {}) =>
    mistake(() => createAuthenticator({ ...read(variables), ...more }));

  it('if no variable is set at all', () => {
    expect(problem({})).toMatchObject({
      option: 'adminSecret',
      message:
        'HASURA_GRAPHQL_ADMIN_SECRET: none of HASURA_GRAPHQL_ADMIN_SECRET, HASURA_GRAPHQL_JWT_SECRET and HASURA_GRAPHQL_AUTH_HOOK is set; set one of them, or the option unsecured: true to accept every request as admin',
    });
    expect(problem({ UNAUTHORIZED_ROLE: 'a' }).message).toBe(problem({}).message);
  });

  it.each([
    ['JWT_SECRET', JWT_SECRET],
    ['JWT_SECRETS', `[${JWT_SECRET}]`],
    ['AUTH_HOOK', AUTH_HOOK],
  ])('if the admin secret beside %s is missing', (variable, value) => {
    expect(problem({ [variable]: value }).message).toBe(
      `HASURA_GRAPHQL_ADMIN_SECRET: ${name(variable)} is set, so HASURA_GRAPHQL_ADMIN_SECRET must be set too, or HASURA_GRAPHQL_DISABLE_ADMIN_SECRET=true`,
    );
  });

  it('if the token is configured in code and the secret should be in the environment', () => {
    expect(problem({}, { jwtSecret: JWT_SECRET }).message).toBe(
      'HASURA_GRAPHQL_ADMIN_SECRET: jwtSecret is set, so HASURA_GRAPHQL_ADMIN_SECRET must be set too, or HASURA_GRAPHQL_DISABLE_ADMIN_SECRET=true',
    );
  });

  it('if two variables exclude each other', () => {
    const hook = { ADMIN_SECRET, AUTH_HOOK };
    expect(problem({ ...hook, JWT_SECRET }).message).toBe(
      'HASURA_GRAPHQL_AUTH_HOOK: HASURA_GRAPHQL_AUTH_HOOK and HASURA_GRAPHQL_JWT_SECRET cannot both be set; keep one of them',
    );
    expect(problem({ ...hook, JWT_SECRETS: `[${JWT_SECRET}]` }).message).toContain(
      'HASURA_GRAPHQL_JWT_SECRETS cannot both be set',
    );
    expect(problem({ ...hook, UNAUTHORIZED_ROLE: 'a' }).message).toBe(
      'HASURA_GRAPHQL_UNAUTHORIZED_ROLE: it cannot be combined with HASURA_GRAPHQL_AUTH_HOOK: the webhook decides about requests without credentials',
    );
    expect(problem({ ADMIN_SECRET }, { unsecured: true }).message).toBe(
      'unsecured: true cannot be combined with HASURA_GRAPHQL_ADMIN_SECRET; remove one of them',
    );
  });

  it.each([
    [
      { ADMIN_SECRET, JWT_SECRET: '{"type":"HS256"}' },
      'JWT_SECRET: one of key and jwk_url',
      'jwtSecret',
    ],
    [
      { ADMIN_SECRET, JWT_SECRETS: '[{"type":"XS256","key":"k"}]' },
      'JWT_SECRETS[0].type: expected one of',
      'jwtSecrets[0].type',
    ],
    [
      { ADMIN_SECRET, JWT_SECRETS: `[${JWT_SECRET},${JWT_SECRET}]` },
      'JWT_SECRETS[1]: its tokens cannot be distinguished from those of HASURA_GRAPHQL_JWT_SECRETS[0]',
      'jwtSecrets[1]',
    ],
    [
      { ADMIN_SECRETS: '[5]' },
      'ADMIN_SECRETS[0]: expected a non-empty string, got a number',
      'adminSecrets[0]',
    ],
    [{ ACCESS_KEY: '$KEY' }, 'ACCESS_KEY: it is a placeholder', 'adminSecret'],
    [{ ADMIN_SECRET: `${ADMIN_SECRET}\n` }, 'ADMIN_SECRET: it begins or ends with', 'adminSecret'],
    [{ ADMIN_SECRET, AUTH_HOOK: 'x' }, 'AUTH_HOOK: expected an address', 'authHook.url'],
    [
      { ADMIN_SECRET, UNAUTHORIZED_ROLE: ' a' },
      'UNAUTHORIZED_ROLE: it begins or ends with',
      'unauthorizedRole',
    ],
  ])('with the path of what is wrong in it: %#', (variables, start, option) => {
    const error = problem(variables);
    expect(error.message.slice(0, name(start).length)).toBe(name(start));
    expect(error.option).toBe(option);
  });

  it('but not of an option that was set in code, also later on', () => {
    const wrong = { precedence: 'admin' };
    expect(problem({ ADMIN_SECRET }, wrong).message).toBe(
      'precedence: expected one of jwt, admin-secret',
    );
    expect(problem({ ADMIN_SECRET, JWT_SECRET }, { jwtSecret: '{}' }).message).toBe(
      'jwtSecret: one of key and jwk_url must be set',
    );
    expect(problem({ ADMIN_SECRET, AUTH_HOOK }, { authHook: { url: 'x' } }).message).toMatch(
      /^authHook\.url: /,
    );
    expect(mistake(() => createAuthenticator({ jwtSecret: JWT_SECRET })).message).toMatch(
      /^adminSecret: jwtSecret is set, so adminSecret must be set too, or adminSecret: false/,
    );
  });

  it('and so do the warnings', () => {
    expect(warningsOf(read({ ADMIN_SECRET: 'short' }))).toEqual([
      'HASURA_GRAPHQL_ADMIN_SECRET: it has fewer than 16 characters; use a long random secret',
    ]);
    expect(warningsOf(read({ ADMIN_SECRET, UNAUTHORIZED_ROLE: 'admin' }))).toEqual([
      expect.stringMatching(/^HASURA_GRAPHQL_UNAUTHORIZED_ROLE: the role admin/),
    ]);
    const url = 'http://keys.example/jwks';
    expect(warningsOf(read({ ADMIN_SECRET, JWT_SECRETS: [{ jwk_url: url }] }))).toEqual([
      expect.stringMatching(/^HASURA_GRAPHQL_JWT_SECRETS\[0\]\.jwk_url: .+ plain http/),
    ]);
  });
});

describe('a variable that is nearly a known one is logged as a warning', () => {
  const warned = (env: object): readonly string[] =>
    warningsOf({ adminSecret: ADMIN_SECRET, ...optionsFromEnv(env) });

  it.each([
    ['HASURA_GRAPHQL_JWT_SECERT', 'HASURA_GRAPHQL_JWT_SECRET'],
    ['HASURA_GRAPHQL_ADMIN_SECRTE', 'HASURA_GRAPHQL_ADMIN_SECRET'],
    ['HASURA_GRAPHQL_ADMINSECRET', 'HASURA_GRAPHQL_ADMIN_SECRET'],
    ['HASURA_GRAPHQL_UNAUTHORISED_ROLE', 'HASURA_GRAPHQL_UNAUTHORIZED_ROLE'],
    ['HASURA_GRAPHQL_AUTH_HOOK_URL', 'HASURA_GRAPHQL_AUTH_HOOK'],
    ['HASURA_GRAPHQL_AUTH_HOOK_TYPE', 'HASURA_GRAPHQL_AUTH_HOOK_MODE'],
    ['HASURA_GRAPHQL_DISABLE_ADMIN_SECRETS', 'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET'],
    ['HASURA_GRAPQL_JWT_SECRET', 'HASURA_GRAPHQL_JWT_SECRET'],
    ['hasura_graphql_jwt_secret', 'HASURA_GRAPHQL_JWT_SECRET'],
    ['HASURA_JWT_SECRET', 'HASURA_GRAPHQL_JWT_SECRET'],
    ['HASURA_AUTH_HOOK', 'HASURA_GRAPHQL_AUTH_HOOK'],
  ])('%s', (variable, meant) => {
    expect(warned({ [variable]: 'value' })).toEqual([
      `${variable}: this variable is unknown; did you mean ${meant}?`,
    ]);
    expect(warned({ [variable]: '' })).toEqual([]);
    expect(warned({ [variable]: undefined })).toEqual([]);
  });

  it('but a variable of the engine that has nothing to do with authentication is not', () => {
    const others = [
      ...['DATABASE_URL', 'METADATA_DATABASE_URL', 'ENABLE_CONSOLE', 'ENABLE_TELEMETRY'],
      ...['DEV_MODE', 'LOG_LEVEL', 'ENABLED_LOG_TYPES', 'ENABLED_APIS', 'CORS_DOMAIN'],
      ...['DISABLE_CORS', 'WS_READ_COOKIE', 'SERVER_PORT', 'SERVER_HOST', 'TX_ISOLATION'],
      ...['ADMIN_INTERNAL_ERRORS', 'ENABLE_ALLOWLIST', 'STRINGIFY_NUMERIC_TYPES'],
      ...['EXPERIMENTAL_FEATURES', 'ENABLE_REMOTE_SCHEMA_PERMISSIONS', 'PG_CONNECTIONS'],
      ...['INFER_FUNCTION_PERMISSIONS', 'EVENTS_HTTP_POOL_SIZE', 'EE_LICENSE_KEY', 'PRO_KEY'],
    ].map((variable) => [name(variable), 'value']);
    expect(warned(Object.fromEntries(others))).toEqual([]);
    expect(warned({ HASURA_ADMIN_SECRET: 'a', JWT_SECRET: 'b', PATH: 'c' })).toEqual([]);
  });

  it('nor is the same name in lower case beside the known one, as Windows has it', () => {
    const both = { HASURA_GRAPHQL_ADMIN_SECRET: ADMIN_SECRET, hasura_graphql_admin_secret: 'a' };
    expect(warningsOf(optionsFromEnv(both))).toEqual([]);
  });

  it('once, when the options are used, and after a spread', () => {
    const env = {
      HASURA_GRAPHQL_ADMIN_SECRET: ADMIN_SECRET,
      HASURA_GRAPHQL_JWT_SECERT: JWT_SECRET,
    };
    expect(warningsOf({ ...optionsFromEnv(env) })).toHaveLength(1);
  });
});
