import { createAuthenticator, optionsFromEnv, presets, type JwtSecret } from '@hasura-auth/core';
import {
  InputError,
  jwtSecretsOf,
  providers,
  readComposeService,
  readConfiguration,
  type Answers,
} from '@hasura-auth/inspector/reading';
import { privatePem, testKey } from '@hasura-auth/testkit';

const secret = 'a-long-random-admin-secret';

describe('a configuration', () => {
  it('that is a JWT secret alone has no admin access', () => {
    const text = '{"type":"HS256","key":"a-secret-of-at-least-thirty-two-bytes"}';
    const expected = { adminSecret: false, jwtSecret: JSON.parse(text) };
    expect(readConfiguration(text)).toEqual(expected);
    expect(readConfiguration(JSON.stringify(text))).toEqual(expected);
    expect(readConfiguration(`[${text}]`)).toEqual({
      adminSecret: false,
      jwtSecrets: [JSON.parse(text)],
    });
  });

  it.each([
    ['a .env file', `# comment\nHASURA_GRAPHQL_ADMIN_SECRET=${secret}\n`],
    ['shell exports', `export HASURA_GRAPHQL_ADMIN_SECRET='${secret}'\nexport OTHER="x"`],
    [
      'a docker command',
      `$ docker run -p 80:80 \\\n  -e HASURA_GRAPHQL_ADMIN_SECRET=${secret} image`,
    ],
    [
      'a compose file with a list',
      `services:\n  x:\n    environment:\n      - HASURA_GRAPHQL_ADMIN_SECRET=${secret}`,
    ],
    [
      'a compose file with an anchor',
      `x-env: &e\n  HASURA_GRAPHQL_ADMIN_SECRET: ${secret}\nservices:\n  y: {image: z}\n  x:\n    environment:\n      <<: *e\n      OTHER: 1`,
    ],
    ['a Secret', `kind: Secret\nstringData:\n  HASURA_GRAPHQL_ADMIN_SECRET: ${secret}`],
    [
      'a Secret in base64',
      `kind: Secret\ndata:\n  HASURA_GRAPHQL_ADMIN_SECRET: ${Buffer.from(secret).toString('base64')}`,
    ],
    [
      'a ConfigMap beside another document',
      `kind: Service\n---\nkind: ConfigMap\ndata:\n  HASURA_GRAPHQL_ADMIN_SECRET: ${secret}`,
    ],
    [
      'a Deployment',
      `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - env:\n            - name: HASURA_GRAPHQL_ADMIN_SECRET\n              value: ${secret}`,
    ],
    ['YAML of variables', `HASURA_GRAPHQL_ADMIN_SECRET: ${secret}`],
    ['JSON of variables', `{"HASURA_GRAPHQL_ADMIN_SECRET":"${secret}"}`],
    ['JSON of options', `{"adminSecret":"${secret}"}`],
  ])('is read from %s', (_name, text) => {
    expect({ ...readConfiguration(text) }).toMatchObject({ adminSecret: secret });
    expect(() => createAuthenticator(readConfiguration(text))).not.toThrow();
  });

  it('from variables is what optionsFromEnv gives', () => {
    const options = readConfiguration(`HASURA_GRAPHQL_ADMIN_SECRET=${secret}`);
    expect(options).toEqual(optionsFromEnv({ HASURA_GRAPHQL_ADMIN_SECRET: secret }));
  });

  it.each([
    ['', 'the text is empty'],
    ['{"type":"HS256",\n"key":"a', 'the JSON has a mistake'],
    ['"text"', 'expected a JSON object'],
    ['MARKED=1', 'no variable whose name begins with HASURA_GRAPHQL_'],
    ['a: [MARKED', 'the YAML has a mistake in line 1'],
    ['just MARKED words', 'expected a JWT secret in JSON'],
    ['services:\n  a: {}', 'no service of the compose file has HASURA_GRAPHQL_ variables'],
    [
      'services:\n  a: {environment: {HASURA_GRAPHQL_X: 1}}\n  b: {environment: {HASURA_GRAPHQL_X: 1}}',
      'several services',
    ],
    ['HASURA_GRAPHQL_AUTH_HOOK_MODE=MARKED', 'HASURA_GRAPHQL_AUTH_HOOK_MODE: expected GET or POST'],
    [`a: &a [x]\nb: [${'*a,'.repeat(10_000)}]`, 'the YAML has a mistake'],
    ['x'.repeat(1_048_577), 'longer than 1 MiB'],
    [`export A='MARKED`, 'a quote in the command is not closed'],
    ['['.repeat(100_000), 'the JSON has a mistake'],
    [`a: ${'['.repeat(50_000)}`, 'the YAML has a mistake'],
  ])('%# that cannot be read is an InputError, which quotes nothing of it', (text, sentence) => {
    expect(() => readConfiguration(text)).toThrow(InputError);
    expect(() => readConfiguration(text)).toThrow(sentence);
    expect(() => readConfiguration(text)).not.toThrow('MARKED');
  });
});

