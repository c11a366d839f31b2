import {
  checkPastedMembers,
  count,
  duration,
  flag,
  functionOr,
  httpUrl,
  isPlaceholder,
  kindOf,
  nearestName,
  nonEmptyString,
  objectOrJson,
  oneOf,
  recordOf,
  stringList,
  withoutNulls,
} from '../../src/option-checks.js';
import { mistake } from '../thrown.js';

const problem = (run: () => unknown): string => mistake(run).message;

it.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['', 'an empty string'],
  ['text', 'a string'],
  [5, 'a number'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
  [true, 'a boolean'],
  [[], 'an empty list'],
  [['a'], 'a list'],
  [{}, 'an object'],
  [() => 1, 'a function'],
  [1n, 'a bigint'],
])('a message calls %p %s and shows nothing of it', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});

it('a non-empty string is checked', () => {
  expect(nonEmptyString('a', 'o')).toBe('a');
  expect(nonEmptyString(' ', 'o')).toBe(' ');
  expect(problem(() => nonEmptyString('', 'o'))).toBe(
    'o: expected a non-empty string, got an empty string',
  );
  expect(problem(() => nonEmptyString(5, 'a.b'))).toBe(
    'a.b: expected a non-empty string, got a number',
  );
});

it('a list of strings is checked, and so is each of its items', () => {
  expect(stringList(['a', 'b'], 'o')).toEqual(['a', 'b']);
  expect(problem(() => stringList([], 'o'))).toBe(
    'o: expected a list with at least one string, got an empty list',
  );
  expect(problem(() => stringList('a', 'o'))).toBe(
    'o: expected a list with at least one string, got a string',
  );
  expect(problem(() => stringList(['a', 5], 'o'))).toBe(
    'o[1]: expected a non-empty string, got a number',
  );
  expect(problem(() => stringList(Array(2), 'o'))).toBe(
    'o[0]: expected a non-empty string, got undefined',
  );
});

it('one of a few names is compared exactly', () => {
  expect(oneOf('b', ['a', 'b'], 'o', 'a')).toBe('b');
  expect(oneOf(undefined, ['a', 'b'], 'o', 'b')).toBe('b');
  for (const wrong of [null, 'A', '', 5, ['a']])
    expect(problem(() => oneOf(wrong, ['a', 'b'], 'o', 'a'))).toBe('o: expected one of a, b');
});

it('a switch is a boolean, never a text', () => {
  expect(flag(undefined, 'o', true)).toBe(true);
  expect(flag(undefined, 'o', false)).toBe(false);
  expect(flag(false, 'o', true)).toBe(false);
  expect(flag(true, 'o', false)).toBe(true);
  expect(problem(() => flag('true', 'o', true))).toBe('o: expected true or false, got a string');
});

describe('numbers', () => {
  it('a count is a whole number that is not too small', () => {
    expect(count(undefined, 'o', 7)).toBe(7);
    expect(count(0, 'o', 7)).toBe(0);
    expect(count(1, 'o', 7, { least: 1 })).toBe(1);
    expect(count(Number.MAX_SAFE_INTEGER, 'o', 7)).toBe(Number.MAX_SAFE_INTEGER);
    expect(problem(() => count(0, 'o', 7, { least: 1 }))).toBe(
      'o: expected a whole number of at least 1, got a number',
    );
    for (const wrong of [-1, 0.5, 2 ** 53])
      expect(problem(() => count(wrong, 'o', 7))).toBe(
        'o: expected a whole number of at least 0, got a number',
      );
    for (const wrong of [NaN, Infinity])
      expect(problem(() => count(wrong, 'o', 7))).toBe(
        `o: expected a whole number of at least 0, got ${String(wrong)}`,
      );
    expect(problem(() => count('5', 'o', 7))).toBe(
      'o: expected a whole number of at least 0, got a string',
    );
  });

  it('a count may be endless if that has a meaning', () => {
    expect(count(Infinity, 'o', 7, { endless: true })).toBe(Infinity);
    expect(count(5, 'o', 7, { endless: true })).toBe(5);
    expect(problem(() => count(0.5, 'o', 7, { endless: true }))).toBe(
      'o: expected a whole number of at least 0 or Infinity, got a number',
    );
    expect(problem(() => count(-Infinity, 'o', 7, { endless: true }))).toContain('got -Infinity');
  });

  it('a duration is any finite number that is not negative', () => {
    expect(duration(undefined, 'o')).toBe(0);
    for (const right of [0, 0.5, 90, 1e300]) expect(duration(right, 'o')).toBe(right);
    for (const wrong of [-0.5, NaN, Infinity, '5', null])
      expect(problem(() => duration(wrong, 'o'))).toBe(
        `o: expected a finite number of at least 0, got ${typeof wrong === 'number' ? String(wrong) : kindOf(wrong)}`,
      );
  });
});

