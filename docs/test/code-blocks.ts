import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fencedBlocks, type CodeBlock } from './fenced-blocks.js';

export type { CodeBlock };

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
  return fencedBlocks(document, relative(top, document));
}
