import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { configuredSecrets } from '../src/configured-secrets.js';
import {
  resolve,
  wycheproofKeys,
  wycheproofSignatures,
  freshnessCases,
  keySetCases,
} from '@hasura-auth/testkit';

import { configRows, ownGroups, sharedGroups } from '../src/vectors.js';

const root = new URL('../../', import.meta.url);
const upstream = new URL('../shared/', root);
const files = [
  ['conformance/vectors/requests.json', 'conformance/requests.json'],
  ['conformance/vectors/configs.json', 'conformance/configs.json'],
  ['testkit/vectors/keys.json', 'conformance/keys.json'],
  ['testkit/vectors/jwks.json', 'conformance/jwks.json'],
  ['testkit/vectors/wycheproof/README.md', 'wycheproof/README.md'],
  ['testkit/vectors/wycheproof/json_web_key_test.json', 'wycheproof/json_web_key_test.json'],
  [
    'testkit/vectors/wycheproof/json_web_signature_test.json',
    'wycheproof/json_web_signature_test.json',
  ],
] as const;

// The originals are a folder beside a developer's checkout; elsewhere there is nothing to compare with.
if (existsSync(new URL('conformance/', upstream)))
  describe('the shared vectors', () => {
    it.each(files)('%s equals its original byte for byte', (copy, original) => {
      const bytes = readFileSync(new URL(copy, root));
      expect(bytes.equals(readFileSync(new URL(original, upstream)))).toBe(true);
    });
  });

describe('the vectors', () => {
  const groups = [...sharedGroups(), ...ownGroups()];

  it('are all there', () => {
    const shared = sharedGroups().flatMap(({ rows }) => rows);
    expect(shared).toHaveLength(155);
    expect(configRows('shared')).toHaveLength(20);
    expect(freshnessCases()).toHaveLength(11);
    expect(keySetCases()).toHaveLength(13);
    const count = (list: readonly { tests: readonly unknown[] }[]): number =>
      list.reduce((sum, { tests }) => sum + tests.length, 0);
    expect(count(wycheproofSignatures())).toBe(401);
    expect(count(wycheproofKeys())).toBe(26);
  });

  it('have one name each', () => {
    const names = groups.flatMap(({ name, rows }) => rows.map(({ id }) => `${name} › ${id}`));
    expect(names).toHaveLength(new Set(names).size);
    const configs = configRows('own').map(({ id }) => id);
    expect(configs).toHaveLength(new Set(configs).size);
  });

  const matches = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(new URL('conformance/vectors/requests.schema.json', root), 'utf8')),
  );

  it.each(groups.map(({ name, rows }) => [name, rows] as const))(
    'of the group %s have the form of the schema',
    (name, rows) => {
      const wrong = matches({ [name]: rows }) ? [] : matches.errors;
      expect(wrong).toEqual([]);
    },
  );

  it('with an unknown member are an error', () => {
    const [row] = groups[0]?.rows ?? [];
    expect(matches({ group: [row] })).toBe(true);
    expect(matches({ group: [{ ...row, expected: {} }] })).toBe(false);
    expect(matches({ group: [{ ...row, expect: { ...row?.expect, status: 401 } }] })).toBe(false);
  });

  it('that are known failures are rows', () => {
    const names = new Set(
      groups.flatMap(({ name, rows }) => rows.map(({ id }) => `${name} › ${id}`)),
    );
    const known = JSON.parse(
      readFileSync(new URL('conformance/vectors/known-failures.json', root), 'utf8'),
    ) as Record<string, readonly string[]>;
    const listed = Object.entries(known).flatMap(([group, ids]) =>
      ids.map((id) => `${group} › ${id}`),
    );
    expect(listed.filter((row) => !names.has(row))).toEqual([]);
  });

  it('name tokens that they describe', () => {
    for (const { rows } of groups)
      for (const { id, request } of rows) {
        const named = JSON.stringify(request.headers).match(/\$\{\w+\}/g) ?? [];
        const described = Object.keys(request.tokens ?? {}).map((name) => `\${${name}}`);
        expect([id, named.filter((name) => !described.includes(name))]).toEqual([id, []]);
      }
  });

  it('know what of a configuration is secret', () => {
    const row = {
      adminSecret: 'myadminsecretkey',
      jwtSecret: { type: 'RS256', key: { $key: 'rsa.spki' } },
    };
    const secrets = configuredSecrets(resolve(row, 0));
    expect(secrets).toContain('myadminsecretkey');
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.join()).not.toContain('RS256');
  });
});
