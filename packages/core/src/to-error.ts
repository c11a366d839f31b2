import { types } from 'node:util';
import { areSettable } from './header-checks.js';

/** The members that the frameworks and their loggers read of an error, beside its enumerable ones. */
const membersRead = ['name', 'message', 'stack', 'status', 'statusCode', 'code', 'expose'] as const;
/** How many errors, each the cause of the one before it, may be logged. */
const longestChain = 20;

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * Whether a status is an error's, or is read as 500 by every framework. Koa would respond with 200 if an error says so,
 * such as one of an HTTP client about the body of a good response; Fastify throws for a status beyond the range.
 */
function isStatus(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const status = Number(value);
  return status === 0 || Number.isNaN(status) || (status >= 400 && status <= 599);
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
  if (!areSettable(headers)) return 'an Error with headers that HTTP does not allow was thrown';
  return undefined;
}

/**
 * An error that inherits from an app's and has members of its own, for a framework that would otherwise write them into
 * the app's error, which may be a constant. What a framework reads is read here, once, and from the app's error. The
 * members are not enumerable: loggers write those that are, and headers may hold a client's cookie.
 *
 * @example
 * respond(inheritingError(error, { headers: { 'Set-Cookie': cookies } }));
 */
export function inheritingError(error: Error, own: object): Error {
  const read: Record<string, unknown> = {};
  for (const name of membersRead)
    if (name in error) read[name] = (error as Partial<Record<typeof name, unknown>>)[name];
  const members = Object.entries({ ...read, ...own }).map(([name, value]) => [
    name,
    { value, writable: true, configurable: true },
  ]);
  return Object.create(error, Object.fromEntries(members) as PropertyDescriptorMap) as Error; // as just made
}

/** The same error; if its headers are computed, one that has them as they are now. */
function settled(error: Error & Bringing): Error {
  const { headers } = error;
  if (headers === Object.getOwnPropertyDescriptor(error, 'headers')?.value) return error;
  return inheritingError(error, { headers: areSettable(headers) ? headers : undefined });
}

/**
 * What was thrown, as an Error to which every framework can respond. A framework that is given something falsy, or a word
 * of its own (`'route'`), would go on to the handler; an error that it cannot read, change or send the headers of would
 * end the process, leave the client without a response, or be answered with 200. Such an error becomes the `cause` of
 * another one, if it can be logged.
 *
 * @example
 * run().catch((thrown: unknown) => next(toError(thrown)));
 */
export function toError(thrown: unknown): Error {
  try {
    if (!types.isNativeError(thrown) && !(thrown instanceof Error))
      return new Error('something that is no Error was thrown', { cause: thrown });
    if (isReadable(thrown)) {
      const problem = problemOf(thrown);
      return problem === undefined ? settled(thrown) : new Error(problem, { cause: thrown });
    }
  } catch {
    // a getter that throws, or a proxy that cannot be asked: a log that shows the cause would fail, too
  }
  return new Error('something that cannot be read was thrown');
}
