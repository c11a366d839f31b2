import * as client from 'openid-client';
import { oidcApi, oidcClient } from './oidc-server.js';

/** A browser as far as a login needs one: follows redirects, keeps cookies, and stops at a given address. */
async function browse(from: URL, stopAt: string, atLogin: (page: URL) => URL): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let at = from, hops = 0; hops < 10; hops++) {
    const page = at.pathname.startsWith('/login/') ? atLogin(at) : at;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(page, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${at.pathname}: ${await response.text()}`);
    at = new URL(location, at);
    if (at.href.startsWith(stopAt)) return at;
  }
  throw new Error('the login goes round in circles');
}

/** Reads the provider's metadata (OpenID Connect Discovery 1.0), as the first thing a client does. */
export function discover(issuer: string): Promise<client.Configuration> {
  const insecure = { execute: [client.allowInsecureRequests] }; // loopback has no TLS
  return client.discovery(
    new URL(issuer),
    oidcClient.client_id,
    undefined,
    client.None(),
    insecure,
  );
}

/**
 * Logs a user in as a real client does: discovery, authorization code with PKCE and state, the code for an access token
 * of the API. Gives the access token.
 */
export async function logIn(issuer: string, user: string): Promise<string> {
  const config = await discover(issuer);
  const [redirect_uri] = oidcClient.redirect_uris;
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const authorization = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'openid graphql',
    resource: oidcApi,
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const callback = await browse(authorization, redirect_uri, (page) => {
    page.searchParams.set('user', user);
    return page;
  });
  const checks = { pkceCodeVerifier, expectedState };
  const resource = { resource: oidcApi };
  const tokens = await client.authorizationCodeGrant(config, callback, checks, resource);
  return tokens.access_token;
}
