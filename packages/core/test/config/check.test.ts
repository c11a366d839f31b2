import {
  count,
  flag,
  httpUrl,
  kindOf,
  nearestName,
  nonEmptyString,
  oneOf,
  functionOr,
  recordOf,
  stringList,
} from '../../src/option-checks.js';
import { mistake } from '../thrown.js';

const problem = (run: () => unknown): string => mistake(run).message;

it.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['', 'an empty string'],
  ['text', 'a string'],
  [5, 'a number'],
  [NaN, 'a number'],
  [true, 'a boolean'],
  [[], 'an empty list'],
  [['a'], 'a list'],
  [{}, 'an object'],
  [() => 1, 'a function'],
  [1n, 'a bigint'],
])('%p is called %s, and nothing of it is shown', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});

it('a non-empty string', () => {
  expect(nonEmptyString('a', 'o')).toBe('a');
  expect(nonEmptyString(' ', 'o')).toBe(' ');
  expect(problem(() => nonEmptyString('', 'o'))).toBe(
    'o: expected a non-empty string, got an empty string',
  );
  expect(problem(() => nonEmptyString(5, 'a.b'))).toBe(
    'a.b: expected a non-empty string, got a number',
  );
});

it('a list of strings', () => {
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
});

it('one of a few names', () => {
  expect(oneOf('b', ['a', 'b'], 'o', 'a')).toBe('b');
  expect(oneOf(undefined, ['a', 'b'], 'o', 'b')).toBe('b');
  for (const wrong of [null, 'A', '', 5, ['a']])
    expect(problem(() => oneOf(wrong, ['a', 'b'], 'o', 'a'))).toBe('o: expected one of a, b');
});

it('a switch', () => {
  expect(flag(undefined, 'o', true)).toBe(true);
  expect(flag(undefined, 'o', false)).toBe(false);
  expect(flag(false, 'o', true)).toBe(false);
  expect(flag(true, 'o', false)).toBe(true);
  expect(problem(() => flag('true', 'o', true))).toBe('o: expected true or false, got a string');
});

describe('a number', () => {
  it('is whole and not too small', () => {
    expect(count(undefined, 'o', 7)).toBe(7);
    expect(count(0, 'o', 7)).toBe(0);
    expect(count(1, 'o', 7, { least: 1 })).toBe(1);
    expect(count(Number.MAX_SAFE_INTEGER, 'o', 7)).toBe(Number.MAX_SAFE_INTEGER);
    expect(problem(() => count(0, 'o', 7, { least: 1 }))).toBe(
      'o: expected a whole number of at least 1, got a number',
    );
    for (const wrong of [-1, 0.5, NaN, Infinity, 2 ** 53])
      expect(problem(() => count(wrong, 'o', 7))).toBe(
        'o: expected a whole number of at least 0, got a number',
      );
    expect(problem(() => count('5', 'o', 7))).toBe(
      'o: expected a whole number of at least 0, got a string',
    );
  });

  it('may be endless where that has a meaning', () => {
    expect(count(Infinity, 'o', 7, { endless: true })).toBe(Infinity);
    expect(count(5, 'o', 7, { endless: true })).toBe(5);
    for (const wrong of [-Infinity, 0.5])
      expect(problem(() => count(wrong, 'o', 7, { endless: true }))).toBe(
        'o: expected a whole number of at least 0 or Infinity, got a number',
      );
  });
});

it('a function that stands for a side effect', () => {
  const [given, byDefault] = [() => 1, () => 2];
  expect(functionOr(given, 'o', byDefault)).toBe(given);
  expect(functionOr(undefined, 'o', byDefault)).toBe(byDefault);
  expect(problem(() => functionOr<unknown>('now', 'o', byDefault))).toBe(
    'o: expected a function, got a string',
  );
});

describe('an address', () => {
  it.each([
    'http://a.example',
    'https://a.example/x?y',
    'HTTPS://A.EXAMPLE',
    'http://127.0.0.1:9/',
  ])('may be %s', (url) => {
    expect(httpUrl(url, 'o')).toBe(url);
  });

  it.each([
    'a.example',
    '/path',
    'ftp://a.example',
    'file:///etc/passwd',
    'http://',
    'javascript:1',
  ])('must not be %s, and the message does not show it', (url) => {
    expect(problem(() => httpUrl(url, 'o'))).toBe(
      'o: expected an address that begins with http:// or https://',
    );
  });

  it('is read the same way where a test environment replaces the global URL, as jsdom does', () => {
    const replaced = jest.spyOn(globalThis, 'URL', 'get').mockReturnValue(class {} as never);
    try {
      expect(httpUrl('https://a.example/', 'o')).toBe('https://a.example/');
    } finally {
      replaced.mockRestore();
    }
  });

  it('must be a text', () => {
    expect(problem(() => httpUrl(undefined, 'o'))).toBe(
      'o: expected a non-empty string, got undefined',
    );
  });
});

describe('the nearest name', () => {
  const known = ['adminSecret', 'adminSecrets', 'jwtSecret', 'url'];

  it.each([
    ['adminSecert', 'adminSecret'],
    ['ADMINSECRETS', 'adminSecrets'],
    ['jwt_secret', 'jwtSecret'],
    ['uri', 'url'],
    ['ur', 'url'],
    ['jwtSecre', 'jwtSecret'],
  ])('to %s is %s', (unknown, nearest) => {
    expect(nearestName(unknown, known)).toBe(nearest);
  });

  it.each(['zzz', 'password', 'x', '', 'arm'])('to %j is none', (unknown) => {
    expect(nearestName(unknown, known)).toBeUndefined();
  });

  it('is at most a third of the name away, and one letter in any case', () => {
    expect(nearestName('axx', ['aaa'])).toBeUndefined();
    expect(nearestName('aax', ['aaa'])).toBe('aaa');
    expect(nearestName('ax', ['aa'])).toBe('aa');
    expect(nearestName('aaaaxx', ['aaaaaa'])).toBe('aaaaaa');
    expect(nearestName('aaaxxx', ['aaaaaa'])).toBeUndefined();
  });
});

describe('an object', () => {
  it('has known members only', () => {
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
  ])('is not %p', (value, kind) => {
    expect(problem(() => recordOf(value, [], 'o'))).toBe(`o: expected an object, got ${kind}`);
  });
});
