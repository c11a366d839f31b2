import { createAuthenticator } from '@hasura-auth/core';
import {
  startLoopbackServer,
  type Answer,
  type RecordedRequest,
} from '../../conformance/src/loopback-server.js';
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

  it('gives every user the role user, and who they are', async () => {
    const session = await sessionOf(await claimsFor({ authorization: { roles: [] } }));
    expect(session).toMatchObject({
      role: 'user',
      allowedRoles: ['user'],
      sessionVariables: { 'x-hasura-role': 'user', 'x-hasura-user-id': 'auth0|ada' },
    });
  });

  it('adds the roles that it knows, and no other', async () => {
    const roles = ['user', 'admin', 'editor', 'a role of another API'];
    const session = await sessionOf(await claimsFor({ authorization: { roles } }));
    expect(session.allowedRoles).toEqual(['user', 'editor']);
  });

  it('leaves a login alone that asks for no API', async () => {
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

  it('writes the user as admin', async () => {
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

    const gate = createAuthenticator({ adminSecret: 'the admin secret' });
    const { role } = await gate.authenticate({ headers: request?.headers ?? {} });
    expect(role).toBe('admin');
  });

  it.each([
    ['the name where there is no user name', { user_id: '1', name: 'Ada' }, 'Ada'],
    ['null where there is no name at all', { user_id: '1' }, null],
  ])('sends %s', async (_title, user, name) => {
    const { requests } = await loginOf(user, { body: '{"data":{}}' });
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ variables: { id: '1', name } });
  });

  it.each<[string, Answer]>([
    ['refuses', { body: '{"errors":[{"message":"no such table"}]}' }],
    ['does not speak JSON', { status: 502, body: '<h1>Bad gateway</h1>' }],
    ['goes away', { delivery: { kind: 'reset' } }],
  ])(
    'lets the user in where the API %s, and says so without the secret',
    async (_title, answer) => {
      const { lines } = await loginOf(ada, answer);
      expect(lines).toEqual([expect.stringMatching(/^The user was not synced: ./)]);
      expect(lines[0]).not.toContain('the admin secret');
    },
  );
});
