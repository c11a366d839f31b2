import { ConfigError } from '@hasura-auth/core';
import { hasuraAuth, optionsFromEnv } from '@hasura-auth/graphql-ws';

const name = 'HASURA_GRAPHQL_ADMIN_SECRET';
afterEach(() => {
  delete process.env[name];
});

it('an environment of the app that has no variables is not replaced by that of the process', () => {
  process.env[name] = 'the-admin-secret-of-the-process';
  expect(() => hasuraAuth(optionsFromEnv({}))).toThrow(ConfigError);
  expect(() => hasuraAuth()).not.toThrow();
});
