import { createAuthenticator, type JwtSecret } from '@hasura-auth/core';
import { privatePem, privateKey, testKey } from '@hasura-auth/testkit';
import { runCommand } from './run.js';

const claimsMap = {
  'x-hasura-allowed-roles': { path: '$.access.roles' },
  'x-hasura-default-role': { path: '$.access.roles[0]' },
  'x-hasura-user-id': { path: '$["https://n.example/user"]' },
  'x-hasura-kind': 'fixed',
};

/** The key that signs as standard input, and the configuration whose public part verifies. */
const keys: readonly (readonly [name: string, stdin: string, secret: JwtSecret])[] = [
  ['an RSA key', privatePem('rsa.pkcs8'), { type: 'RS256', key: testKey('rsa').spki }],
  ['an RSA key as PKCS #1', privatePem('rsa.pkcs1'), { type: 'RS256', key: testKey('rsa').x509 }],
  ['a P-256 key', privatePem('p256.sec1'), { type: 'ES256', key: testKey('p256').spki }],
  ['a P-384 key', privatePem('p384.pkcs8'), { type: 'ES384', key: testKey('p384').spki }],
  ['a P-521 key', privatePem('p521.pkcs8'), { type: 'ES512', key: testKey('p521').spki }],
  [
    'an Ed25519 key',
    privatePem('ed25519.pkcs8'),
    { type: 'Ed25519', key: testKey('ed25519').spki },
  ],
  [
    'a private JWK',
    JSON.stringify(privateKey('p256').export({ format: 'jwk' })),
    { type: 'ES256', key: testKey('p256').spki },
  ],
  [
    'a shared secret with a line break after it',
    `${'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa'}\n`,
    { type: 'HS256', key: 'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa' },
  ],
];

it.each(keys)('a token of %s is accepted', async (_name, stdin, jwtSecret) => {
  const args = ['token', '--key-stdin', '--role', 'editor', '--user', '7', '--kid', 'dev'];
  const { stdout, stderr, exitCode } = await runCommand(args, { stdin });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret });
  const session = await authenticate({ headers: { authorization: `Bearer ${stdout.trim()}` } });
  expect(session.sessionVariables).toEqual({ 'x-hasura-role': 'editor', 'x-hasura-user-id': '7' });
});

const shared = { type: 'HS256', key: 'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa' } as const;

it.each<[string, Partial<JwtSecret>]>([
  ['in a namespace of its own', { claims_namespace: 'https://my-app.example/claims' }],
  ['at a path', { claims_namespace_path: '$.hasura.claims' }],
  ['as JSON in a string', { claims_format: 'stringified_json' }],
  ['in other claims', { claims_map: claimsMap }],
  ['for an issuer and an audience', { issuer: 'https://i.example', audience: ['a', 'b'] }],
])(
  'the configuration that signs accepts its token, with the session variables %s',
  async (_where, members) => {
    const jwtSecret: JwtSecret = { ...shared, ...members };
    const env = {
      HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: 'true',
      HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(jwtSecret),
    };
    const { stdout, stderr } = await runCommand(['token', '--role', 'editor', '--user', '7'], {
      env,
    });
    expect(stderr).toBe('');
    const { authenticate } = createAuthenticator({ adminSecret: false, jwtSecret });
    const session = await authenticate({ headers: { authorization: `Bearer ${stdout.trim()}` } });
    expect(session.sessionVariables).toMatchObject({
      'x-hasura-role': 'editor',
      'x-hasura-user-id': '7',
    });
  },
);

it('a token that its configuration would refuse is printed with a warning', async () => {
  const env = {
    HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: 'true',
    HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ ...shared, audience: 'a' }),
  };
  const { stdout, stderr, exitCode } = await runCommand(['token', '--audience', 'b'], { env });
  expect(stdout.split('.')).toHaveLength(3);
  expect(stderr).toMatch(/^warning: the configuration refuses this token: /);
  expect(exitCode).toBe(0);
});

it.each([
  [testKey('rsa').spki ?? '', 'the key is a public one'],
  [privatePem('rsa.pkcs8').replace(/\n.{20}/, '\n'), 'no private key that can be read'],
  ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nMARKED', 'the private key is encrypted'],
  ['{"kty":"MARKED"}', 'no private JWK that can be read'],
  ['{MARKED', 'is not JSON'],
  ['short', 'must have at least 32 bytes'],
  ['', 'the key is empty'],
])(
  '%# a key that cannot sign is one sentence, which does not quote it',
  async (stdin, sentence) => {
    const { stdout, stderr, exitCode } = await runCommand(['token', '--key-stdin'], { stdin });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('MARKED');
  },
);
