import { URL } from 'node:url';
import { AuthError } from '../errors.js';
import { isRecord, type Members } from '../json.js';
import { showJsonPath } from '../jwt/json-path.js';
import { kindOf } from '../option-checks.js';
import { emptyHeaders, fieldName } from '../request-headers.js';
import { anyRequest, encodedHeader, type AuthRequest, type RequestView } from '../request.js';
import type { OriginCheck } from './rules.js';

/** What a WebSocket client sends: the parameters of its first message, and the headers of its handshake. */
export interface ConnectionRequest {
  /**
   * The payload of `connection_init`, as the client sent it. The strings of its member `headers` are read as request
   * headers, and, in the older style, the strings at its top; they come before the handshake's own headers. Other members
   * are not used.
   */
  readonly connectionParams?: unknown;
  /**
   * The headers of the handshake. Its `Cookie`, and for a webhook its `Authorization` of another scheme than Bearer, is
   * read only if its `Origin` is allowed; tokens in other headers also if it is that of `Host`, or absent. Left out if the
   * server does not know them (graphql-ws on Bun and Deno); undefined, as any other value that is no headers, is refused:
   * read as "no headers", it would make a client anonymous.
   */
  readonly headers?: AuthRequest['headers'];
}

/** What decides how a connection's headers are read; fixed at startup. */
export interface HandshakeRules {
  readonly allowsOrigin: OriginCheck;
  /**
   * Whether a header, by its name in lower case, may hold a credential. A value of a wrong type is then rejected: read as
   * absent, it would make the client anonymous.
   */
  readonly holdsCredential: (lowerCaseName: string) => boolean;
  /**
   * Whether something that is configured accepts an `Authorization` of any scheme: a webhook does. JWT mode rejects other
   * schemes than Bearer; if they were removed, the client would become anonymous.
   */
  readonly acceptsAnyScheme: boolean;
}

/** How many members `connectionParams` may have, nested ones included. */
const mostMembers = 100;
/** How much memory the names and texts of `connectionParams` may take, in bytes: the longest token is 16 KiB. */
const mostBytes = 32_768;
/** How long a member's name may be for a message to show it, in characters. */
const longestShownName = 60;

/** Characters that would end a header and begin another one when it is forwarded. */
// eslint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0a-\x1f\x7f]/;
/** V8 keeps a text with such a character in two bytes a character. */
const wide = /[\u0100-\uffff]/;
/** Headers that are read from the handshake only: a page cannot set them, and a proxy overwrites them. */
const ofHandshake = /^(?:host|origin|forwarded|via|x-real-ip|(?:sec|x-forwarded)-.*)$/;
/** Headers that do not say who a client is: every browser sends them, or a proxy about the connection. */
const ofNoUser =
  /^(?:accept(?:-.*)?|user-agent|referer|host|origin|forwarded|via|x-real-ip|sec-.*|x-forwarded-(?:for|host|port|proto))$/;
/** A name in which something else than words stands, such as a token or a random secret. */
const tokenLike = /[^a-z_-]/i;
/** What a browser never sends by itself (RFC 6750, section 2.1). */
const bearer = /^[ \t]*bearer(?:[ \t]|$)/i;
/** Headers that hold a credential under any configuration. */
const alwaysCredential = /^(?:authorization|cookie|x-hasura-.*)$/;

function refuse(detail: string): AuthError {
  return new AuthError('bad-connection-params', { detail });
}

/**
 * The path of a member as messages show it, such as `headers.authorization`; never its value. A name that is no header's,
 * or a long one, is shown by its length alone: it may be a token in the wrong place, and messages are logged.
 */
function shown(...path: readonly string[]): string {
  const isShown = (name: string): boolean =>
    name.length <= longestShownName && fieldName.test(name) && !tokenLike.test(name);
  const steps = path.map((name) =>
    isShown(name) ? showJsonPath([name]).slice(1) : `[a name of ${String(name.length)} characters]`,
  );
  return steps.join('').replace(/^\./, '');
}

/** What of the bounds is left while `connectionParams` are walked. */
interface Left {
  members: number;
  bytes: number;
}

function countText(text: string, left: Left): void {
  left.bytes -= text.length;
  if (left.bytes >= 0 && wide.test(text)) left.bytes -= text.length;
  if (left.bytes < 0) throw refuse(`longer than ${String(mostBytes)} bytes`);
}

function countMember(value: unknown, left: Left): void {
  if (--left.members < 0) throw refuse(`more than ${String(mostMembers)} members`);
  if (typeof value === 'string') countText(value, left);
  else countMembers(value, left);
}

/**
 * Walks JSON up to the bounds and throws beyond them, and copies nothing. Recursion is as deep as there are members at
 * most. What still grows with a message is that V8 makes a list of an object's names for the loop: 13 ms for 72,000 names,
 * a third of what parsing them took.
 */
function countMembers(value: unknown, left: Left): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > left.members) throw refuse(`more than ${String(mostMembers)} members`);
    for (const item of value as readonly unknown[]) countMember(item, left);
    return;
  }
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    countText(name, left);
    countMember((value as Members)[name], left); // an own member, as just checked
  }
}

/**
 * Whether what a client sent before it is authenticated stays within the bounds of `connectionParams`: 100 members and
 * 32 KiB of text, nested ones included. Stops at the bounds.
 *
 * @example
 * if (!isWithinBounds(message.payload)) socket.close(4400);
 */
