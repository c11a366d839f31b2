/** The anchor of a heading, as code hosting sites make it, so that a link works there and on the site. */
export const slugify = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-');

/** Fails for a page that a reader cannot find in the sidebar; the API reference has an index of its own. */
export function checkSidebar(sidebar, pages) {
  const links = new Set(sidebar.flatMap(({ items }) => items).map(({ link }) => link));
  const missing = pages
    .map((page) => `/${page.replace(/(?:index|README)?\.md$/, '')}`)
    .filter((link) => !links.has(link) && !/^\/docs\/api\/./.test(link));
  if (missing.length > 0) throw new Error(`not in the sidebar: ${missing.join(', ')}`);
}
