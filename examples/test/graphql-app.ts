import type { AuthOptions } from '@hasura-auth/core';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';

/** A GraphQL server of an example; all of them have the same schema. */
export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

const key = 'a shared secret of more than thirty-two bytes';
const options: AuthOptions = {
  adminSecret: 'the admin secret of the tests',
  jwtSecret: { type: 'HS256', key },
};
/** The message for an expired token. */
export const expired = 'Could not verify JWT: JWTExpired';

/** The header of a user with one role; the token expires after `endsAfterMs`. */
export async function headersFor(role: string, endsAfterMs = 60_000): Promise<Headers> {
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

async function post(
  { url }: RunningApp,
  query: string,
  headers: Headers,
): Promise<[number, Answer]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return [response.status, (await response.json()) as Answer];
}

/** All results of an operation over WebSocket, or the close event. */
async function overSocket({ url }: RunningApp, query: string, headers: Headers): Promise<unknown> {
  const client = createClient({
    url: url.replace('http', 'ws'),
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

/** Defines the tests of a server: queries over HTTP, subscriptions over WebSocket. Returns a function for the running server. */
export function describeGraphqlApp(
  startApp: (options: AuthOptions) => Promise<RunningApp>,
): () => RunningApp {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp(options);
  });
  afterAll(() => app.close());

  test('the context contains the session, over HTTP', async () => {
    const [status, { data }] = await post(app, '{ me { role userId } }', await headersFor('user'));
    expect([status, data]).toEqual([200, { me: { role: 'user', userId: '7' } }]);
    const admin = { 'x-hasura-admin-secret': 'the admin secret of the tests' };
    expect((await post(app, '{ me { role } }', admin))[1].data).toEqual({ me: { role: 'admin' } });
  });

  test('a rejected request does not reach a resolver', async () => {
    const [status, { data, errors }] = await post(
      app,
      '{ me { role } }',
      await headersFor('user', -1),
    );
    expect(status).toBe(401);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.message).toBe(expired);
  });

  test('only editors can read the field drafts, over HTTP', async () => {
    expect((await post(app, '{ drafts }', await headersFor('editor')))[1].data).toEqual({
      drafts: ['A draft'],
    });
    const [, { errors }] = await post(app, '{ drafts }', await headersFor('user'));
    expect(errors?.[0]).toMatchObject(guarded);
  });

  test('subscriptions run over WebSocket', async () => {
    const query = 'subscription { countdown(from: 2) }';
    expect(await overSocket(app, query, await headersFor('user'))).toEqual(
      [2, 1, 0].map((countdown) => ({ data: { countdown } })),
    );
    expect(await overSocket(app, query, await headersFor('user', -1))).toEqual({
      code: 4403,
      reason: expired,
    });
  });

  return () => app;
}

/** Defines tests of queries over WebSocket. */
export function describeQueriesOverSocket(running: () => RunningApp): void {
  test('the context contains the session, and only editors can read the field drafts, over WebSocket', async () => {
    const app = running();
    expect(await overSocket(app, '{ me { role userId } }', await headersFor('user'))).toEqual([
      { data: { me: { role: 'user', userId: '7' } } },
    ]);
    expect(await overSocket(app, '{ drafts }', await headersFor('editor'))).toEqual([
      { data: { drafts: ['A draft'] } },
    ]);
    expect(await overSocket(app, '{ drafts }', await headersFor('user'))).toMatchObject([
      { errors: [guarded] },
    ]);
  });
}
