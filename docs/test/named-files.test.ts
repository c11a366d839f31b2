import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { codeBlocks, documents, top } from './code-blocks.js';

const prose = (document: string): string =>
  readFileSync(document, 'utf8').replace(/^```[^]*?^```$/gm, '');
const codeSpans = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** A document may name files from the top, from core's sources, or from its own folder. */
const places = (document: string): string[] => [
  top,
  join(top, 'packages/core/src'),
  dirname(document),
  join(dirname(document), 'vectors'),
];

/** The files that a document has its reader save: blocks with a note such as `file=app.ts`. */
const savedFiles = (document: string): string[] =>
  codeBlocks(document).flatMap(({ note }) => /(?:^| )file=(\S+)/.exec(note)?.[1] ?? []);

describe('the files that the documents name', () => {
  const named = [...documents(), join(top, 'conformance/README.md')].flatMap((document) =>
    codeSpans(prose(document))
      .filter((code) =>
        /^[\w./-]+\.(?:[cm]?[jt]s)$|^[\w.-]+\/[\w./-]*\.(?:json|md)$|^[\w./-]+\/$/.test(code),
      )
      .filter((path) => !savedFiles(document).includes(path))
      .map((path) => ({ document, path, title: `${relative(top, document)} → ${path}` })),
  );

  it('are many, so that a change of the pattern above is noticed', () => {
    expect(named.length).toBeGreaterThan(60);
  });

  it.each(named)('$title exists', ({ document, path }) => {
    expect(places(document).filter((place) => existsSync(join(place, path)))).not.toEqual([]);
  });
});

describe('the security checklist', () => {
  const checklist = readFileSync(join(top, 'docs/security-checklist.md'), 'utf8');
  const folders = ['conformance/vectors', 'conformance/vectors/own', 'testkit/vectors'];
  const ids = new Set(
    folders
      .flatMap((folder) => readdirSync(join(top, folder)).map((name) => join(top, folder, name)))
      .filter((file) => /\/(?:requests|configs|jwks)[\w-]*\.json$/.test(file))
      .flatMap((file) => idsIn(JSON.parse(readFileSync(file, 'utf8')))),
  );
  const rows = checklist.split('\n').filter((line) => /^\| (?:3\.\d|[A-Z][\w-]+ )/.test(line));
  const evidence = rows.flatMap((line) => {
    const [, topic = '', , , , tests] = line.split('|').map((cell) => cell.trim());
    return tests === undefined
      ? []
      : codeSpans(tests)
          .filter((code) => !code.includes('/'))
          .map((id) => ({ topic, id }));
  });

  it('names a test for every line of RFC 8725 and of the cheat sheet', () => {
    expect(new Set(evidence.map(({ topic }) => topic)).size).toBeGreaterThan(15);
  });

  it.each(evidence)('$topic: the conformance row $id exists', ({ id }) => {
    expect(ids).toContain(id);
  });
});

/** The ids of all rows in a file of vectors, at any depth. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'id' in value && typeof value.id === 'string' ? [value.id] : [];
  return [...own, ...Object.values(value).flatMap(idsIn)];
}
