import { sessionChange } from '../../src/connection/allowed-origins.js';
import { decision, type Session, type SessionParts } from '../../src/session.js';
import { gatherVariables } from '../../src/session-variables.js';
import { mistake } from '../thrown.js';

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
  ['the same', session(), session(), true],
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
    'nobody named, the same variables in another order',
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
    'nobody named, other variables',
    session({ claims: {}, variables: [['x-hasura-a', '1']] }),
    session({ claims: {}, variables: [['x-hasura-a', '2']] }),
    false,
  ],
  [
    'a webhook that names nobody',
    session({ method: 'webhook', claims: undefined, variables: [] }),
    session({ method: 'webhook', claims: undefined, variables: [] }),
    true,
  ],
];

test.each(rows)('%s', (_name, current, next, allowed) => {
  expect(sessionChange(undefined)(next, current)).toBe(allowed);
  expect(sessionChange('same-role-and-user')(next, current)).toBe(allowed);
  expect(sessionChange('same-user')(next, current)).toBe(allowed);
});

test('the role may change where the rule says so', () => {
  const editor = session({ role: 'editor' });
  expect(sessionChange(undefined)(editor, session())).toBe(false);
  expect(sessionChange('same-user')(editor, session())).toBe(true);
  const own = (): boolean => true;
  expect(sessionChange(own)).toBe(own);
});

test('another rule is a mistake', () => {
  expect(mistake(() => sessionChange('any' as 'same-user')).option).toBe('reauthentication');
});
