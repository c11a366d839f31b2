import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A fenced block of code in a document. */
export interface CodeBlock {
  readonly language: string;
  /** The text after the language, such as `run=express`. */
  readonly note: string;
  readonly code: string;
  /** The document and the number of the block, for the title of a test. */
  readonly place: string;
}

/** The root folder of the repository. */
export const top: string = join(__dirname, '..', '..');

/** Every document that users read. */
export function documents(): string[] {
  const inDocs = readdirSync(join(top, 'docs')).filter((name) => name.endsWith('.md'));
  const packages = readdirSync(join(top, 'packages')).map((name) => `packages/${name}/README.md`);
  const named = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...packages];
  return [...named, ...inDocs.map((name) => `docs/${name}`)].map((name) => join(top, name));
}

/** The fenced blocks of one document. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = readFileSync(document, 'utf8');
  const fenced = /^```(\w*)[ \t]*([^\n]*)\n([^]*?)^```$/gm;
  return [...text.matchAll(fenced)].map(([, language = '', note = '', code = ''], index) => ({
    language,
    note,
    code,
    place: `${relative(top, document)}, block ${String(index + 1)}`,
  }));
}
