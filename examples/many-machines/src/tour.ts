import { setTimeout } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Where the parts of the system are. */
export interface Addresses {
  readonly issuer: string;
  readonly express: string;
  readonly fastify: string;
  /** Prometheus, if there is one. */
  readonly prometheus?: string | undefined;
}

async function login(issuer: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', user: '7', roles: 'user' });
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  const { access_token: token } = (await response.json()) as { access_token: string }; // RFC 6749, section 5.1
  return token;
}

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

async function statusOf(url: string, token: string): Promise<number> {
  const response = await fetch(url, withToken(token));
  await response.arrayBuffer();
  return response.status;
}

/** Opens a subscription; `closed` resolves to the code and reason with which its socket is closed. */
async function subscribe(
  url: string,
  token: string,
): Promise<{ readonly closed: Promise<string> }> {
  let close: (text: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: withToken(token),
    retryAttempts: 0,
    on: {
      closed(event) {
        const { code, reason } = event as { code: number; reason: string }; // of a socket
        close(`${String(code)} ${reason}`);
      },
    },
  });
  const results = client.iterate({ query: 'subscription { seconds }' });
  await results.next();
  void results.next().catch(() => undefined); // ends with the socket
  return { closed };
}

/** Waits until something is so, and asks again every 50 ms. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await setTimeout(50);
}

/** A metric at Prometheus, summed over both processes; undefined until it has scraped both. */
async function atPrometheus(prometheus: string, metric: string): Promise<string | undefined> {
  const query = new URLSearchParams({ query: `sum(${metric}) and count(${metric}) == 2` });
  const response = await fetch(`${prometheus}/api/v1/query?${query.toString()}`);
  const { data } = (await response.json()) as {
    data: { result: { value: [number, string] }[] }; // of Prometheus's HTTP API
  };
  return data.result[0]?.value[1];
}

/** What a user does who logs in, subscribes, logs out at one process, and logs in again. Prints each step. */
export async function tour(addresses: Addresses, print: (line: string) => void): Promise<void> {
  const { issuer, express, fastify, prometheus } = addresses;
  const token = await login(issuer);
  print(`the token at Express: ${String(await statusOf(`${express}/me`, token))}`);
  print(`the token at Fastify: ${String(await statusOf(`${fastify}/me`, token))}`);
  const { closed } = await subscribe(`${fastify}/graphql`, token);
  print('a subscription at Fastify is open');

  const { status } = await fetch(`${express}/log-out`, { method: 'POST', ...withToken(token) });
  print(`the user logs out at Express: ${String(status)}`);
  print(`the subscription at Fastify is closed: ${await closed}`);
  print(`the token at Express: ${String(await statusOf(`${express}/me`, token))}`);
  print(`the token at Fastify: ${String(await statusOf(`${fastify}/me`, token))}`);

  // A token has its time in whole seconds, so one of the same second is revoked too.
  await until(async () => (await statusOf(`${fastify}/me`, await login(issuer))) === 200);
  print('the user logs in again, and the new token is accepted');

  if (prometheus === undefined) return;
  const metric = 'hasura_auth_connections_closed_total{cause="revoked"}';
  await until(async () => (await atPrometheus(prometheus, metric)) === '1');
  print('Prometheus has counted one connection of a revoked token');
}
