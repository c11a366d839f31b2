import type { Authenticator } from './authenticator.js';
import { ConfigError, isAuthError, type AuthError } from './errors.js';
import type { EndpointResponse } from './hook-endpoint/response.js';
import { isRecord } from './json.js';
import { kindOf } from './option-checks.js';
import { anyRequest, type AuthRequest } from './request.js';
import type { BackChannelLogoutOptions } from './revocation/back-channel-logout.js';

/** The options of `backChannelLogoutHandler`. */
export interface BackChannelLogoutHandlerOptions extends BackChannelLogoutOptions {
  /**
   * The authenticator that decides the app's requests, so that it learns of the revocations. Anything else is a
   * ConfigError.
   */
  readonly authenticator: Authenticator;
}

/** Receives the logout tokens of a provider, without a framework. */
export interface LogoutEndpoint {
  /**
   * The response to a call. `stream` is Node's own request, whose body is read if no parser of the app has done so. Never
   * rejects.
   */
  respond(call: AuthRequest, stream?: AsyncIterable<unknown>): Promise<EndpointResponse>;
}

/** How large a body may be, in bytes: a logout token is at most 16 KiB. */
const mostBytes = 32_768;
const noStore = { 'Cache-Control': 'no-store' };

function failed(
  status: number,
  error: string,
  description: string,
  more: Readonly<Record<string, string>> = {},
): EndpointResponse {
  // The characters that RFC 6749, section 5.2, allows in a description.
  const error_description = description.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...noStore, ...more },
    body: JSON.stringify({ error, error_description }),
  };
}

const invalid = (description: string): EndpointResponse =>
  failed(400, 'invalid_request', description);
/** The provider may send the token again. */
const unavailable = failed(503, 'temporarily_unavailable', 'try again later', {
  'Retry-After': '1',
});

/** The body of Node's own request, if it is not too large. */
async function read(stream: AsyncIterable<unknown>): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (!(part instanceof Uint8Array)) return undefined;
    bytes += part.byteLength;
    if (bytes > mostBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
}

/** The one `logout_token` of a form. */
function inForm(form: string): string | undefined {
  const values = new URLSearchParams(form).getAll('logout_token');
  return values.length === 1 ? values[0] : undefined;
}

/** What a parser of the app has read; a parser of other types leaves an empty object. */
function inBody(body: unknown): string | undefined {
  if (typeof body === 'string' || Buffer.isBuffer(body))
    return body.length > mostBytes ? undefined : inForm(body.toString());
  const token = isRecord(body) && Object.hasOwn(body, 'logout_token') && body['logout_token'];
  return typeof token === 'string' ? token : undefined;
}

async function logoutToken(
  call: AuthRequest,
  stream: AsyncIterable<unknown> | undefined,
): Promise<string | undefined> {
  const parsed = inBody(call.body);
  if (parsed !== undefined || stream === undefined) return parsed;
  const length = Number(anyRequest(call).header('content-length') ?? 0);
  if (!(length <= mostBytes)) return undefined;
  const form = await read(stream);
  return form === undefined ? undefined : inForm(form);
}

function refused(error: AuthError): EndpointResponse {
  return error.status >= 500 ? unavailable : invalid(error.reason);
}

/**
 * Makes the endpoint that a provider posts logout tokens to (OpenID Connect Back-Channel Logout 1.0), for an adapter. It
 * answers 200, 400, or 503 if the revocation could not be stored. Throws a ConfigError.
 *
 * @example
 * const { respond } = createLogoutEndpoint({ authenticator, audience: 'my-client-id' });
 * const { status, headers, body } = await respond(request, request);
 */
export function createLogoutEndpoint(options: BackChannelLogoutHandlerOptions): LogoutEndpoint {
  if (!isRecord(options))
    throw new ConfigError('backChannelLogoutHandler', `expected an object, got ${kindOf(options)}`);
  const { authenticator, ...rest } = options;
  if (!isRecord(authenticator) || typeof authenticator['backChannelLogout'] !== 'function')
    throw new ConfigError('authenticator', 'expected what createAuthenticator returns');
  const accept = authenticator.backChannelLogout(rest);

  async function respond(
    call: AuthRequest,
    stream: AsyncIterable<unknown> | undefined,
  ): Promise<EndpointResponse> {
    if (call.method !== undefined && call.method !== 'POST')
      return failed(405, 'invalid_request', 'a logout token is sent by POST', { Allow: 'POST' });
    const type = anyRequest(call).header('content-type') ?? '';
    if (!/^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type))
      return invalid('expected a body of the type application/x-www-form-urlencoded');
    const token = await logoutToken(call, stream).catch(() => undefined); // the client went away
    if (token === undefined) return invalid('expected one logout_token');
    await accept(token);
    return { status: 200, headers: noStore, body: '' };
  }

  return {
    respond: (call, stream) =>
      respond(call, stream).catch((error: unknown) =>
        isAuthError(error) ? refused(error) : unavailable,
      ),
  };
}
