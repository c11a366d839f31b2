import { ConfigError, type AuthOptions, type JwtSecret } from '@hasura-auth/core';
import { keySetReports } from '@hasura-auth/core/adapter';
import { startLoopbackServer, testKey, type LoopbackServer } from '@hasura-auth/testkit';

const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** The options of an app whose provider publishes this, by a real server. */
async function optionsWith(
  body: unknown,
  headers: Record<string, string> = {},
): Promise<AuthOptions> {
  const server = await startLoopbackServer(() => ({ headers, body: JSON.stringify(body) }));
  servers.push(server);
  return { adminSecret: false, jwtSecret: { jwk_url: `${server.url}/keys?secret=MARKED` } };
}

const rsa = testKey('rsa').publicJwk;
const p256 = testKey('p256').publicJwk;

it('each key of a set is listed with its kid and the algorithms that its tokens may use', async () => {
  const keys = [
    { ...rsa, kid: 'one' },
    { ...rsa, kid: 'two', alg: 'RS512' },
    { ...p256, kid: 3 },
    { ...p256 },
  ];
  const [report] = await keySetReports(
    await optionsWith({ keys }, { 'cache-control': 'max-age=60' }),
  );
  expect(report?.keys).toEqual([
    {
      kid: 'one',
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      remark: undefined,
    },
    { kid: 'two', algorithms: ['RS512'], remark: undefined },
    { kid: undefined, algorithms: [], remark: 'malformed, ignored' },
    { kid: undefined, algorithms: ['ES256'], remark: undefined },
  ]);
  expect(report?.freshness).toEqual({ kind: 'for', ms: 60_000 });
  expect(report?.failure).toBeUndefined();
});

it('a key that is not used is listed with the reason, and a weak one with a remark', async () => {
  const keys = [
    { kty: 'oct', kid: 'secret', k: 'MARKED' },
    { ...rsa, kid: 'enc', use: 'enc' },
    { ...testKey('rsa-1024').publicJwk, kid: 'weak' },
    { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken' },
  ];
  const [report] = await keySetReports(await optionsWith({ keys }));
  expect(
    report?.keys.map(({ kid, algorithms, remark }) => [kid, algorithms.length, remark]),
  ).toEqual([
    ['secret', 0, 'a symmetric secret, which every client knows once it is published, ignored'],
    ['enc', 0, 'not for signatures by its "use", ignored'],
    ['weak', 6, 'an RSA key under 2048 bits, used although that is not safe'],
    ['broken', 0, 'malformed, ignored'],
  ]);
  expect(JSON.stringify(report)).not.toContain('MARKED');
});

it('a set of thousands of entries is listed up to a bound', async () => {
  const broken = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };
  const malformed = await keySetReports(await optionsWith({ keys: Array(1000).fill(broken) }));
  const remarks = malformed[0]?.keys.map(({ remark }) => remark) ?? [];
  expect(remarks.length).toBe(300);
  expect(remarks[199]).toBe('malformed, ignored');
  expect(remarks[200]).toBe('beyond the first 200 that are tried, ignored');
  const used = await keySetReports(await optionsWith({ keys: Array(101).fill(p256) }));
  expect(used[0]?.keys.at(-1)?.remark).toBe('beyond the first 100 that are used, ignored');
});

it('a set that cannot be read is a report with the reason, without the query of the address', async () => {
  const options = await optionsWith({ jwks_uri: 'https://issuer.example/keys' });
  const [report] = await keySetReports(options);
  expect(report?.failure).toBe(
    'the response is a discovery document and not a key set; set jwk_url to its jwks_uri, https://issuer.example/keys',
  );
  expect(report?.keys).toEqual([]);
  expect(report?.freshness).toBeUndefined();
  expect(JSON.stringify(report)).not.toContain('MARKED');
});

it('each configuration with an address has a report, and one with a key of its own has none', async () => {
  const { jwtSecret } = await optionsWith({ keys: [p256] });
  const list: (JwtSecret | string)[] = [
    { type: 'HS256', key: 'a-secret-of-at-least-thirty-two-bytes', issuer: 'a' },
    JSON.stringify(jwtSecret),
  ];
  expect(await keySetReports({ adminSecret: false, jwtSecrets: list })).toHaveLength(1);
  expect(await keySetReports({ adminSecret: 'a-long-random-admin-secret' })).toEqual([]);
});

it('a mistake in the options rejects with its ConfigError', async () => {
  await expect(keySetReports({ adminSecret: '' })).rejects.toThrow(ConfigError);
});
