import { AuthError } from '../errors.js';
import { isRecord } from '../json.js';

/** As many as a browser's own requests have several times over; Node's server stops at 2000. */
const maxHeaders = 100;
/** Names and values together, in characters: room for the longest token that is read (16 KiB), and as much again. */
const maxLength = 32_768;
/** RFC 9110, section 5.6.2. */
const fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What would end a header and begin another one where it is forwarded. */
// eslint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0a-\x1f\x7f]/;
/** What only a handshake can say: a page cannot set these, and a proxy overwrites them. */
const ofHandshake = /^(?:host|origin|forwarded|via|x-real-ip|(?:sec|x-forwarded)-.*)$/;
/** What is a credential under any configuration, so that a wrong type must not read as "none". */
const alwaysMeant = /^(?:authorization|cookie|x-hasura-.*)$/;

function refuse(detail: string): AuthError {
  return new AuthError('bad-connection-params', { detail });
}

/** The members that are headers: all of `headers`, and of the object around it those that can be. */
function* candidates(params: Readonly<Record<string, unknown>>): Generator<[string, string]> {
  const { headers, ...others } = params;
  if (headers !== undefined && headers !== null) {
    if (!isRecord(headers)) throw refuse('headers must be an object of strings');
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value !== 'string') throw refuse('headers must be an object of strings');
      if (!fieldName.test(name)) throw refuse('headers has a name that is no header name');
      yield [name, value];
    }
  }
  for (const [name, value] of Object.entries(others)) {
    if (typeof value === 'string') {
      if (fieldName.test(name)) yield [name, value];
    } else if (value !== null && alwaysMeant.test(name.toLowerCase()))
      throw refuse('a header must be a string');
  }
}

/**
 * The raw headers that a client put into the first message of its connection, names in lower case: those of
 * `connectionParams.headers`, and in the older spelling the strings at the top of `connectionParams`. Nothing else of the
 * object is looked at, so that no ready-made session can come in. Throws the AuthError `bad-connection-params` where
 * `headers` is no object of strings, where two names are equal in lower case, and where there is too much of it.
 */
export function clientHeaders(connectionParams: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (connectionParams === undefined || connectionParams === null) return found;
  if (!isRecord(connectionParams)) throw refuse('an object is expected');
  let length = 0;
  for (const [anyCase, value] of candidates(connectionParams)) {
    const name = anyCase.toLowerCase();
    length += name.length + value.length;
    if (length > maxLength || found.size === maxHeaders) throw refuse('too many or too long');
    if (control.test(value)) throw refuse('a header has a control character');
    if (found.has(name)) throw refuse('two headers have the same name');
    found.set(name, value);
  }
  for (const name of found.keys()) if (ofHandshake.test(name)) found.delete(name);
  return found;
}
