import type { ApolloLink } from '@apollo/client';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { WebSocketLink } from '@apollo/client/link/ws';
import { Client as UrqlClient, subscriptionExchange } from '@urql/core';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import {
  SubscriptionClient,
  type ClientOptions as LegacyOptions,
} from 'subscriptions-transport-ws';
import { WebSocket } from 'ws';

/** What a client brings. */
export interface Credentials {
  readonly connectionParams?: Record<string, unknown>;
  /** Headers of the handshake. */
  readonly headers?: Record<string, string>;
}

/** What comes of it: an answer, or how the connection was refused. */
export type Outcome =
  | { readonly data: Record<string, unknown> }
  | { readonly code?: number; readonly reason?: string; readonly payload?: unknown };

function socketWith(headers: Record<string, string> | undefined): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      super(url, protocols, headers === undefined ? {} : { headers });
    }
  } as typeof WebSocket;
}

/** The standard client of graphql-ws; by default it does not reconnect here. */
export function modernClient(
  url: string,
  { connectionParams, headers }: Credentials,
  options: Partial<ClientOptions> = {},
): Client {
  return createClient({
    url,
    webSocketImpl: socketWith(headers),
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
    ...options,
  });
}

/** The stock client of subscriptions-transport-ws. */
export function legacyClient(
  url: string,
  { connectionParams, headers }: Credentials,
  options: LegacyOptions = {},
  webSocket: unknown = WebSocket,
): SubscriptionClient {
  return new SubscriptionClient(
    url,
    {
      ...(connectionParams && { connectionParams }),
      ...(headers && { wsOptionArguments: [{ headers }] }),
      ...options,
    },
    webSocket,
  );
}

const query = '{ role userId variables }';

async function withModern(url: string, credentials: Credentials): Promise<Outcome> {
  const client = modernClient(url, credentials);
  try {
    for await (const { data } of client.iterate<Record<string, unknown>>({ query }))
      if (data) return { data };
    throw new Error('no answer');
  } catch (error) {
    return refusalOf(error);
  } finally {
    await client.dispose();
  }
}

function refusalOf(error: unknown): Outcome {
  const { code, reason } = error as { code?: number; reason?: string };
  if (code === undefined || reason === undefined) throw error;
  return { code, reason };
}

async function withLegacy(url: string, credentials: Credentials): Promise<Outcome> {
  let client: SubscriptionClient | undefined;
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const connectionCallback = (payload?: unknown): void => {
        if (payload !== undefined) resolve({ payload });
      };
      client = legacyClient(url, credentials, { connectionCallback });
      client.request({ query }).subscribe({
        next: ({ data }) => {
          resolve({ data: data ?? {} });
        },
        error: reject,
      });
    });
  } finally {
    client?.close();
  }
}

async function throughApollo(link: ApolloLink, stop: () => unknown): Promise<Outcome> {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  try {
    const { data } = await client.query<Record<string, unknown>>({
      query: gql(query),
      fetchPolicy: 'no-cache',
    });
    return { data: data ?? {} };
  } catch (error) {
    // Apollo Client puts the close event into the text of its error.
    const [, code, reason] = /closed with event (\d+) (.*)/.exec(String(error)) ?? [];
    if (code === undefined || reason === undefined) throw error;
    return { code: Number(code), reason };
  } finally {
    client.stop();
    await stop();
  }
}

async function withApollo(url: string, credentials: Credentials): Promise<Outcome> {
  const client = modernClient(url, credentials);
  return throughApollo(new GraphQLWsLink(client), () => client.dispose());
}

async function withLegacyApollo(url: string, credentials: Credentials): Promise<Outcome> {
  let stop: (() => void) | undefined;
  const refused = new Promise<Outcome>((resolve) => {
    const client = legacyClient(url, credentials, {
      connectionCallback: (payload?: unknown) => {
        if (payload !== undefined) resolve({ payload });
      },
    });
    stop = () => {
      client.close();
    };
    void throughApollo(new WebSocketLink(client), () => undefined).then(resolve, () => undefined);
  });
  try {
    return await refused;
  } finally {
    stop?.();
  }
}

async function withUrql(url: string, credentials: Credentials): Promise<Outcome> {
  const client = modernClient(url, credentials);
  const urql = new UrqlClient({
    url: 'http://unused.invalid',
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: client.subscribe(
              { ...request, query: request.query ?? '' },
              sink as never,
            ),
          }),
        }),
      }),
    ],
  });
  try {
    const { data, error } = await urql
      .query<Record<string, unknown>>(query, {}, { requestPolicy: 'network-only' })
      .toPromise();
    if (data) return { data };
    return refusalOf(error?.networkError);
  } finally {
    await client.dispose();
  }
}

export const clients: Readonly<
  Record<string, (url: string, credentials: Credentials) => Promise<Outcome>>
> = {
  'graphql-ws': withModern,
  'subscriptions-transport-ws': withLegacy,
  'Apollo Client': withApollo,
  'Apollo Client over subscriptions-transport-ws': withLegacyApollo,
  urql: withUrql,
};
