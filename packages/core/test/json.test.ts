import { bytesOfJson, deepFreeze, isRecord, jsonType } from '../src/json.js';

it('an object with members is neither null nor a list', () => {
  expect([{}, Object.create(null)].every(isRecord)).toBe(true);
  expect([null, [], 'a', 5, undefined, true, () => 1].some(isRecord)).toBe(false);
});

it.each<[unknown, string]>([
  [null, 'Null'],
  [[], 'Array'],
  ['', 'String'],
  [0, 'Number'],
  [false, 'Boolean'],
  [{}, 'Object'],
])('%j is of the type %s', (value, type) => {
  expect(jsonType(value)).toBe(type);
});

describe('freezing', () => {
  it('goes to the depth', () => {
    const value = { a: { b: [{ c: 1 }, null, 'text'] }, d: null };
    expect(deepFreeze(value)).toBe(value);
    expect([value, value.a, value.a.b, value.a.b[0]].every(Object.isFrozen)).toBe(true);
  });

  it('needs no stack of calls: a list in a list, a hundred thousand times', () => {
    const depth = 100_000;
    const deep = JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown[];
    let innermost = deep;
    for (let inner = deep[0]; Array.isArray(inner); inner = innermost[0]) innermost = inner;
    expect(Object.isFrozen(innermost)).toBe(false);
    deepFreeze({ deep });
    expect(Object.isFrozen(innermost)).toBe(true);
  });
});

describe('how much memory JSON takes, about', () => {
  it('is so much for each object and list, each member with a name or without, and each character twice', () => {
    expect(bytesOfJson({})).toBe(72);
    expect(bytesOfJson({ a: 1 })).toBe(72 + 100);
    expect(bytesOfJson({ a: null, b: true })).toBe(72 + 2 * 100);
    expect(bytesOfJson({ a: 'text' })).toBe(72 + 100 + 8);
    expect(bytesOfJson({ a: ['bc', {}] })).toBe(72 + 100 + 72 + 32 + 4 + 32 + 72);
  });

  it('is never less than the text', () => {
    const value = {
      list: Array.from({ length: 100 }, (_, at) => ({ [`name-${String(at)}`]: at })),
    };
    expect(bytesOfJson(value)).toBeGreaterThan(JSON.stringify(value).length);
  });
});
