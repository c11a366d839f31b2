import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@hasura-auth/core';
import * as coreAdapter from '@hasura-auth/core/adapter';
import * as coreObservability from '@hasura-auth/core/observability';
import * as express from '@hasura-auth/express';
import * as fastify from '@hasura-auth/fastify';
import * as graphqlWs from '@hasura-auth/graphql-ws';
import * as reading from '@hasura-auth/inspector/reading';
import * as koa from '@hasura-auth/koa';

const packages = join(__dirname, '../..');
/** Of core, so that an app installs one package. */
const ofCore = [
  'AuthError',
  'ConfigError',
  'arrayVariable',
  'assertRole',
  'createAuthenticator',
  'deny',
  'isAuthError',
  'optionsFromEnv',
  'presets',
  'requireVariable',
];
const own = [
  'authHookHandler',
  'backChannelLogoutHandler',
  'hasuraAuth',
  'requireRole',
  'requireSession',
  'sessionOf',
];
const adapter = [...ofCore, ...own].sort();

// A name here is a promise: adding or removing one is a decision, and a line in the changelog.
it.each([
  ['express', express, adapter],
  ['koa', koa, adapter],
  ['fastify', fastify, ['default', ...adapter].sort()],
  [
    'graphql-ws',
    graphqlWs,
    [
      ...ofCore,
      'lifetime',
      'bothProtocols',
      'handleProtocols',
      'hasuraAuth',
      'isLegacy',
      'legacyHandler',
      'legacyProtocol',
      'requireRole',
      'sessionOf',
    ].sort(),
  ],
  [
    'core',
    core,
    [
      'AuthError',
      'ConfigError',
      'allowedOrigins',
      'arrayVariable',
      'assertRole',
      'closeReason',
      'createAuthenticator',
      'deny',
      'forbiddenCloseCode',
      'isAuthError',
      'lifetime',
      'memoryRevocations',
      'optionsFromEnv',
      'presets',
      'requireVariable',
    ],
  ],
  [
    'inspector/reading',
    reading,
    [
      'InputError',
      'forms',
      'jwtSecretsOf',
      'optionsFromVariables',
      'providers',
      'readComposeService',
      'readConfiguration',
      'readRequest',
      'tokenHeaderOf',
    ],
  ],
  [
    'core/adapter',
    coreAdapter,
    [
      'authenticatorFrom',
      'count',
      'createAdapter',
      'createHookEndpoint',
      'createLogoutEndpoint',
      'flag',
      'functionOr',
      'guardByDefault',
      'inheritingError',
      'isPromise',
      'isWithinBounds',
      'keySetReports',
      'optionNames',
      'parseJsonPath',
      'parseRuntime',
      'presentSession',
      'recordOf',
      'refuseAsHandler',
      'roleGuard',
      'sessionGuard',
      'showJsonPath',
      'toError',
      'withDeadline',
      'withValues',
    ],
  ],
  [
    'core/observability',
    coreObservability,
    [
      'HistogramValues',
      'everySeries',
      'methodLabels',
      'metrics',
      'mostRoles',
      'parseRoles',
      'readGauge',
      'recordMetrics',
      'refusalLabels',
      'sessionOfContext',
    ],
  ],
])('@hasura-auth/%s exports this and nothing else', (_name, entry, names) => {
  expect(Object.keys(entry).sort()).toEqual(names);
  expect(Object.values(entry)).not.toContain(undefined);
});

const sources = readdirSync(packages)
  // These sign tokens with it: for the tests of apps, and for developers.
  .filter((name) => !['testing', 'cli', 'inspector'].includes(name))
  .map((name) => join(packages, name, 'src'))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file))),
  )
  .filter((file) => file.endsWith('.ts'));

it('no published source imports jose, so that none of its types is in the public API', () => {
  expect(sources.length).toBeGreaterThan(30);
  const importing = sources.filter((file) =>
    /['"]jose(?:\/[^'"]*)?['"]/.test(readFileSync(file, 'utf8')),
  );
  expect(importing).toEqual([]);
});
