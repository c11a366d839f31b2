import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backChannelLogoutHandler, hasuraAuth } from '@hasura-auth/express';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
import { startLoopbackServer, type LoopbackServer } from '@hasura-auth/testkit';
import express from 'express';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { logInAt } from './browser.js';

const redirect_uri = 'http://localhost:5173/callback';

let issuer: DevelopmentIssuer;
let app: LoopbackServer | undefined;
let api: { readonly url: string; readonly close: () => void };

/** An API that was started with nothing but the issuer's JWT configuration, over HTTP. */
async function startApi(): Promise<typeof api> {
  const logger = { warn: () => undefined, error: () => undefined };
  const { jwtSecret } = issuer;
  const auth = hasuraAuth({ adminSecret: false, jwtSecret, logger });
  const { authenticator } = auth;
  const server: Server = express()
    .post('/logout', backChannelLogoutHandler({ authenticator }))
    .use(auth)
    .get('/', (req, res) => void res.json(req.hasura?.sessionVariables))
    .listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const callApi = (token: string): Promise<Response> =>
  fetch(api.url, { headers: { authorization: `Bearer ${token}` } });

const discover = (authentication = client.None()): Promise<client.Configuration> =>
  client.discovery(new URL(issuer.issuer), 'web-app', undefined, authentication, {
    execute: [client.allowInsecureRequests], // loopback has no TLS
  });

/** Logs in as openid-client does: discovery, authorization code with PKCE, state and nonce. */
async function logIn(
  fields: Readonly<Record<string, string>>,
  config?: client.Configuration,
): ReturnType<typeof client.authorizationCodeGrant> {
  const configuration = config ?? (await discover());
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const authorization = client.buildAuthorizationUrl(configuration, {
    redirect_uri,
    scope: 'openid',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const callback = await logInAt(authorization, fields);
  expect(callback.href).toMatch(/^http:\/\/localhost:5173\/callback\?code=/);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return client.authorizationCodeGrant(configuration, callback, checks);
}

beforeEach(async () => {
  const users = [
    { id: '7', roles: ['user', 'editor'], variables: { 'x-hasura-org-id': '3' } },
  ] as const;
  issuer = await createDevelopmentIssuer({ users, algorithm: 'ES256' });
  api = await startApi();
});
afterEach(async () => {
  api.close();
  await issuer.close();
  await app?.close();
  app = undefined;
});

describe('a login at the development issuer with openid-client', () => {
  it('as a known user gives a token that Express accepts with its role and variables', async () => {
    const { access_token } = await logIn({ user: '7' });
    const response = await callApi(access_token);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      'x-hasura-role': 'user',
      'x-hasura-user-id': '7',
      'x-hasura-org-id': '3',
    });
  });

  it('as another user gives the roles and variables that were written into the form', async () => {
    const fields = { user: '8', roles: 'editor, user', variables: 'X-Hasura-Team: a=b\r\n\r\n' };
    const { access_token } = await logIn(fields);
    expect(await (await callApi(access_token)).json()).toEqual({
      'x-hasura-role': 'editor',
      'x-hasura-user-id': '8',
      'x-hasura-team': 'a=b',
    });
  });

  it('with a client secret works too, in the form and as Basic authentication', async () => {
    for (const authentication of [
      client.ClientSecretPost('any secret'),
      client.ClientSecretBasic('any secret'),
    ]) {
      const { access_token } = await logIn({ user: '7' }, await discover(authentication));
      expect((await callApi(access_token)).status).toBe(200);
    }
  });

  it('gives an ID token for the client, which the API rejects because of its audience', async () => {
    const { id_token = '' } = await logIn({ user: '7' });
    expect(decodeJwt(id_token)).toMatchObject({ iss: issuer.issuer, aud: 'web-app', sub: '7' });
    const response = await callApi(id_token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('JWTNotInAudience');
  });

  it('lets the client read who has logged in, and nobody with another token', async () => {
    const config = await discover();
    const { access_token, id_token = '' } = await logIn({ user: '7' }, config);
    const info = await client.fetchUserInfo(config, access_token, '7');
    expect(info['https://hasura.io/jwt/claims']).toMatchObject({
      'x-hasura-allowed-roles': ['user', 'editor'],
    });
    for (const wrong of [id_token, `${access_token.slice(0, -4)}AAAA`, 'x'])
      await expect(client.fetchUserInfo(config, wrong, '7')).rejects.toMatchObject({ status: 401 });
  });
});

describe('client credentials at the development issuer', () => {
  const grant = async (parameters: Record<string, string>): Promise<unknown> => {
    const config = await discover(client.ClientSecretPost('any secret'));
    const { access_token } = await client.clientCredentialsGrant(config, parameters);
    const response = await callApi(access_token);
    return response.status === 200 ? response.json() : response.status;
  };

  it('give a token for the first known user', async () => {
    expect(await grant({})).toMatchObject({ 'x-hasura-role': 'user', 'x-hasura-user-id': '7' });
  });

  it('give a token for any user, roles and variables that the request names', async () => {
    const parameters = { user: '9', roles: 'editor', 'x-hasura-org-id': '4' };
    expect(await grant(parameters)).toEqual({
      'x-hasura-role': 'editor',
      'x-hasura-user-id': '9',
      'x-hasura-org-id': '4',
    });
  });

  it('give an expired token if they are asked for one', async () => {
    expect(await grant({ expires_in: '-60' })).toBe(401);
  });

  it.each([
    ['an empty user', { user: ' ' }, 'Enter a user id.'],
    ['no role', { roles: ' , ' }, 'Enter at least one role.'],
    [
      'a role as a variable',
      { 'x-hasura-role': 'admin' },
      'x-hasura-role is not a variable: it comes from the roles.',
    ],
    [
      'a variable of another name',
      { variables: 'org: 3' },
      'Enter each variable on a line of its own, as x-hasura-org-id: 3.',
    ],
    ['a long user id', { user: 'x'.repeat(201) }, 'Enter a user id of at most 200 characters.'],
    ['51 roles', { roles: Array(51).fill('r').join() }, 'Enter at most 50 roles.'],
    ['51 variables', { variables: 'x-hasura-a: 1\n'.repeat(51) }, 'Enter at most 50 variables.'],
    [
      'an endless token',
      { expires_in: '1e99' },
      'Enter a whole number of seconds, at most 2592000.',
    ],
  ] as const)('with %s are refused with a sentence', async (_, parameters, description) => {
    const config = await discover();
    await expect(client.clientCredentialsGrant(config, parameters)).rejects.toMatchObject({
      error: 'invalid_request',
      error_description: description,
    });
  });
});

describe('an app of the development issuer', () => {
  it('picks up the new key after a rotation, and accepts the one before as long as it is published', async () => {
    const before = (await logIn({ user: '7' })).access_token;
    expect((await callApi(before)).status).toBe(200);
    await issuer.rotate({ keepPrevious: true });
    const after = (await logIn({ user: '7' })).access_token;
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    expect((await callApi(after)).status).toBe(200);
    expect((await callApi(before)).status).toBe(200);
    expect(issuer.status()).toMatchObject({ fetches: 2, keys: [{ alg: 'ES256' }, {}] });
  });

  it('that starts after a key was withdrawn rejects its tokens', async () => {
    const withdrawn = await issuer.token({ roles: ['editor'] });
    await issuer.rotate();
    expect((await callApi(withdrawn)).status).toBe(401);
    expect((await callApi(await issuer.token())).status).toBe(200);
  });

  it('that starts during an outage answers 503, and one that starts after it answers normally', async () => {
    const token = await issuer.token();
    issuer.outage();
    expect((await callApi(token)).status).toBe(503);
    expect((await fetch(`${issuer.issuer}/.well-known/openid-configuration`)).status).toBe(503);
    expect((await fetch(`${issuer.issuer}/control`)).status).toBe(200);
    issuer.recover();
    api.close();
    api = await startApi();
    expect((await callApi(token)).status).toBe(200);
  });
});

describe('a logout', () => {
  const keySet = (): ReturnType<typeof createRemoteJWKSet> =>
    createRemoteJWKSet(new URL(`${issuer.issuer}/.well-known/jwks.json`));
  const receivedToken = (): string =>
    new URLSearchParams(app?.requests.at(-1)?.body).get('logout_token') ?? '';

  it('by the end-session endpoint posts a signed logout token of the login, and leads back to the client', async () => {
    app = await startLoopbackServer(() => ({ status: 200 }));
    issuer.addBackChannelLogoutUri(`${app.url}logout`);
    const config = await discover();
    const { id_token = '' } = await logIn({ user: '7' }, config);
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: id_token,
      post_logout_redirect_uri: 'http://localhost:5173/bye',
      state: 's',
    });
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe('http://localhost:5173/bye?state=s');
    expect(app.requests).toHaveLength(1);
    expect(app.requests[0]?.url).toBe('/logout');
    const { payload } = await jwtVerify(receivedToken(), keySet(), {
      typ: 'logout+jwt',
      issuer: issuer.issuer,
      audience: 'web-app',
    });
    expect(payload).toMatchObject({
      sub: '7',
      sid: decodeJwt(id_token)['sid'],
      aud: ['development-api', 'web-app'],
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      jti: expect.stringMatching(/./),
    });
    expect(payload).not.toHaveProperty('nonce');
  });

  it('of one login makes the API reject its tokens, and not those of the next login', async () => {
    issuer.addBackChannelLogoutUri(`${api.url}logout`);
    const ended = (await logIn({ user: '7' })).access_token;
    const other = (await logIn({ user: '7' })).access_token;
    expect((await callApi(ended)).status).toBe(200);
    const [delivery] = await issuer.logout({ sid: String(decodeJwt(ended)['sid']) });
    expect(delivery?.status).toBe(200);
    const response = await callApi(ended);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('JWTRevoked');
    expect((await callApi(other)).status).toBe(200);
    expect((await callApi((await logIn({ user: '7' })).access_token)).status).toBe(200);
  });

  it('of a user posts a token without a sid, and reports what each app has answered', async () => {
    app = await startLoopbackServer(() => ({ status: 400 }));
    const nobody = 'http://127.0.0.1:9/logout';
    issuer.addBackChannelLogoutUri(app.url);
    issuer.addBackChannelLogoutUri(nobody);
    expect(await issuer.logout({ sub: '7' })).toEqual([
      { uri: app.url, status: 400 },
      { uri: nobody, status: undefined },
    ]);
    const { payload } = await jwtVerify(receivedToken(), keySet(), { audience: 'development-api' });
    expect(payload.sub).toBe('7');
    expect(payload).not.toHaveProperty('sid');
  });

  it('without an ID token of this issuer ends nothing', async () => {
    app = await startLoopbackServer(() => ({ status: 200 }));
    issuer.addBackChannelLogoutUri(app.url);
    const { access_token } = await logIn({ user: '7' });
    for (const hint of ['', 'x', access_token]) {
      const url = `${issuer.issuer}/end-session?id_token_hint=${hint}`;
      const response = await fetch(url, { redirect: 'manual' });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Nobody was logged out');
    }
    expect(app.requests).toEqual([]);
  });

  it('is never posted to another machine', () => {
    for (const uri of ['https://app.example/logout', 'https://localhost/logout', 'x', 'ftp://a'])
      expect(() => {
        issuer.addBackChannelLogoutUri(uri);
      }).toThrow('a back-channel logout URI is a http address at 127.0.0.1 or localhost');
    for (let port = 1; port <= 20; port += 1)
      issuer.addBackChannelLogoutUri(`http://localhost:${String(port)}/`);
    expect(() => {
      issuer.addBackChannelLogoutUri('http://localhost:21/');
    }).toThrow('at most 20');
  });
});
