import { clients, type Credentials } from './clients.js';
import { startSocketApp, type SocketApp } from './socket-app.js';
import { userToken } from './tokens.js';

let closed: SocketApp;
let open: SocketApp;
beforeAll(async () => {
  closed = await startSocketApp();
  open = await startSocketApp({ auth: { unauthorizedRole: 'anonymous' } });
});
afterAll(() => Promise.all([closed.close(), open.close()]));

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const user = { role: 'user', userId: '7', variables: ['x-hasura-role', 'x-hasura-user-id'] };

interface Row {
  readonly name: string;
  readonly open?: true;
  readonly credentials: () => Promise<Credentials>;
  readonly data?: object;
  readonly refused?: { readonly message: string; readonly code: string };
}

const rows: readonly Row[] = [
  {
    name: 'a right token in connectionParams.headers',
    credentials: async () => ({ connectionParams: { headers: bearer(await userToken('7')) } }),
    data: user,
  },
  {
    name: 'a right token at the top of connectionParams, in the older style',
    credentials: async () => ({ connectionParams: bearer(await userToken('7')) }),
    data: user,
  },
  {
    name: 'a right token in the handshake',
    credentials: async () => ({ headers: bearer(await userToken('7')) }),
    data: user,
  },
  {
    name: 'a token in the parameters before the one of the handshake',
    credentials: async () => ({
      connectionParams: { headers: bearer(await userToken('7')) },
      headers: bearer(await userToken('8')),
    }),
    data: user,
  },
  {
    name: 'a wrong token in the parameters before a right one of the handshake',
    credentials: async () => ({
      connectionParams: { headers: bearer(`wrong${String(Math.random()).slice(2)}`) },
      headers: bearer(await userToken('8')),
    }),
    refused: {
      message:
        'Could not verify JWT: JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)',
      code: 'invalid-jwt',
    },
  },
  {
    name: 'an expired token',
    credentials: async () => ({
      connectionParams: { headers: bearer(await userToken('7', -1000)) },
    }),
    refused: { message: 'Could not verify JWT: JWTExpired', code: 'invalid-jwt' },
  },
  {
    name: 'an expired token where anonymous access is on',
    open: true,
    credentials: async () => ({
      connectionParams: { headers: bearer(await userToken('7', -1000)) },
    }),
    refused: { message: 'Could not verify JWT: JWTExpired', code: 'invalid-jwt' },
  },
  {
    name: 'nothing',
    credentials: async () => ({}),
    refused: {
      message: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
      code: 'invalid-headers',
    },
  },
  {
    name: 'nothing where anonymous access is on',
    open: true,
    credentials: async () => ({}),
    data: { role: 'anonymous', userId: null, variables: ['x-hasura-role'] },
  },
  {
    name: 'the admin secret in connectionParams.headers',
    credentials: async () => ({
      connectionParams: { headers: { 'x-hasura-admin-secret': 'the admin secret of the tests' } },
    }),
    data: { role: 'admin', userId: null, variables: ['x-hasura-role'] },
  },
  {
    name: 'a wrong admin secret',
    open: true,
    credentials: async () => ({
      connectionParams: { headers: { 'x-hasura-admin-secret': 'guess' } },
    }),
    refused: {
      message: 'invalid x-hasura-admin-secret/x-hasura-access-key',
      code: 'access-denied',
    },
  },
  {
    name: 'a role asked for in connectionParams.headers',
    credentials: async () => ({
      connectionParams: {
        headers: { ...bearer(await userToken('7')), 'X-Hasura-Role': 'editor' },
      },
    }),
    data: { ...user, role: 'editor' },
  },
  {
    name: 'a role that the token does not allow',
    credentials: async () => ({
      connectionParams: { headers: { ...bearer(await userToken('7')), 'x-hasura-role': 'admin' } },
    }),
    refused: {
      message: 'Your requested role is not in allowed roles',
      code: 'access-denied',
    },
  },
  {
    name: 'a session smuggled into connectionParams',
    open: true,
    credentials: async () => {
      const session = { role: 'admin', sessionVariables: { 'x-hasura-role': 'admin' } };
      return {
        connectionParams: { session, hasura: session, user: session, ...session },
      };
    },
    data: { role: 'anonymous', userId: null, variables: ['x-hasura-role'] },
  },
  {
    name: 'a session smuggled into connectionParams.headers',
    open: true,
    credentials: async () => ({
      connectionParams: { headers: { session: { role: 'admin' } } },
    }),
    refused: {
      message: 'Malformed connection parameters: headers.session must be a string, got an object',
      code: 'invalid-headers',
    },
  },
];

describe.each(Object.entries(clients))('%s', (name, connect) => {
  test.each(rows)('$name', async (row) => {
    const app = row.open ? open : closed;
    const outcome = await connect(app.url, await row.credentials());
    if (row.data) expect(outcome).toEqual({ data: expect.objectContaining(row.data) });
    else if (name.endsWith('subscriptions-transport-ws'))
      expect(outcome).toEqual({
        payload: {
          message: row.refused?.message,
          extensions: { path: '$', code: row.refused?.code },
        },
      });
    else expect(outcome).toEqual({ code: 4403, reason: row.refused?.message });
  });
});
