/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

// ES modules without a CommonJS build that tests reach; Jest on Node 20 cannot require() them as
// they are. When a test says "Must use import to load ES Module", its package belongs here.
const esmOnly = [
  'jose',
  '@clack/prompts',
  '@clack/core',
  'fast-string-width',
  'fast-string-truncated-width',
  'fast-wrap-ansi',
  'sisteransi',
  'cookie',
  'content-disposition',
  'mercurius', // imports quick-lru, which is one
  'quick-lru',
  'oidc-provider',
  'openid-client',
  'oauth4webapi',
];

/** All test files whose names end so, in every part of the repository. */
export const testFiles = (ending: string): string[] =>
  ['packages/*', 'conformance', 'examples/*', 'docs'].map(
    (folder) => `<rootDir>/${folder}/test/**/*${ending}`,
  );

const config: Config = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['hasura-auth-source', 'node', 'node-addons'] },
  testMatch: [...testFiles('.test.ts'), '!**/*.system.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/', '<rootDir>/\\.stryker-tmp/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [
    `/node_modules/(?!(?:\\.pnpm/[^/]+/node_modules/)?(?:${esmOnly.join('|')})/)`,
  ],
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/scripts/tally-reporter.cjs'],
  testTimeout: 20_000, // on a slow machine the longest tests take more than Jest's 5 seconds
  coverageProvider: 'babel',
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  coverageThreshold: { global: {}, './packages/core/src/': { lines: 100, branches: 100 } },
};
export default config;
