import { parseClaimsSource } from '../../src/jwt/claims-source.js';
import { mistake } from '../thrown.js';

const warnings: string[] = [];
beforeEach(() => void (warnings.length = 0));
const parse = (secret: Record<string, unknown>) =>
  parseClaimsSource(
    secret,
    'jwtSecret',
    (option, text) => void warnings.push(`${option}: ${text}`),
  );
const problem = (secret: Record<string, unknown>): string => mistake(() => parse(secret)).message;

describe('a namespace', () => {
  it('is https://hasura.io/jwt/claims by default', () => {
    expect(parse({})).toEqual({
      kind: 'namespace',
      namespace: 'https://hasura.io/jwt/claims',
      format: 'json',
    });
  });

  it('may have another name and another format', () => {
    expect(parse({ claims_namespace: 'a', claims_format: 'stringified_json' })).toEqual({
      kind: 'namespace',
      namespace: 'a',
      format: 'stringified_json',
    });
    expect(parse({ claims_format: 'json' })).toMatchObject({ format: 'json' });
  });

  it('is a text, and its format is one of two', () => {
    expect(problem({ claims_namespace: '' })).toBe(
      'jwtSecret.claims_namespace: expected a non-empty string, got an empty string',
    );
    expect(problem({ claims_namespace: 5 })).toContain('jwtSecret.claims_namespace: expected');
    expect(problem({ claims_format: 'yaml' })).toBe(
      'jwtSecret.claims_format: expected one of json, stringified_json',
    );
  });
});

describe('a namespace path', () => {
  it('is parsed, and shown in messages as the engine shows it', () => {
    expect(parse({ claims_namespace_path: '$.a["b"][0]' })).toEqual({
      kind: 'path',
      path: ['a', 'b', 0],
      text: '$.a.b[0]',
      format: 'json',
    });
    expect(parse({ claims_namespace_path: '$', claims_format: 'stringified_json' })).toEqual({
      kind: 'path',
      path: [],
      text: '$',
      format: 'stringified_json',
    });
  });

  it('is in the dialect of the engine', () => {
    expect(problem({ claims_namespace_path: '$..a' })).toBe(
      'jwtSecret.claims_namespace_path: expected a JSON path of names, quoted names and indexes, such as $.hasura.claims, $["https://a.example/claims"] or $.roles[0]',
    );
    expect(problem({ claims_namespace_path: 5 })).toBe(
      'jwtSecret.claims_namespace_path: expected a non-empty string, got a number',
    );
  });

  it('is not combined with a namespace', () => {
    expect(problem({ claims_namespace: 'a', claims_namespace_path: '$' })).toBe(
      'jwtSecret: claims_namespace and claims_namespace_path cannot both be set; keep the one that fits the tokens',
    );
  });
});