export function isWithinBounds(value: unknown): boolean {
  try {
    countMember(value, { members: mostMembers + 1, bytes: mostBytes });
    return true;
  } catch {
    return false;
  }
}

/** The members that are headers, with their paths for messages: all of `headers`, and those at the top that can be. */
function* headerMembers(
  params: Members,
  holdsCredential: HandshakeRules['holdsCredential'],
): Generator<readonly [path: string, name: string, value: string]> {
  const { headers, ...others } = params;
  if (headers !== undefined && headers !== null) {
    if (!isRecord(headers)) throw refuse(`headers must be an object, got ${kindOf(headers)}`);
    for (const [name, value] of Object.entries(headers)) {
      const path = shown('headers', name);
      if (!fieldName.test(name)) throw refuse(`${path} is no header name`);
      if (typeof value !== 'string') throw refuse(`${path} must be a string, got ${kindOf(value)}`);
      yield [path, name, value];
    }
  }
  for (const [name, value] of Object.entries(others)) {
    if (typeof value === 'string') {
      if (fieldName.test(name)) yield [shown(name), name, value];
    } else if (value !== null && value !== undefined && holdsCredential(name.toLowerCase()))
      throw refuse(`${shown(name)} must be a string, got ${kindOf(value)}`);
  }
}

/**
 * The headers that a client put into `connectionParams`, names in lower case: those of its member `headers`, and in the
 * older style the strings at its top. Throws the AuthError `bad-connection-params`, which names the wrong member, if
 * `headers` is not an object of strings, if a credential has another type or is one that only the handshake can have, if
 * two names are equal in lower case, or if there is more than the bounds allow.
 */
export function clientHeaders(
  connectionParams: unknown,
  holdsCredential: HandshakeRules['holdsCredential'] = () => false,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (connectionParams === undefined || connectionParams === null) return found;
  if (!isRecord(connectionParams))
    throw refuse(`expected an object, got ${kindOf(connectionParams)}`);
  countMembers(connectionParams, { members: mostMembers, bytes: mostBytes });
  const isCredential = (name: string): boolean =>
    alwaysCredential.test(name) || holdsCredential(name);
  for (const [path, anyCase, value] of headerMembers(connectionParams, isCredential)) {
    const name = anyCase.toLowerCase();
    if (control.test(value)) throw refuse(`${path} has a control character`);
    if (found.has(name)) throw refuse(`${path} has the same name as another header`);
    // Without its credential, the client would become anonymous.
    if (ofHandshake.test(name) && isCredential(name))
      throw refuse(`${path} is read from the headers of the handshake only`);
    found.set(name, value);
  }
  for (const name of found.keys()) if (ofHandshake.test(name)) found.delete(name);
  return found;
}

/**
 * Whether the handshake's cookies may be used. Browsers send them whichever page opens the socket (RFC 6455, section
 * 10.2), so the page must be of an allowed origin. A handshake without an `Origin` does not say which page opened it.
 */
function mayReadCookies(handshake: RequestView, allowsOrigin: OriginCheck): boolean {
  const origin = handshake.header('origin');
  // An async function returns a promise, which is truthy, so only `true` allows the origin.
  return origin !== undefined && allowsOrigin(origin) === true;
}

/**
 * Whether a header that a page cannot set may be used, such as a token: a proxy may have made it of a cookie. A client that
 * is no browser sends no `Origin`, or that of the address it calls; so does a page of that address.
 */
function mayReadToken(handshake: RequestView, allowsOrigin: OriginCheck): boolean {
  const origin = handshake.header('origin');
  if (origin === undefined || allowsOrigin(origin) === true) return true;
  const host = handshake.header('host')?.toLowerCase();
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Whether the handshake's `Authorization` may be used. A browser sends stored credentials (Basic, Negotiate) whichever
 * page opened the socket. A client that is no browser sends no `Origin`.
 */
function mayReadAuthorization(
  authorization: string,
  handshake: RequestView,
  { allowsOrigin, acceptsAnyScheme }: HandshakeRules,
): boolean {
  if (bearer.test(authorization)) return mayReadToken(handshake, allowsOrigin);
  const origin = handshake.header('origin');
  return !acceptsAnyScheme || origin === undefined || allowsOrigin(origin) === true;
}

/** Whether a header of the handshake may be used, whichever page opened the socket. */
function mayRead(
  [name, value]: readonly [string, string],
  handshake: RequestView,
  rules: HandshakeRules,
): boolean {
  if (name === 'cookie') return mayReadCookies(handshake, rules.allowsOrigin);
  if (name === 'authorization') return mayReadAuthorization(value, handshake, rules);
  if (!rules.holdsCredential(name) || ofNoUser.test(name)) return true;
  return mayReadToken(handshake, rules.allowsOrigin);
}

/**
 * A connection as a request: the client's headers from its parameters first, then the handshake's. A cookie in the
 * parameters is read from any origin: no browser puts it there by itself. Throws the AuthError `bad-connection-params`.
 */
export function connectionView(
  { connectionParams, ...handshakeOrNone }: ConnectionRequest,
  rules: HandshakeRules,
): RequestView {
  const handshake = anyRequest({ headers: {}, ...handshakeOrNone });
  const merged = emptyHeaders();
  for (const header of handshake.headers())
    if (mayRead(header, handshake, rules)) merged[header[0]] = encodedHeader(header[1]);
  for (const [name, value] of clientHeaders(connectionParams, rules.holdsCredential))
    merged[name] = encodedHeader(value);
  return anyRequest({ headers: merged });
}
