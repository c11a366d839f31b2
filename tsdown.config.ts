import { existsSync } from 'node:fs';
import { defineConfig, type UserConfig } from 'tsdown';

const published = [
  'core',
  'express',
  'koa',
  'fastify',
  'graphql-ws',
  'testing',
  'inspector',
  'redis',
  'prometheus',
  'opentelemetry',
];

const common = {
  platform: 'node', // gives .mjs + .cjs, .d.mts + .d.cts
  target: 'node20',
  // Comments stay in the declarations, which editors show; without them core's tarball is a quarter smaller.
  outputOptions: { exports: 'named', comments: false }, // a default export beside named ones, in the Fastify package
  clean: true,
} satisfies UserConfig;

const libraries: UserConfig = {
  ...common,
  workspace: published.map((name) => `packages/${name}`).filter((path) => existsSync(path)),
  // the further publics: core's adapter.ts and observability.ts, the inspector's reading.ts, development-issuer.ts of testing
  entry: ['src/{index,adapter,observability,reading,development-issuer}.ts'],
  format: {
    esm: {},
    // jose is an ES module only, and Jest cannot require() one before Node 24.9: the CommonJS build contains what it uses.
    cjs: { deps: { alwaysBundle: (id) => id === 'jose', skipNodeModulesBundle: false } },
  },
  dts: { oxc: true },
};

/** The command `hasura-auth`: a program, which no one imports. */
const program: UserConfig = {
  ...common,
  workspace: ['packages/cli'],
  entry: ['src/main.ts'],
  format: ['esm'],
  dts: false,
};

const config: UserConfig[] = defineConfig([libraries, program]);
export default config;
