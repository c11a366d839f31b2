import type { Response } from 'supertest';
import { expectedMessage } from './expectations.js';
import type { ExpectedError, ExpectedResponse, RequestRow } from './vectors.js';

type Style = 'http' | 'engine' | 'graphql' | 'metadata' | 'problem' | 'forward';

function styleOf({ config }: RequestRow): Style {
  const { errorResponse, compatibility } = config;
  if (errorResponse !== undefined) return errorResponse as Style; // rows hold no other
  return compatibility === 'engine' ? 'engine' : 'http';
}

function statusOf(style: Style, error: ExpectedError): number {
  if (style === 'graphql') return 200;
  return style === 'engine' || style === 'metadata' ? error.engineStatus : error.httpStatus;
}

function bodyOf(style: Style, error: ExpectedError): unknown {
  const message = expectedMessage(error);
  switch (style) {
    case 'forward':
      return expect.anything(); // the framework's own page
    case 'metadata':
      return { path: '$', error: message, code: error.code };
    case 'problem':
      return expect.objectContaining({ status: error.httpStatus, detail: message });
    case 'http':
    case 'engine':
    case 'graphql':
      return { errors: [{ extensions: { path: '$', code: error.code }, message }] };
  }
}

/** RFC 6750, section 3.1, as far as the row alone says it: undefined = either is right. */
function bearerError(row: RequestRow, error: ExpectedError): string | null | undefined {
  if (error.httpStatus === 403) return 'insufficient_scope';
  if (error.code === 'invalid-headers') return null;
  if (error.code !== 'access-denied') return 'invalid_token';
  return row.request.tokens ? undefined : null;
}

/** RFC 6750, section 3, with the characters that it allows. */
const bearerChallenge =
  /^Bearer realm="hasura"(?:, error="(?<error>[a-z_]+)")?(?:, error_description="(?<description>[ !#-[\]-~]+)")?$/;

/** The engine's reason, as far as a client sees it: a claim's own value is in the message alone. */
function described(message = ''): string {
  return message
    .replace(/^Could not verify JWT: /, '')
    .replace(/, but found: [^]*$/, ', but found:')
    .replaceAll(/\\?"/g, "'")
    .replaceAll(/[^ !#-[\]-~]/g, '?');
}

function expectChallenge(row: RequestRow, error: ExpectedError, response: Response): void {
  const challenge: unknown = response.headers['www-authenticate'];
  const jwtMode = 'jwtSecret' in row.config || 'jwtSecrets' in row.config;
  if (error.httpStatus !== 401 && !(error.httpStatus === 403 && jwtMode)) {
    expect(challenge).toBeUndefined();
  } else if (!jwtMode) {
    expect(challenge).toBe('HasuraAdminSecret');
  } else {
    expect(challenge).toMatch(bearerChallenge);
    const said = bearerChallenge.exec(String(challenge))?.groups ?? {};
    const expected = bearerError(row, error);
    if (expected !== undefined) expect(said['error'] ?? null).toBe(expected);
    const { message } = (response.body as { errors: { message: string }[] }).errors[0] ?? {};
    if (said['error'] === 'invalid_token') expect(said['description']).toBe(described(message));
    else expect(said['description']).toBeUndefined();
  }
}

/** What a client receives of each refusal, by the style that the row's configuration asks for. */
export function expectRefusalResponse(
  row: RequestRow,
  error: ExpectedError,
  response: Response,
): void {
  const style = styleOf(row);
  expect({ status: response.status, body: response.body as unknown }).toEqual({
    status: statusOf(style, error),
    body: bodyOf(style, error),
  });
  if (style === 'problem') expect(response.type).toBe('application/problem+json');
  else if (style !== 'forward') expect(response.type).toBe('application/json');
  if (style === 'http') expectChallenge(row, error, response);
}

/** What a row says of the whole answer. */
export function expectWholeResponse(expected: ExpectedResponse, response: Response): void {
  if (expected.status !== undefined) expect(response.status).toBe(expected.status);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    expect({ [name]: response.headers[name] ?? null }).toEqual({
      [name]: value,
    });
  if (expected.body !== undefined) expect(response.body).toEqual(expected.body);
  if (expected.bodyIncludes !== undefined)
    expect(response.body).toMatchObject(expected.bodyIncludes);
}
