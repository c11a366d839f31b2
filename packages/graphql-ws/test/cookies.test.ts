import type { AllowedOrigins } from '@hasura-auth/core';
import { clients, type Credentials, type Outcome } from './clients.js';
import { startSocketApp } from './socket-app.js';
import { jwtSecret, userToken } from './tokens.js';

const appOrigin = 'https://app.example.com';
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
  ['an allowed origin', [appOrigin], from(appOrigin), accepted],
  ['a foreign origin', [appOrigin], from('https://evil.example.com'), refused],
  [
    'an origin that begins like an allowed one',
    [appOrigin],
    from(`${appOrigin}.evil.example`),
    refused,
  ],
  ['another scheme', [appOrigin], from('http://app.example.com'), refused],
  ['an opaque origin', [appOrigin], from('null'), refused],
  ['no origin', [appOrigin], (cookie: string) => ({ headers: { cookie } }), refused],
  ['the app’s own origin without the option', undefined, from(appOrigin), refused],
  ['an origin that a function allows', (o: string) => o === appOrigin, from(appOrigin), accepted],
  ['an origin that a function does not allow', () => false, from(appOrigin), refused],
])(
  'a cookie of the handshake is read only from an allowed origin: %s',
  async (_name, allowed, credentials, outcome) => {
    expect(await outcomeOf(allowed, credentials)).toEqual(outcome);
  },
);

test('a cookie in the parameters is read whatever the origin', async () => {
  const credentials = (cookie: string): Credentials => ({
    connectionParams: { headers: { cookie } },
    headers: { origin: 'https://evil.example.com' },
  });
  expect(await outcomeOf([appOrigin], credentials)).toEqual(accepted);
});

test('an origin in the parameters is not read', async () => {
  const credentials = (cookie: string): Credentials => ({
    connectionParams: { headers: { origin: appOrigin } },
    headers: { cookie, origin: 'https://evil.example.com' },
  });
  expect(await outcomeOf([appOrigin], credentials)).toEqual(refused);
});
