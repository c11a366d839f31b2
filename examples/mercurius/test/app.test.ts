import { once } from 'node:events';
import { SignJWT } from 'jose';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startApp, type RunningApp } from '../src/app.js';

const key = 'a shared secret of more than thirty-two bytes';
const wrong = 'Could not verify JWT: JWTExpired';
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ adminSecret: 'the secret', jwtSecret: { type: 'HS256', key } });
});
afterAll(() => app.close());

async function headersFor(role: string, endsAfterMs = 60_000): Promise<Record<string, string>> {
  const claims = {
    'x-hasura-default-role': role,
    'x-hasura-allowed-roles': [role],
    'x-hasura-user-id': '7',
  };
  const token = await new SignJWT({
    'https://hasura.io/jwt/claims': claims,
    exp: (Date.now() + endsAfterMs) / 1000,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
  return { authorization: `Bearer ${token}` };
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: { code?: unknown } }[];
}

async function post(query: string, headers: Record<string, string>): Promise<[number, Answer]> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return [response.status, (await response.json()) as Answer];
}

/** Everything that an operation gives over WebSocket, or the close event. */
async function overSocket(query: string, headers: Record<string, string>): Promise<unknown> {
  const client = createClient({
    url: app.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { headers },
    retryAttempts: 0,
  });
  const answers: unknown[] = [];
  try {
    for await (const answer of client.iterate({ query })) answers.push(answer);
    return answers;
  } catch (error) {
    const { code, reason } = error as { code: number; reason: string };
    return { code, reason };
  } finally {
    await client.dispose();
  }
}

const guarded = {
  message: 'Your current role is not allowed here',
  extensions: { code: 'access-denied' },
};

test('the session is in the context, over HTTP', async () => {
  const [status, { data }] = await post('{ me { role userId } }', await headersFor('user'));
  expect([status, data]).toEqual([200, { me: { role: 'user', userId: '7' } }]);
  const admin = { 'x-hasura-admin-secret': 'the secret' };
  expect((await post('{ me { role } }', admin))[1].data).toEqual({ me: { role: 'admin' } });
});

test('a refused request never reaches a resolver', async () => {
  const [status, { data, errors }] = await post('{ me { role } }', await headersFor('user', -1));
  expect(status).toBe(401);
  expect(data ?? null).toBeNull();
  expect(errors?.[0]?.message).toBe(wrong);
});

test('one field is for editors, over HTTP', async () => {
  expect((await post('{ drafts }', await headersFor('editor')))[1].data).toEqual({
    drafts: ['A draft'],
  });
  const [, { errors }] = await post('{ drafts }', await headersFor('user'));
  expect(errors?.[0]).toMatchObject(guarded);
});

test('subscriptions run over WebSocket', async () => {
  const query = 'subscription { countdown(from: 2) }';
  expect(await overSocket(query, await headersFor('user'))).toEqual(
    [2, 1, 0].map((countdown) => ({ data: { countdown } })),
  );
  expect(await overSocket(query, await headersFor('user', -1))).toEqual({
    code: 4403,
    reason: wrong,
  });
});

test('a socket is closed when its token ends, and with the legacy protocol too', async () => {
  for (const protocol of ['graphql-transport-ws', 'graphql-ws']) {
    const socket = new WebSocket(app.url.replace('http', 'ws'), protocol);
    await once(socket, 'open');
    const endsAt = Date.now() + 300;
    const headers = await headersFor('user', 300);
    socket.send(JSON.stringify({ type: 'connection_init', payload: { headers } }));
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4403, wrong]);
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  }
});
