import { verifies, type AuthorizationCodes } from './codes.js';
import { json, type Endpoint, type IssuerReply, type IssuerRequest } from './endpoints.js';
import { IdentityError, readIdentity, readSeconds, type DevelopmentUser } from './identity.js';
import type { Tokens } from './tokens.js';

export interface TokenEndpointContext {
  readonly users: readonly DevelopmentUser[];
  readonly codes: AuthorizationCodes;
  readonly tokens: Tokens;
  readonly tokenSeconds: number;
}

/** An error response (RFC 6749, section 5.2). */
const refused = (error: string, description: string): IssuerReply =>
  json(400, { error, error_description: description });

/** The client's id: from the form, or from the user name of Basic authentication. Any secret will do. */
function clientIdOf({ form, authorization }: IssuerRequest): string | undefined {
  const written = form.get('client_id');
  if (written !== null) return written;
  const [, basic] = /^basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (basic === undefined) return undefined;
  const [name = ''] = Buffer.from(basic, 'base64').toString().split(':', 1);
  // both halves are encoded as in a form (RFC 6749, section 2.3.1)
  return new URLSearchParams(`client=${name}`).get('client') ?? undefined;
}

async function withCode(
  request: IssuerRequest,
  { codes, tokens, tokenSeconds }: TokenEndpointContext,
): Promise<IssuerReply> {
  const { form } = request;
  const grant = codes.redeem(form.get('code') ?? '');
  if (grant === undefined)
    return refused('invalid_grant', 'the code is unknown, older than a minute, or was used before');
  const { clientId, redirectUri, scope, nonce, challenge } = grant.request;
  if (clientIdOf(request) !== clientId)
    return refused('invalid_grant', 'the code was issued to another client_id');
  if (form.get('redirect_uri') !== redirectUri)
    return refused('invalid_grant', 'redirect_uri differs from the one of the login');
  if (!verifies(form.get('code_verifier') ?? '', challenge))
    return refused('invalid_grant', 'code_verifier does not belong to the code_challenge');

  const { user, sid, authTime } = grant;
  const idToken = (): Promise<string> =>
    tokens.sign('JWT', tokenSeconds, {
      sub: user.id,
      aud: clientId,
      sid,
      auth_time: authTime,
      ...(nonce !== undefined && { nonce }),
    });
  return json(200, {
    access_token: await tokens.accessToken(user, tokenSeconds, {
      client_id: clientId,
      scope,
      sid,
    }),
    token_type: 'Bearer',
    expires_in: tokenSeconds,
    scope,
    ...(scope.split(' ').includes('openid') && { id_token: await idToken() }),
  });
}

async function withCredentials(
  request: IssuerRequest,
  { users, tokens, tokenSeconds }: TokenEndpointContext,
): Promise<IssuerReply> {
  const { form } = request;
  const expiresIn = readSeconds(form.get('expires_in')) ?? tokenSeconds;
  const user = readIdentity(form, users);
  const token = await tokens.accessToken(user, expiresIn, {
    client_id: clientIdOf(request) ?? 'development',
  });
  return json(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: Math.max(0, expiresIn),
  });
}

/** The token endpoint: the code of a login, or client credentials with the user as whom the client wants to act. */
export function tokenEndpoint(context: TokenEndpointContext): Endpoint {
  const answer = async (request: IssuerRequest): Promise<IssuerReply> => {
    const { form } = request;
    try {
      switch (form.get('grant_type')) {
        case 'authorization_code':
          return await withCode(request, context);
        case 'client_credentials':
          return await withCredentials(request, context);
        default:
          return refused(
            'unsupported_grant_type',
            'the grant types are authorization_code and client_credentials',
          );
      }
    } catch (error) {
      if (error instanceof IdentityError) return refused('invalid_request', error.message);
      throw error;
    }
  };
  return { methods: ['POST'], fails: true, answer };
}
