import { randomUUID } from 'node:crypto';
import type { AuthorizationCodes, AuthorizationRequest } from './codes.js';
import { loopbackUrl, type Endpoint, type IssuerReply, type IssuerRequest } from './endpoints.js';
import { IdentityError, readIdentity, type DevelopmentUser } from './identity.js';
import { escaped, page } from './page.js';

export interface AuthorizationContext {
  readonly issuer: () => string;
  readonly users: readonly DevelopmentUser[];
  readonly codes: AuthorizationCodes;
  readonly seconds: () => number;
  /** Notes a login, so that it can be ended. */
  readonly loggedIn: (login: { sid: string; sub: string; clientId: string }) => void;
}

/** An error that the client gets at its redirect URI (RFC 6749, section 4.1.2.1). */
interface ClientError {
  readonly error: string;
  readonly description: string;
}

const parameters = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'response_mode',
  'prompt',
  'login_hint',
] as const;
const mostText = 2000;

/** What is wrong with a request whose redirect URI is good. */
function clientError(given: URLSearchParams): ClientError | undefined {
  const invalid = (description: string): ClientError => ({ error: 'invalid_request', description });
  for (const name of parameters) {
    const values = given.getAll(name);
    if (values.length > 1) return invalid(`${name} is given more than once`);
    if ((values[0]?.length ?? 0) > mostText) return invalid(`${name} is too long`);
  }
  if (given.get('response_type') !== 'code')
    return {
      error: 'unsupported_response_type',
      description: 'only the response type code exists',
    };
  if ((given.get('response_mode') ?? 'query') !== 'query')
    return invalid('only the response mode query exists');
  if (given.get('code_challenge_method') !== 'S256')
    return invalid('PKCE is required: send code_challenge with code_challenge_method=S256');
  if (!/^[\w-]{43}$/.test(given.get('code_challenge') ?? ''))
    return invalid('code_challenge is not a SHA-256 hash in base64url');
  if (given.get('prompt') === 'none')
    return { error: 'login_required', description: 'every login shows the page' };
  return undefined;
}

function readRequest(given: URLSearchParams, redirectUri: string): AuthorizationRequest {
  return {
    redirectUri,
    clientId: given.get('client_id') ?? '',
    scope: given.get('scope') ?? '',
    state: given.get('state') ?? undefined,
    nonce: given.get('nonce') ?? undefined,
    challenge: given.get('code_challenge') ?? '',
  };
}

/** Sends the browser back to the client, with the issuer's name (RFC 9207). */
function redirect(
  redirectUri: string,
  issuer: string,
  members: Readonly<Record<string, string | undefined>>,
): IssuerReply {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...members, iss: issuer }))
    if (value !== undefined) url.searchParams.set(name, value);
  return { status: 303, headers: { location: url.href }, body: '' };
}

function hiddenFields(given: URLSearchParams): string {
  return parameters
    .flatMap((name) => {
      const value = given.get(name);
      return value === null
        ? []
        : [`<input type="hidden" name="${name}" value="${escaped(value)}">`];
    })
    .join('\n');
}

function loginPage(
  given: URLSearchParams,
  redirectUri: string,
  users: readonly DevelopmentUser[],
  problem: string | undefined = undefined,
): IssuerReply {
  const hidden = hiddenFields(given);
  const known = users.map(
    ({ id, roles }) =>
      `<button name="user" value="${escaped(id)}">User ${escaped(id)} (${escaped(roles.join(', '))})</button>`,
  );
  const knownUsers = `<h2 id="known">Known users</h2>
<form method="post" action="/authorize" aria-labelledby="known">
${hidden}
${known.join('\n')}
</form>`;
  const value = (name: string, otherwise: string): string => escaped(given.get(name) ?? otherwise);
  const main = `<p>For development, without a password. <code>${escaped(given.get('client_id') ?? '')}</code> gets a token for the user whom you choose.</p>
${problem === undefined ? '' : `<p role="alert" id="problem">${escaped(problem)}</p>`}
${known.length === 0 ? '' : knownUsers}
<h2 id="other">Another user</h2>
<form method="post" action="/authorize" aria-labelledby="other">
${hidden}
<label for="user">User id</label>
<input id="user" name="user" value="${value('user', given.get('login_hint') ?? '')}" required maxlength="200" autocomplete="off">
<label for="roles">Roles <small>The default role first, separated by commas</small></label>
<input id="roles" name="roles" value="${value('roles', 'user')}" required autocomplete="off" spellcheck="false">
<label for="variables">Session variables <small>One in each line, such as x-hasura-org-id: 3</small></label>
<textarea id="variables" name="variables" rows="3" spellcheck="false">${value('variables', '')}</textarea>
<button class="main">Log in</button>
</form>`;
  return page(
    problem === undefined ? 200 : 400,
    'Development login',
    main,
    new URL(redirectUri).origin,
  );
}

/** The authorization endpoint: GET shows the login page, and the page posts the user back with the client's request. */
export function authorizationEndpoint(context: AuthorizationContext): Endpoint {
  const { issuer, users, codes, seconds, loggedIn } = context;
  const answer = ({ method, query, form }: IssuerRequest): IssuerReply => {
    const given = method === 'GET' ? query : form;
    const redirectUri = given.get('redirect_uri') ?? '';
    const clientId = given.get('client_id') ?? '';
    // a client whose redirect URI is not on this machine gets nothing, not even an error
    if (loopbackUrl(redirectUri) === undefined || new URL(redirectUri).hash !== '')
      return page(
        400,
        'The login cannot start',
        '<p>The client must send a <code>redirect_uri</code> on this machine: an address at 127.0.0.1 or localhost, without a fragment.</p>',
      );
    if (clientId === '' || clientId.length > 200)
      return page(
        400,
        'The login cannot start',
        '<p>The client must send a <code>client_id</code> of at most 200 characters; any will do.</p>',
      );
    const request = readRequest(given, redirectUri);
    const { state } = request;
    const mistake = clientError(given);
    if (mistake !== undefined)
      return redirect(redirectUri, issuer(), {
        error: mistake.error,
        error_description: mistake.description,
        state,
      });
    if (method === 'GET') return loginPage(given, redirectUri, users);
    try {
      const user = readIdentity(form, users);
      const sid = randomUUID();
      loggedIn({ sid, sub: user.id, clientId });
      return redirect(redirectUri, issuer(), {
        code: codes.issue({ request, user, sid, authTime: seconds() }),
        state,
      });
    } catch (error) {
      if (error instanceof IdentityError)
        return loginPage(given, redirectUri, users, error.message);
      throw error;
    }
  };
  return { methods: ['GET', 'POST'], fails: true, answer };
}
