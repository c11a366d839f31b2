import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

const idsOf = (html) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
const linksOf = (html) => [...html.matchAll(/<a\s[^>]*?href="([^"#]*)#([^"]+)"/g)];

/** Fails the build for a link to an anchor that its page does not have; VitePress checks pages only. */
export async function checkAnchors(outDir) {
  const names = (await readdir(outDir, { recursive: true })).filter((name) => /\.html$/.test(name));
  const pages = new Map();
  for (const name of names)
    pages.set(`/${name.replaceAll('\\', '/')}`, await readFile(join(outDir, name), 'utf8'));

  const pageAt = (path) =>
    [path, `${path}.html`, posix.join(path, 'index.html')].find((name) => pages.has(name));
  const problems = [];
  for (const [page, html] of pages)
    for (const [, path, anchor] of linksOf(html)) {
      if (/^[a-z]+:/.test(path)) continue;
      const base = (process.env.DOCS_BASE ?? '/').replace(/\/$/, '');
      const target =
        path === ''
          ? page
          : pageAt(
              posix.resolve(
                posix.dirname(page),
                path.slice(path.startsWith('/') ? base.length : 0),
              ),
            );
      if (target === undefined || !idsOf(pages.get(target)).has(decodeURIComponent(anchor)))
        problems.push(`${page}: ${path}#${anchor}`);
    }
  if (problems.length > 0) throw new Error(`missing anchors:\n${problems.join('\n')}`);
}
