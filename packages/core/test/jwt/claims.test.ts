import { parseClaimsSource } from '../../src/jwt/claims-source.js';
import { readClaims } from '../../src/jwt/claims.js';
import { refusal } from '../thrown.js';

type Options = Parameters<typeof parseClaimsSource>[0];

const read = (payload: unknown, options: Options = {}) =>
  readClaims(
    JSON.parse(JSON.stringify(payload)) as Options,
    parseClaimsSource(options, 'jwtSecret', () => undefined),
  );
/** What a token is refused for, if it asks for a role that is allowed. */
const refused = (payload: unknown, options: Options = {}) => {
  const { kind, message, cause } = refusal(() => {
    const { problem } = read(payload, options);
    if (problem !== undefined) throw problem;
  });
  expect(cause).toBeUndefined();
  return { kind, message };
};
const invalid = (message: string) => ({ kind: 'invalid-claims', message });

const namespace = 'https://hasura.io/jwt/claims';
const roles = { 'x-hasura-allowed-roles': ['user', 'editor'], 'x-hasura-default-role': 'user' };
const result = (variables: Readonly<Record<string, string>> = {}) => ({
  allowedRoles: ['user', 'editor'],
  defaultRole: 'user',
  variables,
  problem: undefined,
});

describe('a namespace', () => {
  it('is the one of the engine by default', () => {
    expect(read({ [namespace]: { ...roles, 'x-hasura-user-id': '1' } })).toEqual(
      result({ 'x-hasura-user-id': '1' }),
    );
  });

  it('may be another', () => {
    expect(read({ hasura: roles }, { claims_namespace: 'hasura' })).toEqual(result());
  });

  it('is a name, not a path', () => {
    expect(read({ 'a.b': roles }, { claims_namespace: 'a.b' })).toEqual(result());
    expect(refused({ a: { b: roles } }, { claims_namespace: 'a.b' })).toEqual(
      invalid("claims key: 'a.b' not found"),
    );
  });

  it.each(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])(
    'is not looked for among registered claims (%s)',
    (claim) => {
      expect(refused({ [claim]: roles }, { claims_namespace: claim })).toEqual(
        invalid(`claims key: '${claim}' not found`),
      );
    },
  );

  it.each(['constructor', 'toString', '__proto__'])('finds %s only if it is a member', (name) => {
    expect(refused({}, { claims_namespace: name })).toEqual(
      invalid(`claims key: '${name}' not found`),
    );
    const payload = JSON.parse(`{"${name}":${JSON.stringify(roles)}}`) as unknown;
    expect(read(payload, { claims_namespace: name })).toEqual(result());
  });

  it.each([[null], ['{}'], [5], [true], [[roles]]])('must hold an object, not %j', (value) => {
    expect(refused({ [namespace]: value })).toEqual(
      invalid('expecting a json object when claims_format is json'),
    );
  });
});

describe('a namespace path', () => {
  it('leads to the claims', () => {
    const payload = { hasura: { claims: [roles] } };
    expect(read(payload, { claims_namespace_path: '$.hasura.claims[0]' })).toEqual(result());
  });

  it('may be the root', () => {
    expect(read({ sub: 'a', ...roles }, { claims_namespace_path: '$' })).toEqual(result());
  });

  it('does not see the registered claims', () => {
    expect(refused({ sub: roles }, { claims_namespace_path: '$.sub' })).toEqual(
      invalid("claims not found at claims_namespace_path: '$.sub'"),
    );
  });

  it('names the path that found nothing', () => {
    expect(refused({}, { claims_namespace_path: 'a.b' })).toEqual(
      invalid("claims not found at claims_namespace_path: '$.a.b'"),
    );
  });

  it('finds null, which is no object', () => {
    expect(refused({ a: null }, { claims_namespace_path: '$.a' })).toEqual(
      invalid('expecting a json object when claims_format is json'),
    );
  });
});