describe('a compose file', () => {
  const file = `services:
  graphql-engine:
    env_file: [one.env, {path: two.env, required: false}]
    environment:
      A: "\${SET}-$SET-\${SET:-other}-\${EMPTY:-default}-\${EMPTY-kept}-$$HOME"
      B: \${UNSET}
      C:
      D: 1
  other:
    environment: [SET, UNSET]
`;
  const known: Readonly<Record<string, string>> = { SET: 'value', EMPTY: '', C: 'from the shell' };
  const lookup = (name: string): string | undefined => known[name];

  it('has its variables replaced as Docker Compose does, and an unset one stays a placeholder', () => {
    const { variables, envFiles } = readComposeService(file, { lookup });
    expect(variables).toEqual({
      A: 'value-value-value-default--$HOME',
      B: '${UNSET}',
      C: 'from the shell',
      D: 1,
    });
    expect(envFiles).toEqual([
      { path: 'one.env', required: true },
      { path: 'two.env', required: false },
    ]);
  });

  it('has the service that is named', () => {
    expect(readComposeService(file, { service: 'other', lookup }).variables).toEqual({
      SET: 'value',
    });
    expect(() => readComposeService(file, { service: 'third' })).toThrow(
      'no service of this name; it has graphql-engine, other',
    );
    expect(() => readComposeService('a: 1', {})).toThrow('the member "services"');
  });
});

