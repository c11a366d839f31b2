import { existsSync } from 'node:fs';
import { defineConfig, type UserConfig } from 'tsdown';

const published = ['core', 'express', 'koa', 'fastify', 'graphql-ws', 'testing', 'inspector'];

const config: UserConfig = defineConfig({
  workspace: published.map((name) => `packages/${name}`).filter((path) => existsSync(path)),
  entry: ['src/{index,adapter,reading}.ts'], // the second publics: core's adapter.ts, the inspector's reading.ts
  format: {
    esm: {},
    // jose is an ES module only, and Jest cannot require() one before Node 24.9: the CommonJS build contains what it uses.
    cjs: { deps: { alwaysBundle: (id) => id === 'jose', skipNodeModulesBundle: false } },
  },
  platform: 'node', // gives .mjs + .cjs, .d.mts + .d.cts
  target: 'node20',
  dts: { oxc: true },
  // Comments stay in the declarations, which editors show; without them core's tarball is a quarter smaller.
  outputOptions: { exports: 'named', comments: false }, // a default export beside named ones, in the Fastify package
  clean: true,
});
export default config;
