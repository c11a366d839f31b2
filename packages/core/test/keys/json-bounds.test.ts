import fc from 'fast-check';
import { isWithin, keySetBounds, type JsonBounds } from '../../src/keys/jwks-download.js';
import { issuerKey } from './published-keys.js';

const bounds: JsonBounds = { depth: 3, members: 4, containers: 6, values: 8 };

describe('JSON within the bounds', () => {
  it.each([
    '{}',
    '7',
    '[[[]]]',
    '[[[]],[[]]]',
    '{"a":1,"b":2,"c":3,"d":4}',
    '[1,2,3,4,5,6,7]',
    '[{},{},{}]',
    '[{"a":1,"b":2},{"a":1,"b":2}]',
    '["[[[[[[[[[[,,,,,,,,,,,,::::::::::{{{{{"]',
    '["\\"[[[[[[[[[["]',
    '["\\\\\\"[[[[[[[[[["]',
    '"without end [[[[[[[[[',
    ']]]]]]][[[]]]',
    ']:::',
  ])('is %s', (text) => {
    expect(isWithin(bounds, text)).toBe(true);
  });
});

describe('JSON beyond the bounds', () => {
  it.each([
    ['is nested too deeply', '[[[[]]]]'],
    ['is nested too deeply in objects', '{"a":{"a":{"a":{}}}}'],
    ['has an object with too many members', '{"a":1,"b":2,"c":3,"d":4,"e":5}'],
    ['has too many lists', '[[],[],[],[],[],[]]'],
    ['has too many values', '[1,2,3,4,5,6,7,8]'],
    ['has too many values behind a string with an escaped quote', '["\\"",2,3,4,5,6,7,8]'],
    ['has too many values behind a string that ends in a backslash', '["\\\\",2,3,4,5,6,7,8]'],
  ])('%s', (_, text) => {
    expect(isWithin(bounds, text)).toBe(false);
  });
});

/** What the bounds speak of, counted in the parsed value. */
function sizeOf(value: unknown): JsonBounds {
  if (typeof value !== 'object' || value === null)
    return { depth: 0, members: 0, containers: 0, values: 1 };
  const inner = Object.values(value).map(sizeOf);
  const sum = (name: 'containers' | 'values'): number =>
    inner.reduce((total, one) => total + one[name], 0);
  const most = (name: 'depth' | 'members'): number => Math.max(0, ...inner.map((one) => one[name]));
  const own = Array.isArray(value) ? 0 : inner.length;
  return {
    depth: 1 + most('depth'),
    members: Math.max(own, most('members')),
    containers: 1 + sum('containers'),
    values: 1 + sum('values'),
  };
}

it('any JSON is within its own size, and beyond each bound that is one less', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      const size = sizeOf(JSON.parse(text));
      // Empty lists and objects count twice.
      expect(isWithin({ ...size, values: size.values + size.containers }, text)).toBe(true);
      for (const name of ['depth', 'members', 'containers'] as const)
        if (size[name] > 0)
          expect(isWithin({ ...size, values: Infinity, [name]: size[name] - 1 }, text)).toBe(false);
    }),
  );
});

it('a key set of 1 MiB of the smallest real keys is within the bounds for 1 MiB', () => {
  const { x } = issuerKey('x').jwk;
  const entry = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x, kid: '1', use: 'sig' });
  const keys = Array(Math.floor(1_048_576 / (entry.length + 1))).fill(entry);
  expect(isWithin(keySetBounds(1_048_576), `{"keys":[${keys.join(',')}]}`)).toBe(true);
});