it('a function that replaces a side effect is checked', () => {
  const [given, byDefault] = [() => 1, () => 2];
  expect(functionOr(given, 'o', byDefault)).toBe(given);
  expect(functionOr(undefined, 'o', byDefault)).toBe(byDefault);
  expect(problem(() => functionOr<unknown>('now', 'o', byDefault))).toBe(
    'o: expected a function, got a string',
  );
});

describe('addresses', () => {
  it.each([
    'http://a.example',
    'https://a.example/x?y',
    'HTTPS://A.EXAMPLE',
    'http://127.0.0.1:9/',
  ])('%s is accepted unchanged', (url) => {
    expect(httpUrl(url, 'o')).toBe(url);
  });

  it.each([
    'a.example',
    '/path',
    'ftp://a.example',
    'file:///etc/passwd',
    'http://',
    'javascript:1',
  ])('%s is refused, and the message does not show it', (url) => {
    expect(problem(() => httpUrl(url, 'o'))).toBe(
      'o: expected an address that begins with http:// or https://',
    );
  });

  it.each([
    'https://${HOST}/jwks',
    '${BASE}/jwks',
    '$JWK_URL',
    'https://a.example/{tenant}/keys',
    'https://a.example/{{ .Values.realm }}/keys',
    'https://$(HOST)/keys',
    'https://a.example/<%= realm %>/keys',
  ])('with a placeholder in them are refused: %s', (url) => {
    expect(problem(() => httpUrl(url, 'o'))).toBe(
      'o: it contains a placeholder that was not filled in, such as ${NAME} or {name}; write the whole address',
    );
  });

  it('are read the same way if a test environment replaces the global URL, as jsdom does', () => {
    const usual = Reflect.getOwnPropertyDescriptor(globalThis, 'URL') ?? {};
    Object.defineProperty(globalThis, 'URL', { configurable: true, value: class {} });
    try {
      expect(httpUrl('https://a.example/', 'o')).toBe('https://a.example/');
    } finally {
      Object.defineProperty(globalThis, 'URL', usual);
    }
  });

  it('are texts', () => {
    expect(problem(() => httpUrl(undefined, 'o'))).toBe(
      'o: expected a non-empty string, got undefined',
    );
  });
});

describe('the nearest known name', () => {
  const known = ['adminSecret', 'adminSecrets', 'jwtSecret', 'url'];

  it.each([
    ['adminSecert', 'adminSecret'],
    ['ADMINSECRETS', 'adminSecrets'],
    ['jwt_secret', 'jwtSecret'],
    ['uri', 'url'],
    ['ur', 'url'],
    ['jwtSecre', 'jwtSecret'],
  ])('of %s is %s', (unknown, nearest) => {
    expect(nearestName(unknown, known)).toBe(nearest);
  });

  it.each(['zzz', 'password', 'x', '', 'arm'])('of %j does not exist', (unknown) => {
    expect(nearestName(unknown, known)).toBeUndefined();
  });

  it('is at most a third of the name away, and at least one letter, unless a distance is given', () => {
    expect(nearestName('axx', ['aaa'])).toBeUndefined();
    expect(nearestName('axx', ['aaa'], 2)).toBe('aaa');
    expect(nearestName('aax', ['aaa'])).toBe('aaa');
    expect(nearestName('ax', ['aa'])).toBe('aa');
    expect(nearestName('aaaaxx', ['aaaaaa'])).toBe('aaaaaa');
    expect(nearestName('aaaxxx', ['aaaaaa'])).toBeUndefined();
  });
});

