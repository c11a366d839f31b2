import { readFileSync } from 'node:fs';

/** A fenced block of code in a document. */
export interface CodeBlock {
  readonly language: string;
  /** The text after the language, such as `run=express`. */
  readonly note: string;
  readonly code: string;
  /** The document and the number of the block, for the title of a test. */
  readonly place: string;
}

/** The fenced blocks of one document, which is called `name` in their places. */
export function fencedBlocks(document: string, name: string): CodeBlock[] {
  const text = readFileSync(document, 'utf8');
  const fenced = /^```(\w*)[ \t]*([^\n]*)\n([^]*?)^```$/gm;
  return [...text.matchAll(fenced)].map(([, language = '', note = '', code = ''], index) => ({
    language,
    note,
    code,
    place: `${name}, block ${String(index + 1)}`,
  }));
}