describe('stringified claims', () => {
  const stringified = { claims_format: 'stringified_json' };
  it('are read at a name and at a path', () => {
    const text = JSON.stringify(roles);
    expect(read({ [namespace]: text }, stringified)).toEqual(result());
    expect(read({ a: [text] }, { ...stringified, claims_namespace_path: 'a[0]' })).toEqual(
      result(),
    );
  });

  it.each([[roles], [null], [5], [[]]])('must be a text, not %j', (value) => {
    expect(refused({ [namespace]: value }, stringified)).toEqual(
      invalid('expecting a string when claims_format is stringified_json'),
    );
  });

  it.each(['', '{', '[]', 'null', '5', '"{}"', 'x-hasura'])(
    'must be an object within (%j), and the message shows it to its sender',
    (text) => {
      expect(refused({ [namespace]: text }, stringified)).toEqual(
        invalid(
          `expecting stringified json at: 'claims_namespace ${namespace}', but found: ${text}`,
        ),
      );
      expect(refused({ a: text }, { ...stringified, claims_namespace_path: '$.a' })).toEqual(
        invalid(`expecting stringified json at: 'claims_namespace_path $.a', but found: ${text}`),
      );
    },
  );

  it('are cut at 200 characters in the message', () => {
    const text = 'abcdefghij'.repeat(30);
    expect(refused({ a: text }, { ...stringified, claims_namespace: 'a' }).message).toBe(
      `expecting stringified json at: 'claims_namespace a', but found: ${text.slice(0, 200)}`,
    );
  });
});

describe('names', () => {
  it('are read in any case and given in lower case', () => {
    const claims = {
      'X-Hasura-Allowed-Roles': ['user', 'editor'],
      'X-HASURA-DEFAULT-ROLE': 'user',
      'X-Hasura-User-Id': '1',
    };
    expect(read({ [namespace]: claims })).toEqual(result({ 'x-hasura-user-id': '1' }));
  });

  it('without the prefix are not read, of any type', () => {
    const claims = {
      ...roles,
      'hasura-x': '1',
      'x-hasura': '2',
      name: { deep: 5 },
      'y-hasura-a': 1,
    };
    expect(read({ [namespace]: claims })).toEqual(result());
  });

  it.each<[string, object]>([
    ['variables', { 'x-hasura-a': '1', 'X-Hasura-A': '1' }],
    ['variables of another type', { 'x-hasura-a': 1, 'X-Hasura-A': 2 }],
    ['secrets', { 'x-hasura-access-key': '1', 'X-Hasura-Access-Key': '2' }],
    ['allowed roles', { 'X-Hasura-Allowed-Roles': [] }],
    ['default roles', { 'X-Hasura-Default-Role': 'user' }],
  ])('that become equal are refused: %s', (_of, claims) => {
    expect(refused({ [namespace]: { ...roles, ...claims } })).toEqual(
      invalid('x-hasura-* claims: two names are equal in lower case'),
    );
  });

  it('of secrets are left out', () => {
    const claims = { ...roles, 'x-hasura-admin-secret': 's', 'X-Hasura-Access-Key': 's' };
    expect(read({ [namespace]: claims })).toEqual(result());
  });

  it('are read alike, however many issuers write', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`X-Hasura-${String(index)}`, String(index)]),
    );
    const variables = Object.fromEntries(
      Object.entries(many).map(([name, value]) => [name.toLowerCase(), value]),
    );
    for (let time = 0; time < 2; time++)
      expect(read({ [namespace]: { ...roles, ...many } })).toEqual(result(variables));
  });
});