/** A provider's answers, and the same by its preset. */
const examples: readonly (readonly [name: string, answers: Answers, secret: JwtSecret])[] = [
  [
    'auth0',
    { domain: 't.eu.auth0.com', audience: 'a' },
    presets.auth0({ domain: 't.eu.auth0.com', audience: 'a' }),
  ],
  [
    'better-auth',
    { url: 'https://app.example.com' },
    presets.betterAuth({ url: 'https://app.example.com' }),
  ],
  [
    'clerk',
    { 'frontend-api': 'clerk.example.com' },
    presets.clerk({ frontendApi: 'clerk.example.com' }),
  ],
  [
    'cognito',
    { 'user-pool': 'eu-central-1_AbCdEf123', issuer: 'updated' },
    presets.cognito({ userPoolId: 'eu-central-1_AbCdEf123', issuer: 'updated' }),
  ],
  [
    'entra-id',
    { tenant: '8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6', audience: ['a', 'b'], 'token-version': '1' },
    presets.entraId({
      tenantId: '8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6',
      audience: ['a', 'b'],
      tokenVersion: 1,
    }),
  ],
  ['firebase', { project: 'my-app-1234' }, presets.firebase({ projectId: 'my-app-1234' })],
  [
    'fusion-auth',
    { url: 'https://f.example', issuer: 'f', audience: ['a'] },
    presets.fusionAuth({ url: 'https://f.example', issuer: 'f', audience: 'a' }),
  ],
  [
    'google',
    {
      'client-id': 'a',
      'claims-map': '{"x-hasura-allowed-roles":["user"],"x-hasura-default-role":"user"}',
    },
    presets.google({
      clientId: 'a',
      claims: {
        claims_map: { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user' },
      },
    }),
  ],
  [
    'keycloak',
    { url: 'https://sso.example', realm: 'r' },
    presets.keycloak({ url: 'https://sso.example', realm: 'r' }),
  ],
  [
    'kinde',
    { domain: 'b.kinde.com', audience: 'a' },
    presets.kinde({ domain: 'b.kinde.com', audience: 'a' }),
  ],
  [
    'logto',
    { endpoint: 'https://t.logto.app', audience: 'a' },
    presets.logto({ endpoint: 'https://t.logto.app', audience: 'a' }),
  ],
  [
    'nhost',
    { subdomain: 'abc', region: 'eu-central-1' },
    presets.nhost({ subdomain: 'abc', region: 'eu-central-1' }),
  ],
  [
    'okta',
    { domain: 'o.okta.com', audience: 'a', server: 'x', 'claims-namespace': 'https://n.example' },
    presets.okta({
      domain: 'o.okta.com',
      audience: 'a',
      authorizationServerId: 'x',
      claims: { claims_namespace: 'https://n.example' },
    }),
  ],
  [
    'supabase',
    { project: 'abcdefghijklmnopqrst' },
    presets.supabase({ projectRef: 'abcdefghijklmnopqrst' }),
  ],
  ['workos', { 'client-id': 'client_01ABCDEF' }, presets.workos({ clientId: 'client_01ABCDEF' })],
];

function find(wanted: string): (typeof providers)[number] {
  const found = providers.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no provider ${wanted}`);
  return found;
}

describe('a provider', () => {
  it('is there for every preset, and for others', () => {
    expect(providers.map(({ name }) => name)).toEqual([
      ...examples.map(([name]) => name),
      'custom',
    ]);
    expect(Object.keys(presets)).toHaveLength(examples.length);
  });

  it.each(examples)('%s gives exactly what its preset gives', (name, answers, expected) => {
    expect(find(name).secret(answers)).toEqual(expected);
  });

  it.each(examples)('%s names the question whose answer is missing or wrong', (name) => {
    const { questions, secret: make } = find(name);
    const [first] = questions;
    expect(first?.required).toBe(true);
    expect(() => make({})).toThrow(
      expect.objectContaining({ name: 'InputError', question: first?.name }),
    );
    const wrong = Object.fromEntries(
      questions.map((question) => [question.name, '\u0000 not this']),
    );
    expect(() => make(wrong)).toThrow(InputError);
  });

  it('with a certificate has it instead of the key set, in the form of the documentation', () => {
    const pem = testKey('rsa').x509 ?? '';
    const { jwk_url: _url, ...rest } = presets.auth0({ domain: 't.eu.auth0.com', audience: 'a' });
    const answers = { domain: 't.eu.auth0.com', audience: 'a' };
    expect(find('auth0').secret({ ...answers, pem })).toEqual({ type: 'RS512', key: pem, ...rest });
    const p384 = find('auth0').secret({ ...answers, pem: testKey('p384').spki ?? '' });
    expect(p384).toMatchObject({ type: 'ES256' });
    expect(() => createAuthenticator({ adminSecret: false, jwtSecret: p384 })).not.toThrow();
  });

  it.each([
    [privatePem('rsa.pkcs8'), 'it is a private key, which must stay with the issuer'],
    [
      '-----BEGIN CERTIFICATE-----\nMARKED\n-----END CERTIFICATE-----',
      'expected a public key or certificate',
    ],
    ['MARKED', 'expected a public key or certificate'],
  ])('%# refuses what is no public key in PEM, and does not quote it', (pem, sentence) => {
    const make = (): JwtSecret => find('firebase').secret({ project: 'my-app-1234', pem });
    expect(make).toThrow(expect.objectContaining({ question: 'pem' }));
    expect(make).toThrow(sentence);
    expect(make).not.toThrow('MARKED');
  });

  it('without a preset is made of its keys, issuer and audience', () => {
    const { secret: make } = find('custom');
    expect(make({ 'jwk-url': 'https://i.example/keys', issuer: 'i', audience: ['a'] })).toEqual({
      jwk_url: 'https://i.example/keys',
      issuer: 'i',
      audience: 'a',
      extra_required_claims: ['issuer', 'audience', 'exp'],
    });
    const shared = 'a'.repeat(48);
    expect(make({ secret: `${shared}\n`, algorithm: 'HS384' })).toEqual({
      type: 'HS384',
      key: shared,
      extra_required_claims: ['exp'],
    });
    const spki = testKey('ed25519').spki ?? '';
    expect(make({ pem: spki })).toMatchObject({ type: 'Ed25519', key: spki });
  });

  it.each([
    [{}, 'jwk-url', 'expected one of jwk-url, pem and secret'],
    [{ 'jwk-url': 'https://a.example', secret: 'b' }, 'jwk-url', 'expected one of'],
    [{ 'jwk-url': 'ftp://a' }, 'jwk-url', 'jwk-url: expected an address'],
    [{ secret: 'short' }, 'secret', 'must have at least 32 bytes'],
    [
      { 'jwk-url': 'https://a.example', 'claims-map': '[]' },
      'claims-map',
      'expected a JSON object',
    ],
    [
      { 'jwk-url': 'https://a.example', 'claims-map': '{}' },
      'claims-map',
      'x-hasura-allowed-roles is missing',
    ],
  ])('%# without a preset names the answer that is wrong', (answers, question, sentence) => {
    const make = (): JwtSecret => find('custom').secret(answers);
    expect(make).toThrow(expect.objectContaining({ name: 'InputError', question }));
    expect(make).toThrow(sentence);
  });
});

it('the JWT configurations of options are listed with their names, whatever they are', () => {
  expect(jwtSecretsOf({ jwtSecret: '{"type":"HS256"}' })).toEqual([
    { option: 'jwtSecret', members: { type: 'HS256' } },
  ]);
  expect(jwtSecretsOf({ jwtSecret: 'no JSON' })).toEqual([{ option: 'jwtSecret', members: {} }]);
  expect(
    jwtSecretsOf({ jwtSecrets: [{ issuer: 'a' }, 'null'] }).map(({ option }) => option),
  ).toEqual(['jwtSecrets[0]', 'jwtSecrets[1]']);
  expect(jwtSecretsOf({})).toEqual([]);
});
