import { createServer } from 'node:http';
import { createAuthenticator } from '@hasura-auth/core';
import { backChannelLogoutHandler, hasuraAuth } from '@hasura-auth/express';
import express from 'express';
import { listen, protectedEndpoint } from '../src/index.js';
import { logIn } from '../src/oidc-login.js';
import { newSigningKey, oidcApi, oidcClient, startOidcServer } from '../src/oidc-server.js';
import { get } from '../src/oidc-world.js';

afterEach(() => jest.restoreAllMocks());

it('a real provider logs a user out: tokens from before are refused, and those of a later login accepted', async () => {
  const app = express();
  const endpoint = protectedEndpoint();
  const running = await listen(createServer(app), endpoint);
  const provider = await startOidcServer({
    keys: [await newSigningKey('first')],
    cacheControl: 'max-age=60',
    logoutUri: `${running.url}/logout`,
  });
  try {
    const { issuer } = provider;
    const authenticator = createAuthenticator({
      adminSecret: false,
      jwtSecret: { jwk_url: `${issuer}/jwks`, issuer, audience: oidcApi },
      logger: { warn: () => undefined, error: () => undefined },
    });
    app.post(
      '/logout',
      backChannelLogoutHandler({ authenticator, audience: oidcClient.client_id }),
    );
    app.use(hasuraAuth({ authenticator }));
    app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
    const [ada, bob] = [await logIn(issuer, 'ada'), await logIn(issuer, 'bob')];
    expect([(await get(running.url, ada)).status, (await get(running.url, bob)).status]).toEqual([
      200, 200,
    ]);

    const later = Date.now() + 2000; // for the provider and the app, which have one clock here
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    await provider.logOut('ada', 'session-1');
    expect((await get(running.url, ada)).status).toBe(401);
    expect((await get(running.url, bob)).status).toBe(200);
    expect((await get(running.url, await logIn(issuer, 'ada'))).status).toBe(200);
  } finally {
    await running.close();
    await provider.close();
  }
});
