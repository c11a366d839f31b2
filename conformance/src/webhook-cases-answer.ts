import { invalidResponse, unauthorized, type WebhookCase, withoutRole } from './webhook-case.js';

const user = { 'x-hasura-role': 'user' };

const statuses: WebhookCase[] = [
  { name: '401 is 401', answer: { status: 401 }, expect: unauthorized },
  {
    name: '401 stays 401, whatever its body says',
    answer: { status: 401, body: { 'x-hasura-role': 'admin' } },
    expect: unauthorized,
  },
  ...[201, 204, 400, 403, 404, 429, 500, 503].map((status) => ({
    name: `${String(status)} has no meaning`,
    answer: { status, body: { 'x-hasura-role': 'marked' } },
    expect: invalidResponse(`${String(status)} (application/json): only 200 and 401`),
  })),
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `${String(status)} is not followed`,
    answer: { status, headers: { location: '/elsewhere' } },
    expect: invalidResponse(`${String(status)} (application/json)`),
  })),
];

const unreadable: readonly [name: string, body: unknown, log: string][] = [
  ['no JSON', '<html>marked</html>', 'no JSON'],
  ['nothing', '', 'an empty body'],
  ['half of a JSON text', '{"x-hasura-role":"marked"', 'no JSON'],
  ['null', 'null', 'of type Null'],
  ['a string', '"x-hasura-role: marked"', 'of type String'],
  ['a number', '1', 'of type Number'],
  ['a list', [user], 'of type Array'],
  ['a number for a value', { ...user, 'x-hasura-user-id': 1 }, 'is of type Number, not String'],
  ['null for a value', { ...user, 'x-hasura-user-id': null }, 'of type Null'],
  ['a list for a value', { ...user, 'x-hasura-ids': ['1'] }, 'of type Array'],
  ['true for a value', { ...user, 'x-hasura-paid': true }, 'of type Boolean'],
  ['a number for the role', { 'x-hasura-role': 7 }, 'of type Number'],
  ['a number for a member of no meaning', { ...user, id: 1 }, 'of type Number'],
  ['an object for __proto__', '{"x-hasura-role":"user","__proto__":{"a":"b"}}', 'of type Object'],
  ['a number for Cache-Control', { ...user, 'Cache-Control': 60 }, 'of type Number'],
  ['one name in two spellings', { ...user, 'X-Hasura-Role': 'admin' }, 'in two spellings'],
  [
    'a long name of a member with a number',
    { [`x-hasura-${'a'.repeat(1000)}`]: 1 },
    `x-hasura-${'a'.repeat(51)}\\" is of type Number`,
  ],
  ['Expires in two spellings', { ...user, Expires: 'a', expires: 'b' }, 'in two spellings'],
];

const readable: readonly [name: string, body: unknown, variables: Record<string, string>][] = [
  ['a role alone', user, user],
  [
    'names in any case',
    { 'X-HASURA-Role': 'user', 'x-Hasura-User-Id': 'Ä1' },
    { ...user, 'x-hasura-user-id': 'Ä1' },
  ],
  [
    'a byte order mark before it',
    '\ufeff{"x-hasura-role":"user","x-hasura-user-id":"1"}',
    { ...user, 'x-hasura-user-id': '1' },
  ],
  ['empty values', { ...user, 'x-hasura-team': '' }, { ...user, 'x-hasura-team': '' }],
  ['members of no meaning are left out', { ...user, name: 'Ada', hasura: 'x' }, user],
  [
    '__proto__ is a member of no meaning',
    '{"x-hasura-role":"user","__proto__":"x-hasura-evil"}',
    user,
  ],
  ['constructor is one, too', { ...user, constructor: 'x', toString: 'y' }, user],
  [
    'an admin secret is never a session variable',
    { ...user, 'x-hasura-admin-secret': 'marked' },
    user,
  ],
];

const bodies: WebhookCase[] = [
  ...unreadable.map(([name, body, log]) => ({
    name: `an answer is refused: ${name}`,
    answer: { body },
    expect: invalidResponse(log),
  })),
  ...readable.map(([name, body, variables]) => ({
    name: `an answer is read: ${name}`,
    answer: { body },
    expect: { status: 200, variables },
  })),
  { name: 'no role', answer: { body: { 'x-hasura-user-id': 'marked' } }, expect: withoutRole },
  { name: 'an empty role', answer: { body: { 'x-hasura-role': '' } }, expect: withoutRole },
  { name: 'no members at all', answer: { body: {} }, expect: withoutRole },
  {
    name: 'the content type is not looked at',
    answer: { body: user, headers: { 'content-type': 'text/html; charset=marked' } },
    expect: { status: 200, variables: user },
  },
];

/** What the hook answers, in all its statuses and shapes. */
export const answerCases: readonly WebhookCase[] = [
  {
    name: 'user 1 by default',
    expect: { status: 200, variables: { ...user, 'x-hasura-user-id': '1' } },
  },
  ...statuses,
  ...bodies,
  {
    name: 'headers of the answer are neither session variables nor an end',
    answer: { body: user, headers: { 'x-hasura-role': 'admin', 'cache-control': 'max-age=5' } },
    expect: { status: 200, variables: user, expiresAt: null },
  },
];
