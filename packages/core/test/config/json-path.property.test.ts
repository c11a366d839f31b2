import fc from 'fast-check';
import { query } from 'jsonpath-rfc9535';
import { parseJsonPath, readJsonPath, showJsonPath } from '../../src/jwt/json-path.js';

/**
 * The oracle is an implementation of RFC 9535, for what that standard and the engine's dialect write alike:
 *
 * - `$`, then `.name`, `[0]`, `["any"]`, `['any']`, quoted names with JSON's escapes.
 * - Names by a dot: the RFC has letters, `_` and everything beyond ASCII; the engine's has letters of every script. What
 *   is generated here is in both. A `-` in a name is the engine's only, and is not generated.
 * - Indexes: the RFC forbids leading zeros, and negative ones count from the end; neither is generated.
 *
 * The rest of the dialect (no `$`, a dot before a bracket, what is refused) has examples in json-path.test.ts.
 */
const shorthand = fc.stringMatching(/^[A-Za-z_éñ名ß][A-Za-z0-9_]{0,6}$/u);
const inherited = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'length',
  'hasOwnProperty',
);
const anyName = fc.oneof(
  shorthand,
  inherited,
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', "'", '"', '\\', '\n', '\u2028', ']', '."', "\\'", 'a.b', '$'),
);
const anyIndex = fc.nat({ max: 4 });

const doubleQuoted = (name: string): string => `[${JSON.stringify(name)}]`;
const singleQuoted = (name: string): string =>
  `['${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}']`;

interface Segment {
  readonly text: string;
  readonly member: string | number;
}

const segment: fc.Arbitrary<Segment> = fc.oneof(
  shorthand.map((name) => ({ text: `.${name}`, member: name })),
  inherited.map((name) => ({ text: `.${name}`, member: name })),
  anyName.map((name) => ({ text: doubleQuoted(name), member: name })),
  anyName.map((name) => ({ text: singleQuoted(name), member: name })),
  anyIndex.map((index) => ({ text: `[${String(index)}]`, member: index })),
);
const segments = fc.array(segment, { maxLength: 5 });

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 'text'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(fc.tuple(anyName, tie('value')), { maxLength: 5 })
      .map((members) => Object.fromEntries(members)),
  ),
})).value;

/** A document in which the path, or a beginning of it, leads somewhere. */
function grown(path: readonly Segment[], leaf: unknown): unknown {
  return path.reduceRight<unknown>((inner, { member }) => {
    if (typeof member === 'string') return Object.fromEntries([[member, inner]]);
    return [...Array<null>(member).fill(null), inner];
  }, leaf);
}

/** What the oracle finds: at most one value, as there are no wildcards. */
function expected(root: unknown, text: string): unknown {
  const found = query(root as Parameters<typeof query>[0], text);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

function read(root: unknown, text: string): unknown {
  const path = parseJsonPath(text);
  if (path === undefined) throw new Error(`${text} is no path to us`);
  return readJsonPath(root, path);
}

const textOf = (path: readonly Segment[]): string => `$${path.map(({ text }) => text).join('')}`;

describe('a path that both dialects write alike', () => {
  it('finds the same value in documents in which it leads somewhere', () => {
    fc.assert(
      fc.property(segments, fc.nat({ max: 6 }), json, (path, kept, leaf) => {
        const root = grown(path.slice(0, kept), leaf);
        expect(read(root, textOf(path))).toEqual(expected(root, textOf(path)));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same value in any document', () => {
    fc.assert(
      fc.property(segments, json, (path, root) => {
        expect(read(root, textOf(path))).toEqual(expected(root, textOf(path)));
      }),
      { numRuns: 500 },
    );
  });

  it('is shown as a text that is parsed into the same path', () => {
    fc.assert(
      fc.property(segments, (path) => {
        const parsed = parseJsonPath(textOf(path)) ?? [];
        expect(parseJsonPath(showJsonPath(parsed))).toEqual(parsed);
      }),
    );
  });

  it('is parsed into the members and indexes that it is made of', () => {
    fc.assert(
      fc.property(segments, (path) => {
        expect(parseJsonPath(textOf(path))).toEqual(path.map(({ member }) => member));
      }),
    );
  });
});

describe('any text', () => {
  const fragments = [
    '$',
    '.',
    '[',
    ']',
    '"',
    "'",
    '\\',
    'a',
    '0',
    '-',
    '_',
    ' ',
    '*',
    '\\u0041',
    '\n',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...fragments), { maxLength: 20 }).map((parts) => parts.join('')),
  );

  it('is a path or undefined, and nothing is thrown', () => {
    fc.assert(
      fc.property(text, json, (path, root) => {
        const parsed = parseJsonPath(path);
        if (parsed !== undefined) readJsonPath(root, parsed);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads own members only if it is a path', () => {
    fc.assert(
      fc.property(text, (path) => {
        const parsed = parseJsonPath(path);
        if (parsed !== undefined && parsed.length > 0)
          expect([readJsonPath({}, parsed), readJsonPath([], parsed)]).toEqual([
            undefined,
            undefined,
          ]);
      }),
    );
  });
});

/**
 * That the work grows linearly is shown by what is read, not by a clock: a step of a path is read in its place (every
 * pattern is sticky), ends beyond where it began, and is never read again; a step that fails ends the parse. What is left
 * to show is that one step is not read over and over within itself: its patterns have one way only to match a character.
 * So the texts below, a million characters each, are answered in milliseconds; quadratic work would take hours, and this
 * run would not end.
 */
describe('a million characters', () => {
  const many = (text: string): string => text.repeat(1_000_000 / text.length);
  it.each<[string, string, number | undefined]>([
    ['one name', many('a'), 1],
    ['names', many('.a'), 500_000],
    ['indexes', many('[0]'), 333_333],
    ['one long index', `[${many('1')}]`, undefined],
    ['one quoted name', `["${many('a')}"]`, 1],
    ['escapes', `["${many('\\\\')}"]`, 1],
    ['escaped quotes', `['${many("\\'")}']`, 1],
    ['quotes that need an escape', `['${many('"')}']`, 1],
    ['an unclosed quoted name', `["${many('a')}`, undefined],
    ['an unclosed name of escapes', `['${many("\\'")}`, undefined],
    ['opened again and again', many('["'), undefined],
    ['opened and closed again and again', many(`['"]`), undefined],
    ['brackets', many('['), undefined],
    ['dots', many('.'), undefined],
    ['blanks', `$.a${many(' ')}`, undefined],
    ['a name and a wrong end', `${many('a')}!`, undefined],
  ])('of one path are read once: %s', (_, text, steps) => {
    expect(parseJsonPath(text)?.length).toBe(steps);
  });
});
