import { bytesOfJson, deepFreeze, encountered, isRecord, jsonType } from '../src/json.js';

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

it('a value of a wrong type is described by its type alone', () => {
  expect(encountered('Text', 'String', ['secret'])).toBe(
    'parsing Text failed, expected String, but encountered Array',
  );
});

describe('freezing JSON', () => {
  const nested = (levels: number): unknown =>
    JSON.parse('[{"a":'.repeat(levels / 2) + '1' + '}]'.repeat(levels / 2));

  it('freezes lists and objects to any depth', () => {
    const value = { a: { b: [{ c: 1 }, null, 'text'] }, d: null };
    expect(deepFreeze(value, 3)).toBe(true);
    expect([value, value.a, value.a.b, value.a.b[0]].every(Object.isFrozen)).toBe(true);
  });

  it('says that a value is nested too deep, lists and objects alike, however deep that is', () => {
    expect(deepFreeze({ a: nested(100) }, 100)).toBe(true);
    expect(deepFreeze({ a: [nested(100)] }, 100)).toBe(false);
    expect(deepFreeze({ a: { b: nested(100) } }, 100)).toBe(false);
    expect(deepFreeze({ a: nested(10_000) }, 100)).toBe(false);
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
