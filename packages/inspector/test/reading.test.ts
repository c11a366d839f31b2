import { createAuthenticator, optionsFromEnv, presets } from '@hasura-auth/core';
import { forms, providers, readConfiguration, readRequest } from '@hasura-auth/inspector/reading';

const secret = 'a-long-random-admin-secret';

it('a bare token is sent as Authorization: Bearer', () => {
  expect(readRequest(' a.b.c\n')).toEqual({ headers: { authorization: 'Bearer a.b.c' } });
  expect(readRequest('Bearer a.b.c')).toEqual({ headers: { authorization: 'Bearer a.b.c' } });
});

it('a token that a terminal has broken into lines is joined', () => {
  expect(readRequest('eyJhbGci\n  OiJ.eyJ\nzdWI.abc')).toEqual({
    headers: { authorization: 'Bearer eyJhbGciOiJ.eyJzdWI.abc' },
  });
});

it('header lines become headers, with the request line before them', () => {
  const text = 'POST /v1/graphql HTTP/1.1\nHost: localhost\nCookie: a=b\nX-Hasura-Role: user\n\n{}';
  expect(readRequest(text)).toEqual({
    headers: { host: 'localhost', cookie: 'a=b', 'x-hasura-role': 'user' },
    method: 'POST',
    url: '/v1/graphql',
  });
});

it('a JSON object of headers is read, as the panels of GraphQL clients write it', () => {
  expect(readRequest('{"Authorization": "Bearer a.b.c"}')).toEqual({
    headers: { authorization: 'Bearer a.b.c' },
  });
});

it('a curl command becomes its request', () => {
  const text = `$ curl 'http://localhost:8080/v1/graphql?x=1' -sSX POST \\
    -H "Authorization: Bearer a.b.c" -b 'session=1' --data-raw $'{"query":"{ me\\u0020{ id } }"}' | jq .`;
  expect(readRequest(text)).toEqual({
    headers: { authorization: 'Bearer a.b.c', cookie: 'session=1' },
    method: 'POST',
    url: '/v1/graphql?x=1',
    body: { query: '{ me { id } }' },
  });
});

it('a JWT secret alone is read without admin access', () => {
  const text = '{"type":"HS256","key":"a-secret-of-at-least-thirty-two-bytes"}';
  expect(readConfiguration(text)).toEqual({ adminSecret: false, jwtSecret: JSON.parse(text) });
});

it.each([
  ['a .env file', `# comment\nHASURA_GRAPHQL_ADMIN_SECRET=${secret}\n`],
  ['shell exports', `export HASURA_GRAPHQL_ADMIN_SECRET='${secret}'\nexport OTHER="x"`],
  ['a docker command', `docker run -p 80:80 -e HASURA_GRAPHQL_ADMIN_SECRET=${secret} image`],
  [
    'a compose file',
    `services:\n  x:\n    environment:\n      - HASURA_GRAPHQL_ADMIN_SECRET=${secret}`,
  ],
  ['a Secret', `kind: Secret\nstringData:\n  HASURA_GRAPHQL_ADMIN_SECRET: ${secret}`],
  ['JSON of variables', `{"HASURA_GRAPHQL_ADMIN_SECRET":"${secret}"}`],
  ['JSON of options', `{"adminSecret":"${secret}"}`],
])('%s is read', (_name, text) => {
  expect({ ...readConfiguration(text) }).toMatchObject({ adminSecret: secret });
});

const answers: Readonly<Record<string, string>> = {
  domain: 'my-tenant.eu.auth0.com',
  audience: 'https://api.example.com',
};

it('a provider gives exactly what its preset gives', () => {
  const find = (wanted: string) => providers.find(({ name }) => name === wanted);
  expect(find('firebase')?.secret({ project: 'my-app-1234' })).toEqual(
    presets.firebase({ projectId: 'my-app-1234' }),
  );
  expect(find('auth0')?.secret(answers)).toEqual(
    presets.auth0({ domain: 'my-tenant.eu.auth0.com', audience: 'https://api.example.com' }),
  );
  expect(() => find('auth0')?.secret({ domain: 'https://x' })).toThrow('audience is missing');
});

it.each(forms.filter(({ name }) => name !== 'typescript'))(
  'the form $name is read back',
  ({ print }) => {
    const jwtSecret = presets.auth0({
      domain: 'my-tenant.eu.auth0.com',
      audience: "https://api.example.com/it's $HOME",
      claims: { claims_map: { 'x-hasura-user-id': { path: '$.sub' } } },
    });
    const options = readConfiguration(print(jwtSecret));
    const value = options.jwtSecret;
    expect(typeof value === 'string' ? JSON.parse(value) : value).toEqual(jwtSecret);
  },
);

it('what is read from variables is what optionsFromEnv gives', () => {
  const options = readConfiguration(`HASURA_GRAPHQL_ADMIN_SECRET=${secret}`);
  expect(options).toEqual(optionsFromEnv({ HASURA_GRAPHQL_ADMIN_SECRET: secret }));
  expect(() => createAuthenticator(options)).not.toThrow();
});