describe('a claims map', () => {
  const roles = { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user' };
  const parseMap = (map: unknown) => parse({ claims_map: map });
  const mapProblem = (map: unknown): string => problem({ claims_map: map });

  it('has literals and paths, and names in any case', () => {
    const map = {
      'X-Hasura-Allowed-Roles': ['user', 'editor'],
      'x-hasura-default-role': { path: '$.role', default: 'user' },
      'x-hasura-empty': '',
      'x-hasura-id': { path: 'sub' },
      'x-hasura-none': { path: 'sub', default: '' },
    };
    expect(parseMap(map)).toEqual({
      kind: 'map',
      allowedRoles: { kind: 'literal', name: 'x-hasura-allowed-roles', value: ['user', 'editor'] },
      defaultRole: {
        kind: 'path',
        name: 'x-hasura-default-role',
        path: ['role'],
        byDefault: 'user',
      },
      others: [
        { kind: 'literal', name: 'x-hasura-empty', value: '' },
        { kind: 'path', name: 'x-hasura-id', path: ['sub'], byDefault: undefined },
        { kind: 'path', name: 'x-hasura-none', path: ['sub'], byDefault: '' },
      ],
    });
  });

  it('replaces the members that it makes idle, with a warning for each', () => {
    for (const idle of [
      { claims_namespace: 'a' },
      { claims_namespace_path: '$.a' },
      { claims_format: 'json' },
    ]) {
      expect(parse({ claims_map: roles, ...idle })).toMatchObject({ kind: 'map' });
      expect(warnings.splice(0)).toEqual([
        `jwtSecret.${Object.keys(idle).join()}: it has no effect beside claims_map; remove it`,
      ]);
    }
    parse({ claims_map: roles });
    expect(warnings).toEqual([]);
  });

  it('that names the role itself, or a default role that no token may have, is logged as a warning', () => {
    parseMap({
      'x-hasura-allowed-roles': ['user'],
      'x-hasura-default-role': 'usr',
      'X-Hasura-Role': { path: '$.role' },
    });
    expect(warnings.splice(0)).toEqual([
      'jwtSecret.claims_map["x-hasura-role"]: it has no effect: the role is the one that a request asks for, or x-hasura-default-role; remove it',
      'jwtSecret.claims_map["x-hasura-default-role"]: it is not one of x-hasura-allowed-roles, so that every token is rejected unless its request asks for a role; add it to them',
    ]);
  });

  it('does not hide a mistake in a member that it makes idle', () => {
    expect(problem({ claims_map: roles, claims_format: 'yaml' })).toContain('claims_format');
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [[], 'an empty list'],
    ['{}', 'a string'],
  ])('is an object, not %p', (map, kind) => {
    expect(mapProblem(map)).toBe(
      `jwtSecret.claims_map: expected an object of session variables, got ${kind}`,
    );
  });

  it('has only names that begin with x-hasura-', () => {
    expect(mapProblem({ ...roles, 'user-id': 'a' })).toBe(
      'jwtSecret.claims_map["user-id"]: expected a name that begins with x-hasura-',
    );
  });

  it('has each name once, in any case', () => {
    expect(mapProblem({ ...roles, 'x-hasura-a': 'a', 'X-Hasura-A': 'b' })).toBe(
      'jwtSecret.claims_map: two names are the same in lower case; keep one of them',
    );
  });

  it.each(['x-hasura-allowed-roles', 'x-hasura-default-role'])('needs %s', (name) => {
    const { [name]: _, ...rest } = roles as Record<string, unknown>;
    expect(mapProblem(rest)).toBe(
      `jwtSecret.claims_map: ${name} is missing; add it as a literal or as {"path": …}`,
    );
  });

  it('has literals of the right type', () => {
    const entry = (name: string, value: unknown) => mapProblem({ ...roles, [name]: value });
    expect(entry('x-hasura-allowed-roles', 'user')).toBe(
      'jwtSecret.claims_map["x-hasura-allowed-roles"]: expected a list with at least one string, got a string',
    );
    expect(entry('x-hasura-allowed-roles', ['user', ''])).toBe(
      'jwtSecret.claims_map["x-hasura-allowed-roles"][1]: expected a non-empty string, got an empty string',
    );
    expect(entry('x-hasura-default-role', '')).toBe(
      'jwtSecret.claims_map["x-hasura-default-role"]: expected a non-empty string, got an empty string',
    );
    expect(entry('x-hasura-a', 5)).toBe(
      'jwtSecret.claims_map["x-hasura-a"]: expected a string, got a number',
    );
    expect(entry('x-hasura-a', ['a'])).toBe(
      'jwtSecret.claims_map["x-hasura-a"]: expected a string, got a list',
    );
  });

  it('has paths and defaults of the right type', () => {
    const entry = (value: unknown, name = 'x-hasura-a') => mapProblem({ ...roles, [name]: value });
    expect(entry({})).toBe(
      'jwtSecret.claims_map["x-hasura-a"].path: expected a non-empty string, got undefined',
    );
    expect(entry({ path: '$[*]' })).toContain(
      'jwtSecret.claims_map["x-hasura-a"].path: expected a JSON path',
    );
    expect(entry({ path: 'a', default: 5 })).toBe(
      'jwtSecret.claims_map["x-hasura-a"].default: expected a string, got a number',
    );
    expect(entry({ path: 'a', default: 'user' }, 'x-hasura-allowed-roles')).toContain(
      'jwtSecret.claims_map["x-hasura-allowed-roles"].default: expected a list',
    );
  });

  it('has no misspelt member, and warns of any other unknown one', () => {
    for (const [misspelt, meant] of [
      ['defualt', 'default'],
      ['Path', 'path'],
    ])
      expect(mapProblem({ ...roles, 'x-hasura-a': { path: 'a', [String(misspelt)]: 'x' } })).toBe(
        `jwtSecret.claims_map["x-hasura-a"]: ${JSON.stringify(misspelt)} is unknown; did you mean ${String(meant)}?`,
      );
    const described = { path: 'a', description: 'x' };
    expect(parseMap({ ...roles, 'x-hasura-a': described })).toMatchObject({ kind: 'map' });
    expect(warnings).toEqual([
      'jwtSecret.claims_map["x-hasura-a"]: the member "description" is unknown and has no effect',
    ]);
  });

  it('warns of a literal that looks like a path', () => {
    expect(parseMap({ ...roles, 'x-hasura-a': '$.sub' })).toMatchObject({
      others: [{ kind: 'literal', name: 'x-hasura-a', value: '$.sub' }],
    });
    expect(warnings).toEqual([
      'jwtSecret.claims_map["x-hasura-a"]: it is a literal text that looks like a JSON path, so that every token gets this very text; for the value at the path, write {"path": …}',
    ]);
  });

  it('loses what is null in it, as in the engine', () => {
    const map = {
      ...roles,
      'x-hasura-a': null,
      'x-hasura-b': { path: 'b', default: null, description: null },
    };
    expect(parseMap(map)).toMatchObject({
      others: [{ kind: 'path', name: 'x-hasura-b', path: ['b'], byDefault: undefined }],
    });
    expect(warnings).toEqual([]);
    expect(mapProblem({ ...roles, 'x-hasura-default-role': null })).toContain(
      'x-hasura-default-role is missing',
    );
    expect(mapProblem({ ...roles, 'x-hasura-a': { path: null } })).toContain(
      '["x-hasura-a"].path: expected a non-empty string, got undefined',
    );
  });
});