describe('roles', () => {
  const at = (claims: object) => refused({ [namespace]: { ...roles, ...claims } });

  it('must be there', () => {
    expect(refused({ [namespace]: {} })).toEqual({
      kind: 'missing-role-claim',
      message: 'JWT claim does not contain x-hasura-allowed-roles',
    });
    expect(refused({ [namespace]: { 'x-hasura-allowed-roles': ['user'] } })).toEqual({
      kind: 'missing-role-claim',
      message: 'JWT claim does not contain x-hasura-default-role',
    });
  });

  it.each<[unknown, string]>([
    ['user', 'String'],
    [null, 'Null'],
    [5, 'Number'],
    [true, 'Boolean'],
    [{ user: true }, 'Object'],
  ])('must be a list, not %j', (value, found) => {
    expect(at({ 'x-hasura-allowed-roles': value })).toEqual(
      invalid(
        `invalid x-hasura-allowed-roles; should be a list of roles: parsing [] failed, expected Array, but encountered ${found}`,
      ),
    );
  });

  it.each<[unknown, string]>([
    [[5], 'Number'],
    [['user', null], 'Null'],
    [['user', ['editor']], 'Array'],
    [['user', {}], 'Object'],
  ])('must be a list of texts, not %j', (value, found) => {
    expect(at({ 'x-hasura-allowed-roles': value })).toEqual(
      invalid(
        `invalid x-hasura-allowed-roles; should be a list of roles: parsing String failed, expected String, but encountered ${found}`,
      ),
    );
  });

  it('must not be empty texts', () => {
    expect(at({ 'x-hasura-allowed-roles': ['user', ''] })).toEqual(
      invalid(
        'invalid x-hasura-allowed-roles; should be a list of roles: empty string not allowed',
      ),
    );
    expect(at({ 'x-hasura-default-role': '' })).toEqual(
      invalid(
        'invalid x-hasura-default-role; should be a single role name: empty string not allowed',
      ),
    );
  });

  it('may be none at all: then no role is allowed', () => {
    expect(read({ [namespace]: { ...roles, 'x-hasura-allowed-roles': [] } }).allowedRoles).toEqual(
      [],
    );
  });

  it.each<[unknown, string]>([
    [['user'], 'Array'],
    [null, 'Null'],
    [5, 'Number'],
  ])('by default are a text, not %j', (value, found) => {
    expect(at({ 'x-hasura-default-role': value })).toEqual(
      invalid(
        `invalid x-hasura-default-role; should be a single role name: parsing String failed, expected String, but encountered ${found}`,
      ),
    );
  });
});

describe('other values', () => {
  it.each<[unknown, string]>([
    [1, 'Number'],
    [null, 'Null'],
    [false, 'Boolean'],
    [['1'], 'Array'],
    [{ id: '1' }, 'Object'],
  ])('must be texts, not %j: nothing is converted', (value, found) => {
    expect(refused({ [namespace]: { ...roles, 'x-hasura-a': '1', 'x-hasura-b': value } })).toEqual(
      invalid(`x-hasura-* claims: parsing Text failed, expected String, but encountered ${found}`),
    );
  });

  it('may be empty', () => {
    expect(read({ [namespace]: { ...roles, 'x-hasura-a': '' } })).toEqual(
      result({ 'x-hasura-a': '' }),
    );
  });
});

it('a wrong variable is returned and not thrown, so that a role that is not allowed comes first', () => {
  const { problem } = read({ [namespace]: { ...roles, 'x-hasura-a': 7, 'x-hasura-b': null } });
  expect(problem?.message).toBe(
    'x-hasura-* claims: parsing Text failed, expected String, but encountered Number',
  );
  expect(refused({ [namespace]: { 'x-hasura-a': 7 } }).kind).toBe('missing-role-claim');
});

