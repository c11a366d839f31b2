import type * as errorsModule from '../src/errors.js';
import { inspect } from 'node:util';
import { AuthError, ConfigError, isAuthError, reworded } from '../src/errors.js';
import { refusals, type RefusalKind } from '../src/refusals.js';

const admin = { 'WWW-Authenticate': 'HasuraAdminSecret' };
const bearer = { 'WWW-Authenticate': 'Bearer realm="hasura"' };
/** The challenge of a token that was read; its description is the error's own reason. */
const invalid = (reason: string) => ({
  'WWW-Authenticate': `Bearer realm="hasura", error="invalid_token", error_description="${reason}"`,
});
const scope = { 'WWW-Authenticate': 'Bearer realm="hasura", error="insufficient_scope"' };

/** The table of the documentation: code, message, the engine's status, HTTP's, response headers. */
const table: readonly [RefusalKind, string, string, number, number, object][] = [
  [
    'missing-secret',
    'access-denied',
    'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    401,
    401,
    admin,
  ],
  [
    'wrong-secret',
    'access-denied',
    'invalid x-hasura-admin-secret/x-hasura-access-key',
    401,
    401,
    admin,
  ],
  [
    'unreadable-headers',
    'invalid-headers',
    'The headers of this request cannot be read',
    400,
    400,
    {},
  ],
  [
    'missing-token',
    'invalid-headers',
    "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
    400,
    401,
    bearer,
  ],
  [
    'malformed-authorization',
    'invalid-headers',
    'Malformed Authorization header',
    400,
    401,
    bearer,
  ],
  ['ambiguous-token', 'invalid-headers', 'Could not verify JWT: Multiple JWTs found', 400, 400, {}],
  [
    'invalid-token',
    'invalid-jwt',
    'Could not verify JWT: ',
    400,
    401,
    invalid('Could not verify JWT:'),
  ],
  ['revoked', 'invalid-jwt', 'Could not verify JWT: JWTRevoked', 401, 401, invalid('JWTRevoked')],
  [
    'missing-role-claim',
    'jwt-missing-role-claims',
    'JWT claim does not contain ',
    400,
    401,
    invalid('JWT claim does not contain'),
  ],
  ['invalid-claims', 'jwt-invalid-claims', '', 400, 401, invalid('')],
  [
    'role-not-allowed',
    'access-denied',
    'Your requested role is not in allowed roles',
    400,
    403,
    scope,
  ],
  [
    'hook-unauthorized',
    'access-denied',
    'Authentication hook unauthorized this request',
    401,
    401,
    admin,
  ],
  ['hook-invalid-response', 'unexpected', 'Invalid response from authorization hook', 500, 500, {}],
  ['hook-unreachable', 'unexpected', 'webhook authentication request failed', 500, 500, {}],
  [
    'hook-busy',
    'unexpected',
    'webhook authentication request failed',
    500,
    503,
    { 'Retry-After': '1' },
  ],
  [
    'hook-without-role',
    'invalid-params',
    'x-hasura-role not found in session variables',
    400,
    500,
    {},
  ],
  ['keys-unavailable', 'unexpected', 'JWK set is not available', 500, 503, { 'Retry-After': '1' }],
  [
    'revocations-unavailable',
    'unexpected',
    'The list of revoked tokens is not available',
    500,
    503,
    { 'Retry-After': '1' },
  ],
  [
    'bad-backend-only',
    'bad-request',
    'x-hasura-use-backend-only-permissions:  Not a valid boolean text. True values are ["true","t","yes","y"] and  False values are ["false","f","no","n"]. All values are case insensitive',
    400,
    400,
    {},
  ],
  ['role-guard', 'access-denied', 'Your current role is not allowed here', 400, 403, {}],
  ['denied', 'access-denied', '', 400, 403, {}],
  ['missing-variable', 'not-found', 'missing session variable: ', 400, 403, {}],
  ['malformed-variable', 'bad-request', 'not a list in a session variable: ', 400, 400, {}],
  ['bad-connection-params', 'invalid-headers', 'Malformed connection parameters: ', 400, 400, {}],
  ['session-ended', 'access-denied', 'The session has ended', 401, 401, admin],
  [
    'session-change',
    'access-denied',
    'The role or the user of an open connection may not change',
    400,
    403,
    {},
  ],
];

