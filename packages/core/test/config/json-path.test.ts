import { parseJsonPath, readJsonPath, showJsonPath } from '../../src/jwt/json-path.js';

describe('the text of a path', () => {
  it.each<[string, readonly (string | number)[]]>([
    ['$', []],
    ['a', ['a']],
    ['.a', ['a']],
    ['$a', ['a']],
    ['$.a', ['a']],
    ['$.a.b', ['a', 'b']],
    ['a.b.c', ['a', 'b', 'c']],
    ['_a', ['_a']],
    ['$._', ['_']],
    ['$.a-b_c9', ['a-b_c9']],
    ['$.größe', ['größe']],
    ['ñ.名前', ['ñ', '名前']],
    ['$.𝒳', ['𝒳']],
    ['[0]', [0]],
    ['$[0]', [0]],
    ['$.[0]', [0]],
    ['.[0]', [0]],
    ['$[12][3]', [12, 3]],
    ['$[007]', [7]],
    ['$[9007199254740991]', [9007199254740991]],
    ['$.a[0].b', ['a', 0, 'b']],
    ['$.a.[0]', ['a', 0]],
    ['["a"]', ['a']],
    ['$["a"]', ['a']],
    ['$.["a"]', ['a']],
    ["$['a']", ['a']],
    ["$.['a']", ['a']],
    ['$[""]', ['']],
    ["$['']", ['']],
    ['$["https://hasura.io/jwt/claims"]', ['https://hasura.io/jwt/claims']],
    ['$["a]b"]', ['a]b']],
    ['$["a.b"].c', ['a.b', 'c']],
    ['$["0"]', ['0']],
    ['$["\'"]', ["'"]],
    ["$['\"']", ['"']],
    ["$['\\'']", ["'"]],
    ['$["\\""]', ['"']],
    ["$['\\\"']", ['"']],
    ['$["\\\\"]', ['\\']],
    ["$['\\\\']", ['\\']],
    ['$["\\n\\t\\/"]', ['\n\t/']],
    ["$['\\u0041\\n']", ['A\n']],
    ['$["\\u00e9"]', ['é']],
    ['$["\\ud83e\\udda9"]', ['🦩']],
    ['$["*"]', ['*']],
    ['$["a"]b', ['a', 'b']],
    ["$['a']b", ['a', 'b']],
    ['$[0]a', [0, 'a']],
    ['a["b"]c', ['a', 'b', 'c']],
    ['$["__proto__"]', ['__proto__']],
  ])('%s is parsed', (text, path) => {
    expect(parseJsonPath(text)).toEqual(path);
  });

  it.each([
    '',
    '.',
    '$.',
    '$$',
    ' ',
    ' $',
    '$ ',
    '$.a ',
    '$ .a',
    '..a',
    '$..a',
    '$.a..b',
    '$.a.',
    '$.1a',
    '$1',
    '-a',
    '9',
    '$.-a',
    '$.a b',
    '$.a$',
    '$.*',
    '*',
    '$[*]',
    '$[]',
    '$[ 0 ]',
    '$[-1]',
    '$[+1]',
    '$[1.5]',
    '$[1e3]',
    '$[0x1]',
    '$[0:2]',
    '$[0,1]',
    '$[٣]',
    '$[9007199254740992]',
    '$[a]',
    '$["a]',
    '$["a"',
    '$"a"]',
    '$["a"',
    '$[\'a"]',
    '$["a\']',
    '$..[0]',
    '$[?(@.a)]',
    '$[(@.length-1)]',
    '$[@]',
    '@.a',
    "$['a'b']",
    '$["a"b"]',
    '$["\\x"]',
    '$["\\\'"]',
    "$['\\x']",
    '$["\\u12"]',
    '$["\\"]',
    "$['\\']",
    '$["a\nb"]',
    "$['a\nb']",
    '$.a\n',
    '$.\u0301a',
    '$.🦩',
    '$.a.🦩',
    '$.a☃',
  ])('%j is no path', (text) => {
    expect(parseJsonPath(text)).toBeUndefined();
  });
});

describe('reading a path', () => {
  const at = (root: unknown, path: string): unknown => {
    const parsed = parseJsonPath(path);
    if (parsed === undefined) throw new Error(`${path} is no path`);
    return readJsonPath(root, parsed);
  };
  const root: unknown = JSON.parse(
    '{"a":{"b":[1,[2,3]],"n":null,"t":"text"},"0":"zero","length":7,"":"empty","own":{"__proto__":"p","constructor":"c"}}',
  );

  it.each<[string, unknown]>([
    ['$.a.b[0]', 1],
    ['$.a.b[1][1]', 3],
    ['$.a.n', null],
    ['$.length', 7],
    ['$["0"]', 'zero'],
    ['$[""]', 'empty'],
    ['$.own.__proto__', 'p'],
    ['$.own.constructor', 'c'],
  ])('%s returns the value there', (path, value) => {
    expect(at(root, path)).toEqual(value);
  });

  it('$ returns the root itself', () => {
    expect(at(root, '$')).toBe(root);
    expect(at(5, '$')).toBe(5);
  });

  it.each([
    '$.b',
    '$.a.b[2]',
    '$.a.b.length',
    '$.a.b["0"]',
    '$.a.b.map',
    '$.a["b"][1].length',
    '$[0]',
    '$.a[0]',
    '$.a.t.length',
    '$.a.t[0]',
    '$.a.n.b',
    '$.a.n[0]',
    '$.a.b[0].a',
    '$.__proto__',
    '$.constructor',
    '$.toString',
    '$.a.constructor.name',
    '$.a.b[9007199254740991]',
  ])('%s returns undefined', (path) => {
    expect(at(root, path)).toBeUndefined();
  });

  it('a hole in a list is not filled from a prototype', () => {
    const sparse: unknown[] = [];
    sparse[1] = 'b';
    expect(at(sparse, '$[0]')).toBeUndefined();
    expect(at(sparse, '$[1]')).toBe('b');
  });
});

describe('a path in a message', () => {
  it.each([
    ['$', '$'],
    ['a', '$.a'],
    ['$.hasura.claims', '$.hasura.claims'],
    ["$['a']", '$.a'],
    ['$["größe"]', '$.größe'],
    ['_a-b_9', '$._a-b_9'],
    ['$["9a"]', '$["9a"]'],
    ['$["-a"]', '$["-a"]'],
    ['$[""]', '$[""]'],
    ["$['https://hasura.io/jwt/claims']", '$["https://hasura.io/jwt/claims"]'],
    ["$['a\"\\n']", '$["a\\"\\n"]'],
    ['roles.[007]', '$.roles[7]'],
    ['$["0"][0]', '$["0"][0]'],
  ])('%s is shown as %s, in the one form that the engine prints', (text, shown) => {
    const path = parseJsonPath(text);
    expect(path && showJsonPath(path)).toBe(shown);
  });
});
