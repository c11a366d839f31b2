import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import house from './scripts/eslint-house.js';

// ── Who may know whom ────────────────────────────────────────────────────────────────────────────

const only = (names, message) => ({ regex: `^(?!\\.{1,2}/|(?:${names.join('|')})$)`, message });
const ban = (names, message, more) => ({
  regex: `^(?:node:)?(?:${names.join('|')})$`,
  message,
  ...more,
});
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});
const globals = (...entries) => ({
  'no-restricted-globals': ['error', { globals: entries, checkGlobalObject: true }],
});

const typesOfHttp = ban(['http'], 'Only types: core and adapters open no connection', {
  allowTypeImports: true,
});
const coreDependencies = only(
  ['node:.+', 'cookie', 'fastest-levenshtein', 'lru-cache', '@tusbar/cache-control', 'jose'],
  'Core names no framework and no adapter',
);
const network = ban(
  ['https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'undici'],
  'The network is reached through the injected `fetch` only',
);
const processModule = ban(['process'], 'The environment is read in config/env.ts only');
const noCryptography = ban(
  ['crypto', 'jose'],
  'Cryptography lives in keys/, jwt/verify.ts and methods/admin-secret.ts',
);
const noOrchestrator = {
  regex: '(?:^|/)(?:authenticator|index)\\.js$',
  message:
    'Arrows point one way: a step does not know its orchestrator; shared types live in a leaf',
};
const noSibling = {
  regex: '^\\./(?!method\\.js$)|/methods/(?!method\\.js$)',
  message: 'Methods do not know each other; what they share is in method.ts or outside methods/',
};
const everyCoreFile = [coreDependencies, network, typesOfHttp, processModule];

const noFetch = {
  name: 'fetch',
  message: 'Injected: its default is in runtime.ts only (the type is `typeof globalThis.fetch`)',
};
const noCrypto = { name: 'crypto', message: noCryptography.message };
const noEnv = 'The environment is read in config/env.ts only';

const core = (...paths) => paths.map((path) => `packages/core/src/${path}`);
const cryptography = core('keys/**', 'jwt/verify.ts');
const secretMethod = core('methods/admin-secret.ts');

// an adapter knows core, its framework, and the types of Node's requests
const adapters = {
  express: ['express', 'express-serve-static-core'],
  koa: ['koa'],
  fastify: ['fastify', 'fastify-plugin'],
  'graphql-ws': ['graphql-ws', 'graphql-ws/.+', 'graphql'],
};

const whoMayKnowWhom = [
  {
    files: ['packages/*/src/**'],
    plugins: { house },
    rules: {
      'house/no-cycle': 'error',
      'house/look-down': 'error',
      'house/stay-inside': 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: noEnv }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ":matches(MemberExpression[property.name='process'], MemberExpression[property.value='process'])",
          message: noEnv,
        },
        { selector: 'ImportExpression', message: 'Imports are static, so that the rules see them' },
        { selector: 'TSEnumDeclaration', message: 'A union of literals says the same' },
      ],
      ...globals(noFetch, noCrypto),
    },
  },
  { files: core('config/env.ts'), rules: { 'no-restricted-properties': 'off' } },
  // The other places: whether a kit for tests, or the inspector, runs in production.
  {
    files: ['packages/testing/src/production.ts', 'packages/inspector/src/server/production.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' },
  },

  // What the command reads of its process, which tests replace.
  {
    files: ['packages/cli/src/{main,process-context}.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-globals': 'off',
    },
  },

  { files: core('**'), rules: imports(...everyCoreFile, noCryptography) },
  {
    files: core('{jwt,config}/**'),
    rules: imports(...everyCoreFile, noCryptography, noOrchestrator),
  },
  { files: cryptography, rules: imports(...everyCoreFile, noOrchestrator) },
  {
    files: core('methods/**'),
    rules: imports(...everyCoreFile, noCryptography, noOrchestrator, noSibling),
  },
  { files: secretMethod, rules: imports(...everyCoreFile, noOrchestrator, noSibling) },

  { files: core('runtime.ts'), rules: globals(noCrypto) },
  { files: [...cryptography, ...secretMethod], rules: globals(noFetch) },

  ...Object.entries(adapters).map(([name, framework]) => ({
    files: [`packages/${name}/src/**`],
    rules: imports(
      only(
        ['@hasura-auth/core', '@hasura-auth/core/adapter', 'node:http', ...framework],
        'An adapter knows core and its framework',
      ),
      typesOfHttp,
    ),
  })),

  {
    files: [
      '**/{util,utils,helper,helpers,common,misc}.ts',
      '**/{utils,helpers,common,misc}/**/*.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'A file is one idea, named after it: no drawers' },
      ],
    },
  },
];

// ── How it is written ────────────────────────────────────────────────────────────────────────────

export default tseslint.config(
  {
    ignores: [
      '**/.code-blocks*/',
      'docs/api/',
      'docs/.vitepress/cache/',
      '**/dist/',
      '**/coverage/',
      '**/reports/',
      '**/.stryker-tmp/',
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // a `default` is an answer too: where it must never happen, it takes a `never`
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Fastify plugins and handlers are async by contract
      '@typescript-eslint/require-await': 'off',
      // our interfaces are made of closures, which may be taken apart: `const { authenticate } = …`
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  ...whoMayKnowWhom,
  {
    // supertest's body and Koa's state are `any`, and so is what jest's matchers give
    files: ['**/test/**', 'conformance/src/**', 'testkit/src/**', 'bench/src/**'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}', 'docs/.vitepress/*.mts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { console: 'readonly', fetch: 'readonly', process: 'readonly', module: 'writable' },
    },
  },
  // The compiler knows the names of the browser, and checks these files with them.
  { files: ['packages/inspector/page/**'], rules: { 'no-undef': 'off' } },
);
