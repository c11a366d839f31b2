import { allowedOrigins, sessionChange } from '../../src/connection/rules.js';
import { decision, type Session, type SessionParts, gatherVariables } from '../../src/session.js';
import { mistake } from '../thrown.js';

it('no origin is allowed without the option', () => {
  expect(allowedOrigins(undefined)('https://app.example.com')).toBe(false);
});

it('origins in a list are compared exactly', () => {
  const allows = allowedOrigins(['https://app.example.com', 'http://localhost:3000']);
  expect(allows('https://app.example.com')).toBe(true);
  expect(allows('http://localhost:3000')).toBe(true);
  for (const origin of [
    'https://app.example.com.evil.example',
    'https://app.example.com:8443',
    'http://app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'null',
    '',
  ])
    expect(allows(origin)).toBe(false);
});

it('a function of the app decides which origins are allowed', () => {
  const allows = allowedOrigins((origin) => origin.endsWith('.example.com'));
  expect(allows('https://app.example.com')).toBe(true);
  expect(allows('https://example.org')).toBe(false);
  expect(allowedOrigins((() => 1) as never)('https://app.example.com')).toBe(false);
});

it.each([
  ['resolves', async () => true],
  ['rejects', async () => Promise.reject(new Error('failed'))],
])('a function of origins whose promise %s is an error that names the option', (_name, check) => {
  const allows = allowedOrigins(check as never, 'socket.allowedOrigins'); // what a program without types may pass
  expect(() => allows('https://app.example.com')).toThrow(
    'socket.allowedOrigins: the function must return true or false, and it returned a promise',
  );
});

it.each([
  ['*'],
  ['null'],
  [''],
  ['app.example.com'],
  ['https://app.example.com/'],
  ['https://app.example.com:443'],
  ['https://APP.example.com'],
  [7],
])('%p is rejected as an entry of allowedOrigins', (origin) => {
  const list = ['https://app.example.com', origin] as string[]; // what a program without types may pass
  expect(mistake(() => allowedOrigins(list)).option).toBe('allowedOrigins[1]');
});

it('allowedOrigins is a ConfigError if it is neither a list nor a function', () => {
  const one = 'https://app.example.com' as unknown as string[];
  expect(mistake(() => allowedOrigins(one, 'origins')).message).toBe(
    'origins: expected a list of origins or a function, got a string',
  );
});

interface Parts extends Partial<Omit<SessionParts, 'variables'>> {
  readonly variables?: readonly (readonly [string, string])[];
}

const session = ({ variables = [['x-hasura-user-id', '1']], ...more }: Parts = {}): Session =>
  decision({
    role: 'user',
    variables: gatherVariables(variables),
    method: 'jwt',
    claims: { sub: 'a', iss: 'https://issuer.example' },
    ...more,
  }).session;

const rows: readonly [string, Session, Session, boolean][] = [
  ['the same claims', session(), session(), true],
  [
    'other claims',
    session(),
    session({ claims: { sub: 'a', iss: 'https://issuer.example', exp: 9 } }),
    true,
  ],
  [
    'another variable',
    session(),
    session({
      variables: [
        ['x-hasura-user-id', '1'],
        ['x-hasura-org', '2'],
      ],
    }),
    true,
  ],
  ['another user id', session(), session({ variables: [['x-hasura-user-id', '2']] }), false],
  [
    'another subject',
    session(),
    session({ claims: { sub: 'b', iss: 'https://issuer.example' } }),
    false,
  ],
  [
    'another issuer',
    session(),
    session({ claims: { sub: 'a', iss: 'https://other.example' } }),
    false,
  ],
  ['another method', session(), session({ method: 'webhook', claims: undefined }), false],
  [
    'no user id and the same variables in another order',
    session({
      claims: {},
      variables: [
        ['x-hasura-a', '1'],
        ['x-hasura-b', '2'],
      ],
    }),
    session({
      claims: {},
      variables: [
        ['x-hasura-b', '2'],
        ['x-hasura-a', '1'],
      ],
    }),
    true,
  ],
  [
    'no user id and other variables',
    session({ claims: {}, variables: [['x-hasura-a', '1']] }),
    session({ claims: {}, variables: [['x-hasura-a', '2']] }),
    false,
  ],
  [
    'no user id, the subject null and other variables',
    session({ claims: { sub: null }, variables: [['x-hasura-a', '1']] }),
    session({ claims: { sub: null }, variables: [['x-hasura-a', '2']] }),
    false,
  ],
  [
    'no user id, from a webhook,',
    session({ method: 'webhook', claims: undefined, variables: [] }),
    session({ method: 'webhook', claims: undefined, variables: [] }),
    true,
  ],
];

it.each(rows)(
  'a session with %s is compared with the current one',
  (_name, current, next, allowed) => {
    expect(sessionChange(undefined)(next, current)).toBe(allowed);
    expect(sessionChange('same-role-and-user')(next, current)).toBe(allowed);
    expect(sessionChange('same-user')(next, current)).toBe(allowed);
  },
);

it('a user id alone, or a subject alone, identifies the user', () => {
  const byId = (id: string, org: string): Session =>
    session({
      claims: {},
      variables: [
        ['x-hasura-user-id', id],
        ['x-hasura-org', org],
      ],
    });
  const bySubject = (sub: string, org: string): Session =>
    session({ claims: { sub }, variables: [['x-hasura-org', org]] });
  for (const made of [byId, bySubject]) {
    expect(sessionChange('same-user')(made('1', 'a'), made('1', 'b'))).toBe(true);
    expect(sessionChange('same-user')(made('1', 'a'), made('2', 'a'))).toBe(false);
  }
});

it('the role does not identify a user without a user id and a subject', () => {
  const anonymous = (role: string): Session => session({ role, claims: {}, variables: [] });
  expect(sessionChange('same-user')(anonymous('editor'), anonymous('user'))).toBe(true);
  expect(sessionChange(undefined)(anonymous('editor'), anonymous('user'))).toBe(false);
});

it('the role may change only with same-user or a function', () => {
  const editor = session({ role: 'editor' });
  expect(sessionChange(undefined)(editor, session())).toBe(false);
  expect(sessionChange('same-user')(editor, session())).toBe(true);
  const changes = sessionChange((next) => next.role === 'editor');
  expect(changes(editor, session())).toBe(true);
  expect(changes(session(), editor)).toBe(false);
});

it('an unknown reauthentication rule is a ConfigError', () => {
  expect(mistake(() => sessionChange('any' as 'same-user')).message).toBe(
    'reauthentication: expected same-role-and-user, same-user or a function, got a string',
  );
});
