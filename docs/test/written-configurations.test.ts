import { createAuthenticator, optionsFromEnv } from '@hasura-auth/core';
import { parseAllDocuments } from 'yaml';
import { codeBlocks, documents } from './code-blocks.js';

/** Every set of variables in a YAML file: the environment of a compose service, or a Kubernetes secret. */
function environmentsIn(value: unknown): Record<string, string>[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value);
  return members.some(([name]) => name.startsWith('HASURA_GRAPHQL_'))
    ? [value as Record<string, string>]
    : members.flatMap(([, member]) => environmentsIn(member));
}

const blocks = documents()
  .flatMap(codeBlocks)
  .filter(({ language }) => language === 'yaml');

it('there are YAML files in the documents', () => {
  expect(blocks.length).toBeGreaterThan(1);
});

it.each(blocks)('an app starts with the variables of $place', ({ code }) => {
  const parsed = parseAllDocuments(code, { merge: true }).map((document): unknown => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const environments = environmentsIn(parsed);
  expect(environments.length).toBeGreaterThan(0);
  for (const environment of environments)
    expect(() => createAuthenticator(optionsFromEnv(environment))).not.toThrow();
});