describe('a claims map', () => {
  const literal = { 'x-hasura-allowed-roles': ['user', 'editor'], 'x-hasura-default-role': 'user' };
  const map = (claims_map: object): Options => ({ claims_map: { ...literal, ...claims_map } });

  it('gives literals', () => {
    expect(read({}, map({ 'X-Hasura-Org': 'acme' }))).toEqual(result({ 'x-hasura-org': 'acme' }));
  });

  it('reads paths over all claims, the registered ones too', () => {
    const options = map({
      'x-hasura-user-id': { path: '$.sub' },
      'x-hasura-default-role': { path: '$.roles[0]' },
      'x-hasura-allowed-roles': { path: 'roles' },
    });
    expect(read({ sub: 'me', roles: ['user', 'editor'] }, options)).toEqual(
      result({ 'x-hasura-user-id': 'me' }),
    );
  });

  it('falls back to its default if nothing stands at the path', () => {
    const options = map({
      'x-hasura-a': { path: '$.a', default: 'A' },
      'x-hasura-default-role': { path: '$.role', default: 'user' },
      'x-hasura-allowed-roles': { path: '$.roles', default: ['user', 'editor'] },
    });
    expect(read({}, options)).toEqual(result({ 'x-hasura-a': 'A' }));
    expect(read({ a: 'B' }, options)).toEqual(result({ 'x-hasura-a': 'B' }));
  });

  it('does not fall back if null stands there', () => {
    const options = map({ 'x-hasura-a': { path: '$.a', default: 'A' } });
    expect(refused({ a: null }, options)).toEqual(
      invalid('x-hasura-* claims: parsing Text failed, expected String, but encountered Null'),
    );
  });

  it('says which claim it did not find', () => {
    expect(refused({}, map({ 'X-Hasura-A': { path: '$.a' } }))).toEqual(
      invalid('JWT claim from claims_map, x-hasura-a not found'),
    );
    expect(refused({}, map({ 'x-hasura-allowed-roles': { path: '$.a' } }))).toEqual({
      kind: 'missing-role-claim',
      message: 'JWT claim does not contain x-hasura-allowed-roles',
    });
    expect(refused({}, map({ 'x-hasura-default-role': { path: '$.a' } }))).toEqual({
      kind: 'missing-role-claim',
      message: 'JWT claim does not contain x-hasura-default-role',
    });
  });

  it('wins over namespace and format', () => {
    const options = { ...map({}), claims_namespace: 'a', claims_format: 'stringified_json' };
    expect(read({ a: '{' }, options)).toEqual(result());
  });

  it('shows paths in messages as the engine does', () => {
    expect(refused({}, { claims_namespace_path: "a['b%'][0]" })).toEqual(
      invalid(`claims not found at claims_namespace_path: '$.a["b%"][0]'`),
    );
  });

  it('has its own words for a default role', () => {
    const options = map({ 'x-hasura-default-role': { path: 'role' } });
    expect(refused({ role: 5 }, options)).toEqual(
      invalid(
        'invalid x-hasura-default-role; should be a role: parsing String failed, expected String, but encountered Number',
      ),
    );
    expect(refused({ role: '' }, options)).toEqual(
      invalid('invalid x-hasura-default-role; should be a role: empty string not allowed'),
    );
  });

  it('is read in the order of the engine: allowed roles, default role, whether the others are found, their types', () => {
    const options = {
      claims_map: {
        'x-hasura-a': { path: 'a' },
        'x-hasura-b': { path: 'b' },
        'x-hasura-default-role': { path: 'role' },
        'x-hasura-allowed-roles': { path: 'roles' },
      },
    };
    const message = (payload: object) => refused(payload, options).message;
    expect(message({ a: 1 })).toBe('JWT claim does not contain x-hasura-allowed-roles');
    expect(message({ a: 1, roles: [] })).toBe('JWT claim does not contain x-hasura-default-role');
    expect(message({ a: 1, roles: [], role: 'user' })).toBe(
      'JWT claim from claims_map, x-hasura-b not found',
    );
    expect(message({ a: 1, b: 'b', roles: [], role: 'user' })).toContain('x-hasura-* claims: ');
    expect(read({ a: 1, b: 'b', roles: [], role: 'user' }, options)).toMatchObject({
      allowedRoles: [],
      defaultRole: 'user',
    });
  });

  it('finds one audience in a list as the audience alone, as the engine writes it', () => {
    const options = (path: string) => map({ 'x-hasura-a': { path } });
    expect(read({ aud: ['app'] }, options('$.aud'))).toEqual(result({ 'x-hasura-a': 'app' }));
    expect(read({ aud: 'app' }, options('$.aud'))).toEqual(result({ 'x-hasura-a': 'app' }));
    expect(refused({ aud: ['app'] }, options('$.aud[0]'))).toEqual(
      invalid('JWT claim from claims_map, x-hasura-a not found'),
    );
    expect(read({ aud: ['app', 'b'] }, options('$.aud[0]'))).toEqual(
      result({ 'x-hasura-a': 'app' }),
    );
    expect(read({ other: ['app'] }, options('$.other[0]'))).toEqual(
      result({ 'x-hasura-a': 'app' }),
    );
  });

  it('holds read values to the same types', () => {
    expect(refused({ a: 'user' }, map({ 'x-hasura-allowed-roles': { path: 'a' } })).message).toBe(
      'invalid x-hasura-allowed-roles; should be a list of roles: parsing [] failed, expected Array, but encountered String',
    );
  });
});
