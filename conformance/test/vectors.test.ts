import { existsSync, readFileSync } from 'node:fs';
import { configuredSecrets } from '../src/configured-secrets.js';
import { resolve } from '../src/resolve.js';
import {
  configRows,
  freshnessCases,
  keySetCases,
  ownGroups,
  sharedGroups,
} from '../src/vectors.js';
import { wycheproofKeys, wycheproofSignatures } from '../src/wycheproof.js';

const copies = new URL('../vectors/', import.meta.url);
const upstream = new URL('../../../shared/', import.meta.url);
const files = [
  ['requests.json', 'conformance/requests.json'],
  ['configs.json', 'conformance/configs.json'],
  ['keys.json', 'conformance/keys.json'],
  ['jwks.json', 'conformance/jwks.json'],
  ['wycheproof/README.md', 'wycheproof/README.md'],
  ['wycheproof/json_web_key_test.json', 'wycheproof/json_web_key_test.json'],
  ['wycheproof/json_web_signature_test.json', 'wycheproof/json_web_signature_test.json'],
] as const;

// upstream is a folder beside a developer's checkout; elsewhere there is nothing to compare with
if (existsSync(new URL('conformance/', upstream)))
  describe('the shared vectors', () => {
    it.each(files)('%s is the upstream file, byte for byte', (copy, original) => {
      expect(readFileSync(new URL(copy, copies))).toEqual(
        readFileSync(new URL(original, upstream)),
      );
    });
  });

describe('the vectors', () => {
  const groups = [...sharedGroups(), ...ownGroups()];

  it('are all there', () => {
    const shared = sharedGroups().flatMap(({ rows }) => rows);
    expect(shared).toHaveLength(129);
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

  it('each expect one thing of a known shape, and say where it comes from', () => {
    for (const { rows } of groups)
      for (const { id, source, expect: expected } of rows) {
        const { session, error, any } = expected;
        expect([id, [session, error, any].filter(Boolean).length]).toEqual([id, 1]);
        expect([id, typeof source, source.length > 0]).toEqual([id, 'string', true]);
        if (error)
          expect(error).toEqual({
            ...error,
            code: expect.any(String),
            engineStatus: expect.any(Number),
            httpStatus: expect.any(Number),
          });
      }
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
