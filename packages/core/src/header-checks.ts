import { isRecord } from './json.js';
import { fieldName, fieldValue, isPlain } from './request-headers.js';

/** What a header's value may be: a list is a header several times. */
export type HeaderValue = string | number | readonly (string | number)[];

/**
 * Those that the server itself sets: they belong to the connection, or say where the body ends (RFC 9110, sections 6.4 to
 * 7.8; RFC 9113, section 8.2.2). Node throws for some, over HTTP/2 for more, and sends an unreadable response for others.
 */
const ofTheServer: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Those that have one value. Node throws for a list of them over HTTP/2. */
const ofOneValue: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-encoding',
  'content-language',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'user-agent',
  'x-content-type-options',
]);

/** Whether something is a header's value at all. */
function isHeaderValue(value: unknown): value is HeaderValue {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every((one) => typeof one === 'string' || typeof one === 'number');
}

/** Why a response cannot have a header that an app gives; undefined if it can. */
export function headerProblem(name: string, value: HeaderValue): string | undefined {
  const allowed =
    fieldName.test(name) && [value].flat().every((one) => fieldValue.test(String(one)));
  if (!allowed) return 'has a character that HTTP does not allow';
  const known = name.toLowerCase();
  if (ofTheServer.has(known)) return 'is set by the server itself';
  if (Array.isArray(value) && ofOneValue.has(known)) return 'has one value, and not a list';
  return undefined;
}

/**
 * Whether a framework can set what an app's error has as `headers`. A framework reads them again, inherited members too,
 * so that they are own values and nothing that is computed.
 */
export function areSettable(headers: unknown): boolean {
  if (headers === undefined || headers === null) return true;
  if (!isRecord(headers) || !isPlain(headers)) return false;
  for (const name in headers) {
    const value: unknown = Object.getOwnPropertyDescriptor(headers, name)?.value;
    if (!isHeaderValue(value) || headerProblem(name, value) !== undefined) return false;
  }
  return true;
}

/**
 * The values of a header that is there, and more of them, in a list of its own: the list that is there may be a constant
 * of the app, and must not get what belongs to one client.
 *
 * @example
 * response.setHeader(name, withValues(response.getHeader(name), value));
 */
export function withValues(
  present: HeaderValue | undefined,
  more: string | readonly string[],
): string[] {
  return [present ?? [], more].flat().map(String);
}
