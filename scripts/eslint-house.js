// The import rules no published plugin has: cycles that count types too, and packages that are
// entered by their name only.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const sourceOf = (file, specifier) => {
  const path = resolve(dirname(file), specifier);
  return [path.replace(/\.([cm]?)js$/, '.$1ts'), path].find((candidate) => existsSync(candidate));
};
const isRelative = (specifier) => /^\.{1,2}\//.test(specifier);

const known = new Map();
/** The files that `file` imports by relative path; types, re-exports and `import()` count. */
function importsOf(file) {
  const { mtimeMs } = statSync(file);
  const entry = known.get(file);
  if (entry?.mtimeMs === mtimeMs) return entry.files;
  const files = ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter(isRelative)
    .map((specifier) => sourceOf(file, specifier))
    .filter((path) => path?.endsWith('ts'));
  known.set(file, { mtimeMs, files });
  return files;
}

/** The files on the way from `start` to `goal`, both included; undefined where there is none. */
function wayBetween(start, goal) {
  const cameFrom = new Map([[start, undefined]]);
  for (const file of cameFrom.keys()) {
    if (file === goal) {
      const way = [];
      for (let at = file; at; at = cameFrom.get(at)) way.unshift(at);
      return way;
    }
    for (const next of importsOf(file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return undefined;
}

/** A rule that looks at every relative import, whatever its kind. */
const importRule = (messages, check) => ({
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const visit = ({ source }) => {
      if (typeof source?.value !== 'string' || !isRelative(source.value)) return;
      const target = sourceOf(context.filename, source.value);
      const data = target && check(context.filename, target);
      if (data) context.report({ node: source, messageId: Object.keys(messages)[0], data });
    };
    return {
      ImportDeclaration: visit,
      ImportExpression: visit,
      ExportNamedDeclaration: visit,
      ExportAllDeclaration: visit,
      TSImportType: visit,
    };
  },
});

/** The folders of core and its files beside them, upper ones first; whatever is not named is a leaf. */
const floors = [
  ['index.ts'],
  ['adapter.ts'],
  ['logout-endpoint.ts'],
  ['hook-endpoint'],
  ['shared-authenticator.ts'],
  ['authenticator.ts'],
  ['explain'],
  ['credentials.ts'],
  ['methods', 'connection', 'presets'],
  ['config'],
  ['revocation'],
  ['jwt'],
  ['keys', 'webhook'],
];

/** Where a file of core is: its folder or name, and the number of its floor, counted from above. */
function placeOf(file) {
  const [, path] = file.split(`core${sep}src${sep}`);
  if (path === undefined) return undefined;
  const [room] = path.split(sep);
  const floor = floors.findIndex((rooms) => rooms.includes(room));
  return { room, floor: floor === -1 ? floors.length : floor };
}

/** Whether an import goes up, or across to another folder of the same floor; leaves may know each other. */
function goesUp(file, target) {
  const [from, to] = [placeOf(file), placeOf(target)];
  if (from === undefined || to === undefined || from.room === to.room) return false;
  return to.floor < from.floor || (to.floor === from.floor && to.floor < floors.length);
}

export default {
  rules: {
    'look-down': importRule(
      { up: 'Folders look down only: {{from}} must not import {{to}} (types included)' },
      (file, target) =>
        goesUp(file, target) && { from: placeOf(file).room, to: placeOf(target).room },
    ),
    'no-cycle': importRule({ cycle: 'This import closes a cycle: {{way}}' }, (file, target) => {
      const way = target.endsWith('ts') && wayBetween(target, file);
      return (
        way && { way: [file, ...way].map((path) => relative(dirname(file), path)).join(' → ') }
      );
    }),
    'stay-inside': importRule(
      { byName: 'A package is entered by its name only' },
      (file, target) => {
        const [root] = file.split(`${sep}src${sep}`);
        return relative(`${root}${sep}src`, target).startsWith('..') && {};
      },
    ),
  },
};
