import type { AllowedOrigins } from '@hasura-auth/core';
import { clients, type Credentials, type Outcome } from './clients.js';
import { startSocketApp } from './socket-app.js';
import { jwtSecret, userToken } from './tokens.js';

const ours = 'https://app.example.com';
const missing = "Missing 'Authorization' or 'Cookie' header in JWT authentication mode";

async function outcomeOf(
  allowedOrigins: AllowedOrigins | undefined,
  credentials: (cookie: string) => Credentials,
): Promise<Outcome | undefined> {
  const auth = {
    jwtSecret: { ...jwtSecret, header: { type: 'Cookie', name: 'session' } },
  } as const;
  const app = await startSocketApp({
    auth: { ...auth, ...(allowedOrigins !== undefined && { allowedOrigins }) },
  });
  const cookie = `other=1; session=${await userToken('7')}`;
  try {
    return await clients['graphql-ws']?.(app.url, credentials(cookie));
  } finally {
    await app.close();
  }
}

const accepted = { data: expect.objectContaining({ role: 'user', userId: '7' }) };
const refused = { code: 4403, reason: missing };
const from = (origin: string) => (cookie: string) => ({ headers: { cookie, origin } });

test.each([
  ['an allowed origin', [ours], from(ours), accepted],
  ['a foreign origin', [ours], from('https://evil.example.com'), refused],
  ['an origin that begins like an allowed one', [ours], from(`${ours}.evil.example`), refused],
  ['another scheme', [ours], from('http://app.example.com'), refused],
  ['an opaque origin', [ours], from('null'), refused],
  ['no origin', [ours], (cookie: string) => ({ headers: { cookie } }), refused],
  ['the app’s own origin without the option', undefined, from(ours), refused],
  ['an origin that a function allows', (o: string) => o === ours, from(ours), accepted],
  ['an origin that a function does not allow', () => false, from(ours), refused],
])('a cookie of the handshake, from %s', async (_name, allowed, credentials, outcome) => {
  expect(await outcomeOf(allowed, credentials)).toEqual(outcome);
});

test('a cookie among the parameters is the client’s own word, whatever the origin', async () => {
  const credentials = (cookie: string): Credentials => ({
    connectionParams: { headers: { cookie } },
    headers: { origin: 'https://evil.example.com' },
  });
  expect(await outcomeOf([ours], credentials)).toEqual(accepted);
});

test('an origin among the parameters does not count', async () => {
  const credentials = (cookie: string): Credentials => ({
    connectionParams: { headers: { origin: ours } },
    headers: { cookie, origin: 'https://evil.example.com' },
  });
  expect(await outcomeOf([ours], credentials)).toEqual(refused);
});
