import { mintToken, testKey, virtualClock, type Json } from '@hasura-auth/testkit';
import {
  createAuthenticator,
  memoryRevocations,
  type Authenticator,
  type RevocationStore,
} from '@hasura-auth/core';
import type { RunningApp } from './running-app.js';

/**
 * Starts an app that receives logout tokens at `POST /logout`, then authenticates, and then answers `GET /` with the
 * session; `parsesForms`: after a parser of forms, such as an app has for other routes.
 */
export type StartRevoking = (
  options: { readonly authenticator: Authenticator; readonly audience: string },
  parsesForms: boolean,
) => Promise<RunningApp>;

const issuer = 'https://issuer.example';
const audience = 'client-1';
const clock = virtualClock();
const seconds = (): number => Math.floor(clock.now() / 1000);
const signed = (claims: { readonly [claim: string]: Json }, typ = 'logout+jwt'): Promise<string> =>
  mintToken({ sign: { key: 'rsa', alg: 'RS256', header: { typ } }, claims });

const accessToken = (sid?: string): Promise<string> =>
  signed(
    {
      iss: issuer,
      sub: 'user-1',
      iat: seconds() - 10,
      exp: seconds() + 3600,
      ...(sid !== undefined && { sid }),
      'https://hasura.io/jwt/claims': {
        'x-hasura-allowed-roles': ['user'],
        'x-hasura-default-role': 'user',
      },
    },
    'at+jwt',
  );

let tokens = 0;
const logoutToken = (more: { readonly [claim: string]: Json } = {}): Promise<string> =>
  signed({
    iss: issuer,
    aud: audience,
    iat: seconds(),
    jti: String(tokens++),
    sub: 'user-1',
    sid: 'session-1',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...more,
  });

/** Revocation and back-channel logout through one framework. */
export function describeRevocation(framework: string, start: StartRevoking): void {
  const world = async (parsesForms = false, revocations?: RevocationStore) => {
    const authenticator = createAuthenticator({
      adminSecret: 'the secret of this test',
      jwtSecret: { type: 'RS256', key: String(testKey('rsa').spki), issuer },
      logger: { warn: () => undefined, error: () => undefined },
      runtime: { now: clock.now, setTimeout: clock.setTimeout },
      revocations,
    });
    const app = await start({ authenticator, audience }, parsesForms);
    const ask = (token: string) =>
      fetch(app.url, { headers: { authorization: `Bearer ${token}`, connection: 'close' } });
    const post = (body: string, type = 'application/x-www-form-urlencoded') =>
      fetch(`${app.url}/logout`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, connection: 'close' },
      });
    const logOut = (token: string) => post(new URLSearchParams({ logout_token: token }).toString());
    return { app, authenticator, ask, post, logOut };
  };

  describe(`${framework}: revocation`, () => {
    it('a revoked token is refused as an invalid one, and a token of a later login is accepted', async () => {
      const { app, authenticator, ask } = await world();
      try {
        const token = await accessToken();
        expect((await ask(token)).status).toBe(200);
        await authenticator.revoke({ sub: 'user-1' });
        const refused = await ask(token);
        expect(refused.status).toBe(401);
        expect(refused.headers.get('www-authenticate')).toBe(
          'Bearer realm="hasura", error="invalid_token", error_description="JWTRevoked"',
        );
        expect(await refused.json()).toEqual({
          errors: [
            {
              extensions: { path: '$', code: 'invalid-jwt' },
              message: 'Could not verify JWT: JWTRevoked',
            },
          ],
        });
        expect(app.endpoint.reached).toHaveLength(1);
        clock.advance(20_000);
        expect((await ask(await accessToken())).status).toBe(200);
      } finally {
        await app.close();
      }
    });

    it.each([
      ['without a body parser', false],
      ['after a parser of forms', true],
    ])('%s, a logout token revokes the tokens of its session', async (_how, parsesForms) => {
      const { app, ask, logOut } = await world(parsesForms);
      try {
        const [mine, other, without] = await Promise.all(
          ['session-1', 'session-2', undefined].map(accessToken),
        );
        const accepted = await logOut(await logoutToken());
        expect([accepted.status, await accepted.text()]).toEqual([200, '']);
        expect(accepted.headers.get('cache-control')).toBe('no-store');
        const statuses = [mine, other, without].map(
          async (token = '') => (await ask(token)).status,
        );
        expect(await Promise.all(statuses)).toEqual([401, 200, 401]);
      } finally {
        await app.close();
      }
    });

    it('a bad logout token gets 400, with the reason, and revokes nothing', async () => {
      const { app, ask, logOut, post } = await world();
      try {
        const once = await logoutToken({ sub: 'user-2', sid: 'session-2' });
        await logOut(once);
        const responses = [
          await logOut(once),
          await logOut(await logoutToken({ nonce: 'n' })),
          await logOut(await accessToken()),
          await logOut('nonsense'),
          await post('logout_token=a&logout_token=b'),
          await post('other=1'),
          await post('{"logout_token":"a"}', 'application/json'),
        ];
        for (const response of responses) {
          expect(response.status).toBe(400);
          expect(response.headers.get('cache-control')).toBe('no-store');
          expect(await response.json()).toEqual({
            error: 'invalid_request',
            error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
          });
        }
        expect((await ask(await accessToken('session-1'))).status).toBe(200);
      } finally {
        await app.close();
      }
    });

    it('a body that is too large gets 400 or no answer, and the app goes on', async () => {
      const { app, ask, post } = await world();
      try {
        const large = `logout_token=${'a'.repeat(200_000)}`;
        const status = await post(large).then(
          (response) => response.status,
          () => 400,
        );
        expect(status).toBe(400);
        expect((await ask(await accessToken())).status).toBe(200);
      } finally {
        await app.close();
      }
    });

    it('a store that fails gets 503, and the provider may send the same token again', async () => {
      const store = memoryRevocations({ now: clock.now });
      let fails = true;
      const failing: RevocationStore = {
        ...store,
        add: (entry) => (fails ? Promise.reject(new Error('no connection')) : store.add(entry)),
      };
      const { app, logOut } = await world(false, failing);
      try {
        const token = await logoutToken();
        const failed = await logOut(token);
        expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '1']);
        fails = false;
        expect((await logOut(token)).status).toBe(200);
        expect((await logOut(token)).status).toBe(400);
      } finally {
        await app.close();
      }
    });
  });
}
