import {
  arrayVariable,
  assertRole,
  createAuthenticator,
  requireVariable,
  type AuthOptions,
  type Session,
} from '@hasura-auth/graphql-ws';
import { testKey } from '@hasura-auth/testkit';
import { buildSchema, graphql } from 'graphql';

const adminSecret = 'a-secret-for-the-resolvers';
const { spki = '' } = testKey('rsa');
const schema = buildSchema('type Query { drafts: [String!]!, userId: String!, teams: [String!]! }');

interface Context {
  readonly session: Session | undefined;
}
const rootValue = {
  drafts: (_args: unknown, { session }: Context) => {
    assertRole(session, 'editor');
    return ['A draft'];
  },
  userId: (_args: unknown, { session }: Context) => {
    assertRole(session, 'user');
    return requireVariable(session, 'x-hasura-user-id');
  },
  teams: (_args: unknown, { session }: Context) => {
    assertRole(session, 'user');
    return arrayVariable(session, 'x-hasura-team-ids');
  },
};

/** What a client of a graphql-js server sees. */
async function asked(source: string, session: Session | undefined): Promise<unknown> {
  const result = await graphql({ schema, rootValue, source, contextValue: { session } });
  return JSON.parse(JSON.stringify(result.errors ?? result.data)); // as it is sent
}

const session = (headers: Record<string, string>, options: AuthOptions = {}): Promise<Session> =>
  createAuthenticator({ adminSecret, unauthorizedRole: 'anonymous', ...options }).authenticate({
    headers,
  });
const as = (role: string, variables: Record<string, string> = {}): Promise<Session> =>
  session({ 'x-hasura-admin-secret': adminSecret, 'x-hasura-role': role, ...variables });

const refused = (code: string, message: string) => [
  expect.objectContaining({ message, extensions: { path: '$', code } }),
];

describe('assertRole in a resolver of a graphql-js server', () => {
  it.each(['editor', 'admin'])('lets %s pass', async (role) => {
    expect(await asked('{ drafts }', await as(role))).toEqual({ drafts: ['A draft'] });
  });

  it('shows code and path to any other role', async () => {
    expect(await asked('{ drafts }', await as('user'))).toEqual(
      refused('access-denied', 'Your current role is not allowed here'),
    );
  });

  it.each<[string, AuthOptions, string, string]>([
    [
      'a secret',
      {},
      'access-denied',
      'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    ],
    [
      'a token',
      { jwtSecret: { type: 'RS256', key: spki } },
      'invalid-headers',
      "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
    ],
  ])('asks a client without credentials for %s', async (_, options, code, message) => {
    expect(await asked('{ drafts }', await session({}, options))).toEqual(refused(code, message));
  });

  it('without a session is an error that names the cause, and no refusal', async () => {
    expect(await asked('{ drafts }', undefined)).toEqual([
      {
        message: 'assertRole: there is no session, because hasuraAuth did not run before it',
        locations: expect.anything(),
        path: ['drafts'],
      },
    ]);
  });
});

describe('session variables in a resolver', () => {
  it('are read as text and as lists', async () => {
    const user = await as('user', { 'x-hasura-user-id': '7', 'x-hasura-team-ids': '{1,"a b"}' });
    expect(await asked('{ userId teams }', user)).toEqual({ userId: '7', teams: ['1', 'a b'] });
  });

  it('show code and path if they are missing, or no list', async () => {
    const user = await as('user', { 'x-hasura-team-ids': '1,2' });
    expect(await asked('{ userId }', user)).toEqual(
      refused('not-found', 'missing session variable: "x-hasura-user-id"'),
    );
    expect(await asked('{ teams }', user)).toEqual(
      refused('bad-request', 'not a list in a session variable: "x-hasura-team-ids"'),
    );
  });
});
