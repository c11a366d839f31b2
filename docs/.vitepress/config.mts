import { join } from 'node:path';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { checkAnchors } from './check-anchors.mjs';
import { linksToPages } from './links-to-pages.mjs';
import { checkSidebar, slugify } from './pages.mjs';

const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Overview', link: '/' },
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'Already on Hasura', link: '/docs/already-on-hasura' },
      { text: 'Moving from another library', link: '/docs/moving-from' },
      { text: 'All documents by task', link: '/docs/' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'Roles and guards', link: '/docs/roles-and-guards' },
      { text: 'Public and optional routes', link: '/docs/public-and-optional-routes' },
      { text: 'Providers', link: '/docs/providers' },
      { text: 'GraphQL servers', link: '/docs/graphql-servers' },
      { text: 'WebSocket', link: '/docs/websocket' },
      { text: 'Webhook', link: '/docs/webhook' },
      { text: 'Revocation', link: '/docs/revocation' },
      { text: 'Many machines', link: '/docs/many-machines' },
      { text: 'Row-level security', link: '/docs/row-level-security' },
      { text: 'Command line', link: '/docs/cli' },
      { text: 'Inspector', link: '/docs/inspector' },
      { text: 'Testing your app', link: '/docs/testing' },
      { text: 'Deployment', link: '/docs/deployment' },
      { text: 'Observability', link: '/docs/observability' },
      { text: 'Troubleshooting', link: '/docs/troubleshooting' },
      { text: 'Questions and answers', link: '/docs/faq' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Configuration', link: '/docs/configuration' },
      { text: 'Errors', link: '/docs/errors' },
      { text: 'Decisions', link: '/docs/decisions' },
      { text: 'Differences from Hasura', link: '/docs/engine-differences' },
      { text: 'API', link: '/docs/api/' },
    ],
  },
  {
    text: 'Project',
    items: [
      { text: 'Performance', link: '/docs/performance' },
      { text: 'Security', link: '/SECURITY' },
      { text: 'Security checklist', link: '/docs/security-checklist' },
      { text: 'Contributing', link: '/CONTRIBUTING' },
    ],
  },
];

export default defineConfig({
  title: 'hasura-auth',
  description: 'Authentication of Hasura GraphQL Engine as middleware for Express, Koa and Fastify',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]], // no icon, and no request for one
  // A site that is published under a path sets it here.
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  srcDir: '..',
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  srcExclude: [
    'CHANGELOG.md',
    'docs/.code-blocks/**',
    '{.changeset,bench,conformance,coverage,examples,fuzz,packages,reports,scripts,testkit}/**',
  ],
  rewrites: { 'README.md': 'index.md', 'docs/README.md': 'docs/index.md' },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify },
    toc: { slugify },
    headers: { slugify },
    config: linksToPages,
  },
  vite: {
    // The pages are outside of the folder of this package, where its dependencies cannot be found.
    plugins: [
      {
        name: 'vue-for-pages',
        enforce: 'pre',
        resolveId(id, _importer, options) {
          if (!/^vue(?:\/|$)/.test(id)) return undefined;
          return this.resolve(id, join(import.meta.dirname, 'config.mts'), {
            ...options,
            skipSelf: true,
          });
        },
      },
    ],
    build: { chunkSizeWarningLimit: 2000 }, // in kB; the index of the search is one file
  },
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'Configuration', link: '/docs/configuration' },
      { text: 'API', link: '/docs/api/' },
    ],
  },
  // Every check fails the build. VitePress itself fails for links to pages that do not exist.
  async buildEnd({ outDir, pages }) {
    checkSidebar(sidebar, pages);
    await checkAnchors(outDir);
  },
});