describe('objects', () => {
  it('of options have known members only', () => {
    const value = { a: 1, b: 2 };
    expect(recordOf(value, ['a', 'b', 'c'], 'o')).toBe(value);
    expect(problem(() => recordOf({ a: 1, maxEntrys: 2 }, ['a', 'maxEntries'], 'o'))).toBe(
      'o: "maxEntrys" is unknown; did you mean maxEntries?',
    );
    expect(problem(() => recordOf({ zzz: 1 }, ['a', 'maxEntries'], 'o'))).toBe(
      'o: "zzz" is unknown; known are a, maxEntries',
    );
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [[], 'an empty list'],
    ['{}', 'a string'],
    [undefined, 'undefined'],
  ])('of options are not %p', (value, kind) => {
    expect(problem(() => recordOf(value, [], 'o'))).toBe(`o: expected an object, got ${kind}`);
  });

  it('that are pasted may have unknown members, which are logged, but no misspelt ones', () => {
    const warned: string[] = [];
    const warn = (option: string, text: string) => void warned.push(`${option}: ${text}`);
    checkPastedMembers({ path: 1, note: 2 }, ['path'], { option: 'o', warn });
    expect(warned).toEqual(['o: the member "note" is unknown and has no effect']);
    expect(problem(() => checkPastedMembers({ pth: 1 }, ['path'], { option: 'o', warn }))).toBe(
      'o: "pth" is unknown; did you mean path?',
    );
  });

  it('that are pasted lose their members that are null', () => {
    expect(withoutNulls({ a: null, b: undefined, c: 0, d: '' })).toEqual({ c: 0, d: '' });
    expect(objectOrJson({ a: null, b: 1 }, 'o')).toEqual({ b: 1 });
    expect(objectOrJson('{"a":null,"b":{"c":null}}', 'o')).toEqual({ b: { c: null } });
  });

  it('may be JSON text, with a byte order mark before it', () => {
    expect(objectOrJson('\uFEFF{"a":1}', 'o')).toEqual({ a: 1 });
    expect(problem(() => objectOrJson('\uFEFF\uFEFF{}', 'o'))).toContain('not valid JSON');
    expect(problem(() => objectOrJson('${JWT_SECRET}', 'o'))).toBe(
      'o: expected a JSON object, got a placeholder that was not filled in',
    );
  });
});

describe('an unfilled placeholder', () => {
  it.each([
    '$NAME',
    '$jwt_secret_2',
    '${NAME}',
    '${NAME:-default}',
    '${NAME:?it must be set}',
    '${NAME:-${OTHER}}',
    '$(NAME)',
    '{{ secret }}',
    '{{secret}}',
    '{{ .Values.auth.secret | quote }}',
    '${{ secrets.ADMIN_SECRET }}',
    ' $NAME\n',
    '"$NAME"',
    "'${NAME}'",
    '<%= ENV["SECRET"] %>',
    '%ADMIN_SECRET%',
    '@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/admin)',
    'op://vault/hasura/secret',
    'vault:secret/data/hasura#ADMIN_SECRET',
    'ENC[AES256_GCM,data:abc,type:str]',
  ])('%j is recognised', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each([
    '',
    '$',
    'NAME',
    'a$NAME',
    '$NAME$',
    '$2b$10$abcdefghijk',
    '$pa-ss',
    '${',
    '${}',
    '${NAME}-suffix',
    '{ secret }',
    '{{ secret',
    '"',
    '{"type":"HS256"}',
  ])('%j is none', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
