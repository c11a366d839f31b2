import { types } from 'node:util';
import { isRecord } from './json.js';
import { fieldName } from './request.js';

/** The members that the frameworks and their loggers read of an error, beside its enumerable ones. */
const membersRead = ['name', 'message', 'stack', 'status', 'statusCode', 'code', 'expose'] as const;
/** How many errors, each the cause of the one before it, may be logged. */
const longestChain = 20;
/** What a header's value must not hold (RFC 9110, section 5.5). */
const notInHeaders = /[^\t\x20-\x7e\x80-\xff]/;

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * Whether a status is an error's, or is read as 500 by every framework. Koa would respond with 200 if an error says so,
 * such as one of an HTTP client about the body of a good response; Fastify throws for a status beyond the range.
 */
function isStatus(value: unknown): boolean {
  const status = Number(value ?? 0);
  return status === 0 || Number.isNaN(status) || (status >= 400 && status <= 599);
}

function isHeaderValue(value: unknown): boolean {
  return typeof value === 'number' || (isText(value) && !notInHeaders.test(String(value)));
}

/**
 * The headers that an error brings. A framework sets them, and Node throws for those that HTTP does not allow. The
 * response has a length, so that it must not have a transfer coding.
 */
function areHeaders(headers: unknown): boolean {
  if (headers === undefined || headers === null) return true;
  if (!isRecord(headers)) return false;
  return Object.entries(headers).every(
    ([name, value]) =>
      fieldName.test(name) &&
      name.toLowerCase() !== 'transfer-encoding' &&
      [value].flat().every(isHeaderValue),
  );
}

/**
 * Reads all that a framework and its logger will read, its causes included. Throws what a getter throws; false if a text
 * is none, or if there are too many causes to log.
 */
function isReadable(error: object): boolean {
  let one: unknown = error;
  for (let length = 0; types.isNativeError(one) || one instanceof Error; length++) {
    if (length === longestChain || types.isProxy(one)) return false; // a proxy may answer otherwise the next time
    const read: Partial<Record<(typeof membersRead)[number], unknown>> = {};
    for (const name of membersRead) read[name] = (one as typeof read)[name];
    if (!isText(read.message) || !(read.stack === undefined || isText(read.stack))) return false;
    if (!isText(one.toString())) return false; // what a log shows of an error without a stack
    for (const name in one) void (one as unknown as Record<string, unknown>)[name];
    one = one.cause;
  }
  return true;
}

interface Bringing {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
}

/** Why a framework could not respond to an error; undefined if it can. Koa writes the status into the error. */
function problemOf(error: Error & Bringing): string | undefined {
  if (!Object.isExtensible(error)) return 'an Error that cannot be changed was thrown';
  const { status, statusCode, headers } = error;
  if (!isStatus(status) || !isStatus(statusCode))
    return 'an Error with a status that is no error was thrown';
  if (!areHeaders(headers)) return 'an Error with headers that HTTP does not allow was thrown';
  return undefined;
}

/**
 * What was thrown, as an Error to which every framework can respond. A framework that is given something falsy, or a word
 * of its own (`'route'`), would go on to the handler; an error that it cannot read, change or send the headers of would
 * end the process, leave the client without a response, or be answered with 200. Such an error becomes the `cause` of
 * another one, if it can be logged.
 */
export function toError(thrown: unknown): Error {
  try {
    if (!types.isNativeError(thrown) && !(thrown instanceof Error))
      return new Error('something that is no Error was thrown', { cause: thrown });
    if (isReadable(thrown)) {
      const problem = problemOf(thrown);
      return problem === undefined ? thrown : new Error(problem, { cause: thrown });
    }
  } catch {
    // a getter that throws, or a proxy that cannot be asked: a log that shows the cause would fail, too
  }
  return new Error('something that cannot be read was thrown');
}
