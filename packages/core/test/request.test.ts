import { anyRequest, encodedHeader, type AuthRequest } from '../src/request.js';
import { refusal } from './thrown.js';

const loose = (headers: unknown) => anyRequest({ headers } as AuthRequest); // what JavaScript passes
const entries = (headers: unknown): [string, string][] =>
  [...loose(headers).headers()].map(([name, value]) => [name, value]);

describe('a header', () => {
  it.each<[string, unknown]>([
    ['in lower case', { 'x-a': '1' }],
    ['in any case', { 'X-A': '1' }],
    ['of the web', new Headers({ 'X-A': '1' })],
    [
      'of a Map-like thing',
      {
        get: () => '1',
        forEach: (visit: (value: string, name: string) => void) => visit('1', 'X-A'),
      },
    ],
  ])('is found by its name: %s', (_, headers) => {
    expect(loose(headers).header('x-a')).toBe('1');
    expect(loose(headers).header('x-b')).toBeUndefined();
    expect(entries(headers)).toEqual([['x-a', '1']]);
  });

  it('may be empty', () => {
    expect(loose({ 'x-a': '' }).header('x-a')).toBe('');
    expect(loose({ 'X-A': '' }).header('x-a')).toBe('');
    expect(entries({ 'x-a': '' })).toEqual([['x-a', '']]);
  });

  it('may come several times: cookies are joined as cookies, others as lists', () => {
    for (const names of [
      ['x-a', 'cookie'],
      ['X-A', 'Cookie'],
    ] as const) {
      const request = loose({ [names[0]]: ['1', '2'], [names[1]]: ['a=1', 'b=2'] });
      expect(request.header('x-a')).toBe('1, 2');
      expect(request.header('cookie')).toBe('a=1; b=2');
      expect([...request.headers()]).toEqual([
        ['x-a', '1, 2'],
        ['cookie', 'a=1; b=2'],
      ]);
    }
  });

  it('may come under two spellings, which are joined too', () => {
    const request = loose({ 'X-A': '1', 'x-a': ['2', '3'], Cookie: 'a=1', cookie: 'b=2' });
    expect(request.header('x-a')).toBe('1, 2, 3');
    expect(request.header('cookie')).toBe('a=1; b=2');
    expect(entries({ 'X-A': '1', 'x-a': '2' })).toEqual([['x-a', '1, 2']]);
  });

  it('of several values in the web’s Headers is joined by them', () => {
    const headers = new Headers();
    headers.append('x-a', '1');
    headers.append('X-A', '2');
    expect(loose(headers).header('x-a')).toBe('1, 2');
  });

  it.each<[string, unknown, string | undefined]>([
    ['undefined', undefined, undefined],
    ['null', null, undefined],
    ['a number', 5, ''],
    ['true', true, ''],
    ['an object', { a: 1 }, ''],
    ['a function', () => 'a', ''],
    ['an empty list', [], ''],
    ['a list of other things', [5, null, 'a'], 'a'],
  ])('of another type than HTTP knows is no credential: %s', (_, value, expected) => {
    for (const name of ['x-a', 'X-A']) {
      expect(loose({ [name]: value }).header('x-a')).toBe(expected);
      expect(entries({ [name]: value })).toEqual(expected === undefined ? [] : [['x-a', expected]]);
    }
  });

  it('is found whatever the names of the request before were', () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`x-${String(at)}`, 'a']),
    );
    const records: readonly Record<string, string>[] = [
      { 'x-a': '1', 'x-hasura-role': 'user' },
      { 'x-a': '1', 'x-hasura-role': 'user' },
      { 'x-hasura-role': 'user', 'x-a': '1' },
      { 'x-a': '1' },
      { 'X-A': '1' },
      { 'x-a': '1', 'x-b': '2' },
      { 'x-a': '1', 'X-Hasura-Role': 'user' },
      { ...many, 'x-a': '1', 'x-hasura-role': 'user' },
      { ...many, 'x-a': '1', 'x-hasura-role': 'user' },
      {},
      { 'x-a': '1' },
    ];
    const readings = [...records, ...records.toReversed()].map((record) => {
      const lowerCased = Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]);
      expect(entries(record)).toEqual(lowerCased);
      const expected = new Map(lowerCased as [string, string][]); // pairs, as just made
      const view = loose(record);
      expect(view.header('x-a')).toBe(expected.get('x-a'));
      expect(view.hasuraHeader('x-hasura-role')).toBe(expected.get('x-hasura-role'));
      return lowerCased.length;
    });
    expect(readings).toHaveLength(2 * records.length);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    '%s is not inherited',
    (name) => {
      expect(loose({}).header(name)).toBeUndefined();
      expect(loose({ 'X-A': '1' }).header(name)).toBeUndefined();
      expect(entries({})).toEqual([]);
    },
  );

  it.each(['constructor', 'get', 'has'])('may be named %s', (name) => {
    expect(loose({ [name]: '1' }).header(name)).toBe('1');
    expect(loose({ get: '1', forEach: '2' }).header('get')).toBe('1');
  });

  it('named __proto__ is one where it is an own member', () => {
    const headers = JSON.parse('{"__proto__":"1","X-A":"2"}') as unknown;
    expect(loose(headers).header('__proto__')).toBe('1');
    expect(loose(headers).header('x-a')).toBe('2');
  });
});

describe('a request', () => {
  it.each([undefined, null, 5, 'x-a: 1', true, [], [['x-a', '1']]])(
    'whose headers cannot be read (%p) is none',
    (headers) => {
      expect(refusal(() => loose(headers)).kind).toBe('unreadable-headers');
    },
  );

  it('without a prototype is read like any other', () => {
    const headers = Object.assign(Object.create(null), { 'x-a': '1' }) as object;
    expect(loose(headers).header('x-a')).toBe('1');
  });

  it('keeps what it was made of, and calls who watches it', () => {
    for (const headers of [{ 'x-a': '1' }, { 'X-A': '1' }, new Headers()]) {
      const source = { headers, body: { query: '{a}' } };
      const observe = jest.fn();
      const view = anyRequest(source, observe);
      expect(view.source).toBe(source);
      view.observe?.({ step: 'role', outcome: 'default', role: 'user' });
      expect(observe).toHaveBeenCalledWith({ step: 'role', outcome: 'default' });
      expect(anyRequest(source).observe).toBeUndefined();
    }
  });
});

describe('a value beyond ASCII', () => {
  const utf8 = (text: string) => Buffer.from(text).toString('latin1');

  it.each([
    ['in UTF-8', utf8('Käse ✓'), 'Käse ✓'],
    ['that is no UTF-8', 'K\xe4se', 'K\ufffdse'],
    ['that never came through HTTP', 'Käse ✓', 'Käse ✓'],
  ])('%s is read leniently, once', (_, sent, read) => {
    expect(loose({ 'x-a': sent }).header('x-a')).toBe(read);
    expect(loose({ 'X-A': [sent, sent] }).header('x-a')).toBe(`${read}, ${read}`);
    expect(entries({ 'x-a': sent })).toEqual([['x-a', read]]);
  });

  it('is read in the web’s Headers too', () => {
    expect(loose(new Headers({ 'x-a': utf8('Käse') })).header('x-a')).toBe('Käse');
  });

  it.each(['plain', 'Käse', '✓', '\ud83d\ude00'])(
    '%j is carried by a header, and read from it',
    (text) => {
      expect(loose({ 'x-a': encodedHeader(text) }).header('x-a')).toBe(text);
      expect(encodedHeader(text)).toMatch(/^[\0-\xff]*$/);
    },
  );
});
