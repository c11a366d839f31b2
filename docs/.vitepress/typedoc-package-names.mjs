// A plugin of TypeDoc: modules are called as they are imported, and not after their files; links to what a module exports
// again have the anchor that their target has (the Markdown plugin numbers some of them although the name occurs once).
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Converter } from 'typedoc';
import { slugify } from './pages.mjs';

const exportedAgain = /(?<=^Re-exports \[)(\w+)\]\(([^)#]+)#([\w-]+)-\d+(?=\)$)/gm;

async function mendAnchors({ filename }) {
  const text = await readFile(filename, 'utf8');
  let mended = text;
  for (const [found, name, target, slug] of text.matchAll(exportedAgain)) {
    const headings = await readFile(join(dirname(filename), target), 'utf8');
    const same = [...headings.matchAll(/^### (.+)$/gm)].filter(
      ([, heading]) => slugify(heading) === slug,
    );
    if (same.length === 1) mended = mended.replace(found, `${name}](${target}#${slug}`);
  }
  if (mended !== text) await writeFile(filename, mended);
}

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? [])
      module.name = `@hasura-auth/${module.name.replace(/\/src\b/, '')}`;
  });
  app.renderer.postRenderAsyncJobs.push(async ({ pages, outputDirectory }) => {
    for (const { url } of pages) await mendAnchors({ filename: join(outputDirectory, url) });
  });
}
