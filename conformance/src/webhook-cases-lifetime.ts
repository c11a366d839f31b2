import {
  accepted,
  invalidResponse,
  unauthorized,
  type WebhookCase,
  webhookNow,
} from './webhook-case.js';

const user = { 'x-hasura-role': 'user' };
const eight = webhookNow;

const unreadableExpiry = (member: string): string[] => [`its member ${member} cannot be read`];

const expiries: readonly [
  body: Record<string, string>,
  expiresAt: number | null,
  log?: string[],
][] = [
  [{}, null],
  [{ 'Cache-Control': 'max-age=600' }, eight + 600_000],
  [{ 'cache-control': 'private, MAX-AGE="600", must-revalidate' }, eight + 600_000],
  [{ 'Cache-Control': 's-maxage=30' }, eight + 30_000],
  [{ 'Cache-Control': 'max-age=600, s-maxage=30' }, eight + 600_000],
  [{ 'Cache-Control': 's-maxage=30, max-age=600' }, eight + 30_000],
  [{ 'Cache-Control': 'max-age=0' }, eight],
  [{ 'Cache-Control': 'max-age=99999999999999' }, null],
  [{ 'Cache-Control': 'no-store' }, null],
  [{ 'Cache-Control': 'max-age=soon' }, null, unreadableExpiry('Cache-Control')],
  [{ 'Cache-Control': 'max-age=-1' }, null, unreadableExpiry('Cache-Control')],
  [{ Expires: 'Sun, 22 Nov 2026 08:10:00 GMT' }, eight + 600_000],
  [{ expires: 'Sun, 22 Nov 2026 07:50:00 GMT' }, eight - 600_000],
  [{ Expires: '0' }, null, unreadableExpiry('Expires')],
  [{ Expires: '2026-11-22T08:10:00Z' }, null, unreadableExpiry('Expires')],
  [{ Expires: 'Sun, 99 Nov 2026 08:10:00 GMT' }, null, unreadableExpiry('Expires')],
  [{ 'Cache-Control': 'max-age=60', Expires: 'Sun, 22 Nov 2026 08:10:00 GMT' }, eight + 60_000],
  [
    { 'Cache-Control': 'soon', Expires: 'Sun, 22 Nov 2026 08:10:00 GMT' },
    eight + 600_000,
    unreadableExpiry('Cache-Control'),
  ],
];

const cookies: readonly (readonly string[])[] = [
  ['id=1; Secure; Path=/; Domain=example.com'],
  [
    'id=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/',
    'id=2; Expires=Thu, 22 Oct 2026 07:28:00 GMT; Path=/a',
    'theme=dark; HttpOnly',
  ],
];

/** What a response has beside the session variables: the end of the session, and cookies. */
export const lifetimeCases: readonly WebhookCase[] = [
  ...expiries.map(([body, expiresAt, log = []]) => ({
    name: `the session ends by ${JSON.stringify(body)}`,
    answer: { body: { ...user, ...body } },
    expect: { status: 200, variables: user, expiresAt, log },
  })),
  ...cookies.map((set) => ({
    name: `${String(set.length)} cookies are passed on, each by itself`,
    answer: { body: user, headers: { 'set-cookie': set } },
    expect: { ...accepted, cookies: set },
  })),
  ...cookies.map((set) => ({
    name: `${String(set.length)} cookies of a 401 are passed on, each by itself`,
    answer: { status: 401, headers: { 'set-cookie': set } },
    expect: { ...unauthorized, cookies: set },
  })),
  {
    name: 'no cookie of a failure is passed on',
    answer: { status: 403, headers: { 'set-cookie': 'id=1' } },
    expect: invalidResponse('403'),
  },
];
