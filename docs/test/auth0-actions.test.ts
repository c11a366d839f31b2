import { createAuthenticator } from '@hasura-auth/core';
import { startLoopbackServer, type Answer, type RecordedRequest } from '@hasura-auth/testkit';

import { exportedBy } from './run-block.js';
import { sessionOf } from './session-of-claims.js';

const ada = { user_id: 'auth0|ada', username: 'ada' };

describe('the Action that adds the claims', () => {
  const onLogin = exportedBy('auth0-claims', 'onExecutePostLogin');
  const claimsFor = async (event: object): Promise<unknown> => {
    const setCustomClaim = jest.fn();
    await onLogin({ user: ada, ...event }, { accessToken: { setCustomClaim } });
    const calls: unknown[][] = setCustomClaim.mock.calls;
    expect(calls.map(([name]) => name)).toEqual(calls.map(() => 'https://hasura.io/jwt/claims'));
    return calls[0]?.[1];
  };

  it('every user gets the role user and their user id', async () => {
    const session = await sessionOf(await claimsFor({ authorization: { roles: [] } }));
    expect(session).toMatchObject({
      role: 'user',
      allowedRoles: ['user'],
      sessionVariables: { 'x-hasura-role': 'user', 'x-hasura-user-id': 'auth0|ada' },
    });
  });

  it('the Action adds the roles in its list and no others', async () => {
    const roles = ['user', 'admin', 'editor', 'a role of another API'];
    const session = await sessionOf(await claimsFor({ authorization: { roles } }));
    expect(session.allowedRoles).toEqual(['user', 'editor']);
  });

  it('the Action changes nothing if the login does not request an API', async () => {
    expect(await claimsFor({})).toBeUndefined();
  });
});

interface Login {
  readonly requests: readonly RecordedRequest[];
  readonly lines: readonly string[];
}

describe('the Action that syncs users', () => {
  async function loginOf(user: object, answer: Answer): Promise<Login> {
    const log = jest.fn();
    const server = await startLoopbackServer(() => answer);
    const globals = { fetch, AbortSignal, console: { log } };
    const onLogin = exportedBy('auth0-sync', 'onExecutePostLogin', {}, globals);
    const secrets = { GRAPHQL_URL: server.url, ADMIN_SECRET: 'the admin secret' };
    await onLogin({ user, secrets }, {});
    await server.close();
    return { requests: server.requests, lines: log.mock.calls.map((line) => line.join(' ')) };
  }

  it('the Action writes the user with the admin secret', async () => {
    const { requests, lines } = await loginOf(ada, { body: '{"data":{}}' });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hasura-admin-secret': 'the admin secret',
      },
    });
    const body = JSON.parse(request?.body ?? '') as { query: string; variables: object };
    expect(body.variables).toEqual({ id: 'auth0|ada', name: 'ada' });
    expect(body.query).toMatch(/insert_users_one[^]*on_conflict/);
    expect(lines).toEqual([]);

    const authenticator = createAuthenticator({ adminSecret: 'the admin secret' });
    const { role } = await authenticator.authenticate({ headers: request?.headers ?? {} });
    expect(role).toBe('admin');
  });

  it.each([
    ['the name if the user has no user name', { user_id: '1', name: 'Ada' }, 'Ada'],
    ['null if the user has no name', { user_id: '1' }, null],
  ])('the Action sends %s', async (_title, user, name) => {
    const { requests } = await loginOf(user, { body: '{"data":{}}' });
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ variables: { id: '1', name } });
  });

  it.each<[string, Answer]>([
    ['returns an error', { body: '{"errors":[{"message":"no such table"}]}' }],
    ['does not return JSON', { status: 502, body: '<h1>Bad gateway</h1>' }],
    ['closes the connection', { delivery: { kind: 'reset' } }],
  ])(
    'the login succeeds if the API %s, and the log line does not contain the secret',
    async (_title, answer) => {
      const { lines } = await loginOf(ada, answer);
      expect(lines).toEqual([expect.stringMatching(/^The user was not synced: ./)]);
      expect(lines[0]).not.toContain('the admin secret');
    },
  );
});
