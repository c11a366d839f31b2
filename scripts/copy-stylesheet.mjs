// Run by `pnpm pack` in the folder of the inspector: puts the stylesheet that its page is built on into the tarball, so
// that users install one file and not the package with all variants of it.
import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve('package.json'));
await copyFile(require.resolve('@picocss/pico/css/pico.classless.min.css'), 'page/pico.css');
