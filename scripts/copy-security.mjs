// Run by `pnpm pack` in the folder of a package: puts SECURITY.md into the tarball, as pnpm does with LICENSE. Links to
// other files of the repository become plain text, because those files are not in the tarball.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const text = await readFile(resolve(import.meta.dirname, '../SECURITY.md'), 'utf8');
const alone = text.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '$1');
await writeFile('SECURITY.md', alone);
