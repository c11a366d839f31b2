import { json, loopbackUrl, type Endpoint, type IssuerReply } from './endpoints.js';
import type { Logins, LogoutDelivery } from './logins.js';
import { escaped, page } from './page.js';
import type { Tokens } from './tokens.js';
import { claimsNamespace } from '../signing-keys.js';

/** The userinfo endpoint: the user of an access token, with its roles and variables. */
export function userinfoEndpoint(tokens: Tokens): Endpoint {
  const answer = async ({
    authorization,
  }: {
    readonly authorization: string | undefined;
  }): Promise<IssuerReply> => {
    const [, token = ''] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    const claims = await tokens.read(token, 'at+jwt');
    return claims === undefined
      ? json(
          401,
          { error: 'invalid_token' },
          { 'www-authenticate': 'Bearer error="invalid_token"' },
        )
      : json(200, { sub: claims.sub, [claimsNamespace]: claims[claimsNamespace] });
  };
  return { methods: ['GET', 'POST'], fails: true, answer };
}

const delivered = ({ uri, status }: LogoutDelivery): string =>
  `<li><code>${escaped(uri)}</code>: ${status === undefined ? 'no answer' : `status ${String(status)}`}</li>`;

/** The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0): ends the login of an ID token. */
export function endSessionEndpoint(tokens: Tokens, logins: Logins): Endpoint {
  return {
    methods: ['GET', 'POST'],
    fails: true,
    async answer({ method, query, form }) {
      const given = method === 'GET' ? query : form;
      const claims = await tokens.read(given.get('id_token_hint') ?? '', 'JWT', true);
      const sid = claims?.['sid'];
      if (typeof sid !== 'string')
        return page(
          400,
          'Nobody was logged out',
          '<p>The client must send <code>id_token_hint</code>: an ID token of this issuer, signed with a key that it still publishes.</p>',
        );
      const deliveries = await logins.logout({ sid });
      const back = loopbackUrl(given.get('post_logout_redirect_uri') ?? '');
      if (back === undefined)
        return page(
          200,
          'Logged out',
          `<p>User ${escaped(claims?.sub ?? '')} is logged out.</p>\n<ul>${deliveries.map(delivered).join('\n')}</ul>`,
        );
      const state = given.get('state');
      if (state !== null) back.searchParams.set('state', state);
      return { status: 303, headers: { location: back.href }, body: '' };
    },
  };
}
