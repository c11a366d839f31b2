import type { AuthRequest, TokenHeader } from '@hasura-auth/core';
import { readCurl } from './curl.js';
import { HeaderList, readHeaderLines } from './header-lines.js';
import { boundedText, InputError } from './input-error.js';

const what = 'a token, header lines, or a curl command';

const curlCommand = /^(?:\$\s+)?curl(?:\.exe)?\s/;
/** The characters of a Bearer token (RFC 6750, section 2.1): a token, also an opaque or a damaged one. */
const oneWord = /^[\w\-.~+/=]+$/;
/** A token that a terminal or a mail has broken into lines. */
const brokenToken = /^ey[\w\s-]*\.[\w\s-]+\.[\w\s-]*$/;

function parsedBody(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a form or another kind of body, which is not read
  }
}

/** Headers by name, and as they are spelt: a webhook in POST mode is sent the latter. */
function bothForms(headers: HeaderList): AuthRequest {
  return { headers: headers.toRecord(), rawHeaders: headers.raw };
}

/** Headers as the panels of GraphiQL, Apollo Sandbox and Hasura's console write them: a JSON object of strings. */
function headersFromJson(text: string): HeaderList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(
      'the text begins with a brace and is not JSON; expected headers such as {"Authorization": "Bearer …"}',
    );
  }
  const headers = new HeaderList();
  for (const [name, member] of Object.entries(value as object)) {
    if (typeof member !== 'string')
      throw new InputError('expected a JSON object whose values are the texts of headers');
    headers.add(name, member);
  }
  return headers;
}

function fromCurl(text: string): AuthRequest {
  const { headers, method, url, body } = readCurl(text);
  const parsed = parsedBody(body);
  return {
    headers: headers.toRecord(),
    method,
    url,
    ...(parsed !== undefined && { body: parsed }),
  };
}

/** A token of its own, as a client would send it. */
function withToken(token: string, location: TokenHeader): AuthRequest {
  const headers = new HeaderList();
  if (location.type === 'Cookie') headers.add('cookie', `${location.name}=${token}`);
  else if (location.type === 'CustomHeader') headers.add(location.name, token);
  else headers.add('authorization', `Bearer ${token}`);
  return bothForms(headers);
}

/**
 * The request that a pasted text stands for: a bare token, which is put where the configuration reads it; lines of headers,
 * or a JSON object of them; or a curl command, as browsers copy it for bash. Throws an InputError whose sentence says what
 * was expected, whatever the text is. Nothing is sent, and no file is read. At most 1 MiB.
 *
 * @example
 * const request = readRequest("curl https://api.example.com/v1/graphql -H 'Authorization: Bearer eyJ…'");
 * const session = await authenticator.authenticate(request);
 */
export function readRequest(
  text: string,
  location: TokenHeader = { type: 'Authorization' },
): AuthRequest {
  const input = boundedText(text, what);
  if (curlCommand.test(input)) return fromCurl(input);
  if (input.startsWith('{')) return bothForms(headersFromJson(input));
  if (oneWord.test(input)) return withToken(input, location);
  if (brokenToken.test(input)) return withToken(input.replaceAll(/\s/g, ''), location);
  const bearer = /^Bearer\s+(\S+)$/i.exec(input)?.[1];
  if (bearer !== undefined) return withToken(bearer, location);
  const { headers, method, url } = readHeaderLines(input);
  return {
    ...bothForms(headers),
    ...(method !== undefined && { method }),
    ...(url !== undefined && { url }),
  };
}
