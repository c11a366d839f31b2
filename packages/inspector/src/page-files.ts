import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

const names = [
  ['index', 'html'],
  ['page', 'css'],
  ['answer', 'css'],
  ['icon', 'svg'],
  ['theme', 'js'],
  ['main', 'js'],
  ['dom', 'js'],
  ['json-view', 'js'],
  ['explain', 'js'],
  ['answer', 'js'],
  ['change', 'js'],
  ['configure', 'js'],
  ['issue', 'js'],
] as const;

/** The files are beside `src` and, in the published package, beside `dist`: one folder up from this file in both. */
const folder = new URL('../page/', import.meta.url);

/** Pico is packed with the page; in the repository it comes from the package that is packed. */
function stylesheet(): Buffer {
  const packed = new URL('pico.css', folder);
  return readFileSync(
    existsSync(packed)
      ? packed
      : createRequire(import.meta.url).resolve('@picocss/pico/css/pico.classless.min.css'),
  );
}

/** Every file of the page by its name; the empty name is the page itself. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>(
    names.map(([name, ending]) => [
      `${name}.${ending}`,
      { type: types[ending], body: readFileSync(new URL(`${name}.${ending}`, folder)) },
    ]),
  );
  files.set('pico.css', { type: types.css, body: stylesheet() });
  const page = files.get('index.html');
  if (page !== undefined) files.set('', page);
  return files;
}
