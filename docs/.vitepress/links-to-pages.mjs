import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const top = resolve(import.meta.dirname, '../..');
const isPage = (path) => /^(?:docs\/[\w./@-]+|README|SECURITY|CONTRIBUTING)\.md$/.test(path);

/**
 * A plugin of markdown-it. The documents link to each other and to other files of the repository as code hosting sites
 * expect it. On the site, README.md is the index of its folder, and a link to a file that is no page becomes plain text. A
 * link to a file that does not exist stays as it is, so that VitePress reports it.
 */
export function linksToPages(md) {
  // Vue would read two braces as an expression.
  for (const name of ['text', 'code_inline']) {
    const render = md.renderer.rules[name];
    md.renderer.rules[name] = (...given) =>
      render(...given)
        .replaceAll('{{', '&#123;&#123;')
        .replaceAll('}}', '&#125;&#125;');
  }
  md.core.ruler.push('links-to-pages', ({ tokens, env }) => {
    for (const { children } of tokens)
      for (const [index, token] of (children ?? []).entries()) {
        if (token.type !== 'link_open') continue;
        const href = token.attrGet('href') ?? '';
        if (/^(?:[a-z]+:|#)/.test(href)) continue;
        const [path = '', anchor] = href.split('#');
        const target = relative(top, join(dirname(join(top, sourceOf(env))), path));
        if (isPage(target)) {
          const page = path.replace(/README\.md$/, 'index.md');
          token.attrSet('href', anchor === undefined ? page : `${page}#${anchor}`);
        } else if (existsSync(join(top, target))) {
          const close = children.findIndex(({ type }, at) => at > index && type === 'link_close');
          for (const at of [index, close])
            Object.assign(children[at], { hidden: true, tag: 'span' });
          token.attrs = null;
          token.type = 'span_open';
          children[close].type = 'span_close';
        }
      }
  });
}

/** The path of the document in the repository, from its path on the site. */
const sourceOf = ({ relativePath = '' }) =>
  relativePath.replace(/index\.md$/, (name) =>
    existsSync(join(top, relativePath)) ? name : 'README.md',
  );