describe('a refusal', () => {
  it.each(table)('%s', (kind, code, message, engineStatus, status, headers) => {
    const error = new AuthError(kind);
    expect({ ...error }).toEqual({
      name: 'AuthError',
      kind,
      code,
      path: '$',
      status,
      statusCode: status,
      engineStatus,
      expose: status < 500,
      reason: kind === 'revoked' ? 'JWTRevoked' : message.trimEnd(),
      extensions: { path: '$', code },
    });
    expect(error.headers).toEqual(headers);
    expect(error.message).toBe(message);
    expect(error.toJSON()).toEqual({ extensions: { path: '$', code }, message });
    expect(JSON.parse(JSON.stringify(error))).toEqual(error.toJSON());
    expect(Object.isFrozen(error.headers)).toBe(true);
    expect(error).toBeInstanceOf(Error);
    expect('cause' in error).toBe(false);
  });

  it('is one of the table', () => {
    expect(table.map(([kind]) => kind)).toEqual(Object.keys(refusals));
  });

  it('may add to its message', () => {
    expect(new AuthError('invalid-token', { detail: 'JWTExpired' }).message).toBe(
      'Could not verify JWT: JWTExpired',
    );
  });

  it('has a reason without the words before it, and without what it quotes', () => {
    expect(new AuthError('invalid-token', { detail: 'JWTExpired' }).reason).toBe('JWTExpired');
    const quoting = new AuthError('invalid-claims', { detail: 'found: ', quoted: 'a value' });
    expect([quoting.message, quoting.reason]).toEqual(['found: a value', 'found:']);
    expect(JSON.stringify(quoting.headers)).not.toContain('a value');
    expect(new AuthError('role-guard').reason).toBe('Your current role is not allowed here');
  });

  it('describes itself with the characters that RFC 6750 allows', () => {
    const detail = 'JWSError (JSONDecodeError "missing \\"alg\\" ü")';
    expect(new AuthError('invalid-token', { detail }).headers).toEqual(
      invalid("JWSError (JSONDecodeError 'missing 'alg' ?')"),
    );
  });

  it('may be made again for another realm, or without what it quotes', () => {
    const cause = new Error('underneath');
    const detail = { detail: 'found: ', quoted: 'a value', cause };
    const error = new AuthError('invalid-claims', detail);
    expect(reworded(error, {})).toBe(error);
    const other = reworded(error, { realm: 'api', quoted: '' });
    expect(other).toMatchObject({ kind: 'invalid-claims', message: 'found: ', cause });
    expect(other.headers['WWW-Authenticate']).toMatch(/^Bearer realm="api", error="invalid_token"/);
    expect(reworded(other, { realm: 'api', quoted: '' })).toBe(other);
    expect(reworded(new AuthError('missing-token'), { quoted: '' }).message).toContain('Missing');
  });

  it('shows no cookie of a webhook to a logger that writes every enumerable member', () => {
    const error = new AuthError('hook-unauthorized', { cookies: ['id=of-a-client'] });
    expect(error.headers['Set-Cookie']).toEqual(['id=of-a-client']);
    expect(inspect(error, { depth: Infinity })).not.toContain('of-a-client');
  });

  it('may have a cause', () => {
    const cause = new Error('connection refused');
    expect(new AuthError('keys-unavailable', { cause }).cause).toBe(cause);
    expect(new AuthError('keys-unavailable', { cause: null }).cause).toBeNull();
  });

  it('may say how long to wait', () => {
    expect(new AuthError('keys-unavailable', { retryAfter: 30 }).headers).toEqual({
      'Retry-After': '30',
    });
    expect(new AuthError('keys-unavailable', { retryAfter: 0 }).headers).toEqual({
      'Retry-After': '0',
    });
  });

  it('may be answered in another mode than its kind', () => {
    expect(new AuthError('wrong-secret', { bearer: 'none' }).headers).toEqual(bearer);
    expect(new AuthError('role-guard', { bearer: 'insufficient_scope' }).headers).toEqual(scope);
    expect(new AuthError('wrong-secret', { bearer: undefined }).headers).toEqual(admin);
  });

  it('shows its name in a stack', () => {
    expect(inspect(new AuthError('wrong-secret'))).toMatch(/^AuthError: invalid x-hasura-admin/);
  });
});

describe('telling refusals from other errors', () => {
  it('knows its own', () => {
    expect(isAuthError(new AuthError('wrong-secret'))).toBe(true);
  });

  it('knows those of the other build of this package', () => {
    jest.isolateModules(() => {
      // The other build: a second copy of the module.
      const other = jest.requireActual<typeof errorsModule>('../src/errors.js');
      const error = new other.AuthError('wrong-secret');
      expect(error instanceof AuthError).toBe(false);
      expect(isAuthError(error)).toBe(true);
    });
  });

  it.each<[unknown]>([
    [new Error('no')],
    [new ConfigError('a', 'b')],
    [{ code: 'access-denied', status: 401 }],
    [null],
    [undefined],
    ['AuthError'],
    [5],
  ])('knows no other: %p', (error) => {
    expect(isAuthError(error)).toBe(false);
  });

  it('is false for a proxy that cannot be asked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isAuthError(proxy)).toBe(false);
  });

  it('cannot be fooled by JSON', () => {
    const copy = JSON.parse(JSON.stringify({ ...new AuthError('wrong-secret') })) as unknown;
    expect(isAuthError(copy)).toBe(false);
  });
});

describe('a mistake in the options', () => {
  it('names the option', () => {
    const error = new ConfigError('jwtSecret.type', 'expected another');
    expect(error.message).toBe('jwtSecret.type: expected another');
    expect(error.option).toBe('jwtSecret.type');
    expect(error.name).toBe('ConfigError');
    expect({ ...error }).toEqual({ name: 'ConfigError', option: 'jwtSecret.type' });
  });

  it('can name the environment variable in its message instead', () => {
    const error = new ConfigError('adminSecret', 'expected another');
    expect(error.named('HASURA_X')).toBeInstanceOf(ConfigError);
    expect(error.named('HASURA_X')).toMatchObject({
      message: 'HASURA_X: expected another',
      option: 'adminSecret',
    });
    expect(error.named('adminSecret')).toBe(error);
  });
});
