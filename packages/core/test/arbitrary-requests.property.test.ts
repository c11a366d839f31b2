import fc from 'fast-check';
import { uncheckedSignature } from '@hasura-auth/testkit';

import { createAuthenticator } from '../src/authenticator.js';
import { isAuthError } from '../src/errors.js';
import type { HeaderRecord } from '../src/request-headers.js';
import type { Session } from '../src/session.js';
import { goodClaims, goodToken, part, spki } from './tokens.js';

/**
 * Any request at all: what comes out is a session or an AuthError that is the client's fault (never a 500), and nothing
 * else; and it is explained. The token is looked for in all three places, and read by each kind of claims source.
 */
const key = { type: 'ES256', key: spki('p256') } as const;
const roles = { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user' } as const;
const cookie = { type: 'Cookie', name: 'jwt' } as const;
const header = { type: 'CustomHeader', name: 'x-token' } as const;
const authenticators = [
  createAuthenticator({ adminSecret: 'secret', jwtSecret: key }),
  createAuthenticator({ adminSecret: 'secret', jwtSecret: { ...key, header: cookie } }),
  createAuthenticator({ adminSecret: 'secret', unauthorizedRole: 'anonymous', jwtSecret: key }),
  createAuthenticator({
    adminSecret: 'secret',
    precedence: 'admin-secret',
    jwtSecrets: [
      { ...key, issuer: 'a', audience: 'a', allowed_skew: 5 },
      { ...key, claims_namespace_path: '$.a["b"][0]', header },
      { ...key, claims_map: { ...roles, 'x-hasura-id': { path: '$.sub' } }, header: cookie },
    ],
  }),
  createAuthenticator({
    adminSecret: 'secret',
    jwtSecrets: [
      { ...key, claims_format: 'stringified_json', claims_namespace: 'a' },
      { ...key, claims_namespace_path: '$', claims_format: 'stringified_json', header },
    ],
  }),
  createAuthenticator({ adminSecret: 'secret' }),
  createAuthenticator({ unsecured: true }),
];

async function answered(headers: HeaderRecord): Promise<void> {
  for (const authenticator of authenticators) {
    const outcome = await authenticator.authenticate({ headers }).catch((error: unknown) => error);
    const { refusal, session, cause } = await authenticator.explain({ headers });
    expect(cause).toMatch(/^[A-Z].*\.$/s);
    if (isAuthError(outcome)) {
      expect(outcome.status).toBeLessThan(500);
      expect([refusal?.kind, session]).toEqual([outcome.kind, undefined]);
    } else {
      expect(outcome).toMatchObject({ role: expect.any(String), backendOnly: expect.any(Boolean) });
      expect([refusal, session?.method]).toEqual([undefined, (outcome as Session).method]);
    }
  }
}

// ── What comes ─────────────────────────────────────────────────────────────────────────────────────

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const bytes = fc.uint8Array({ maxLength: 80 });
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(goodClaims, { ...goodClaims, exp: 1 }, { a: '{' }, { a: { b: [roles] } }),
);
/** A part of a token: any text, any bytes, any JSON. */
const tokenPart = fc.oneof(
  text,
  bytes.map((content) => part(content)),
  json.map((content) => part(content)),
  fc.constantFrom('', 'e30', 'bnVsbA', 'W10'),
);
const tokenHeader = fc.oneof(
  tokenPart,
  fc
    .record(
      {
        alg: fc.oneof(fc.constantFrom('ES256', 'HS256', 'none'), json),
        kid: json,
        crit: json,
        b64: json,
      },
      { requiredKeys: ['alg'] },
    )
    .map((content) => part(content)),
);
/** Any text for a token, and tokens with a right signature over whatever stands in them. */
const token = fc.oneof(
  text,
  fc.array(tokenPart, { maxLength: 6 }).map((parts) => parts.join('.')),
  fc.tuple(tokenHeader, tokenPart, tokenPart).map((parts) => parts.join('.')),
  fc.tuple(fc.constant(part({ alg: 'ES256' })), tokenPart).map((parts) => {
    const input = parts.join('.');
    return `${input}.${uncheckedSignature('ES256', 'p256', input).toString('base64url')}`;
  }),
);
const authorization = fc.oneof(
  text,
  fc
    .tuple(
      fc.constantFrom('Bearer ', 'bearer\t', 'BEARER  ', 'Basic ', 'Bearer', ' Bearer '),
      token,
    )
    .map((parts) => parts.join('')),
);
const cookiePieces = fc.oneof(
  text,
  token.map((value) => `jwt=${value}`),
  fc.constantFrom('jwt', '=', ';', 'jwt=', ' ; ', '"', '%', '__proto__=1', 'jwt="', ','),
);
const cookies = fc.array(cookiePieces, { maxLength: 8 }).map((pieces) => pieces.join(';'));
const anyValue = fc.oneof(text, fc.constantFrom('', ' ', 'admin', 'true', 'secret', '__proto__'));
const request: fc.Arbitrary<HeaderRecord> = fc
  .record(
    {
      authorization,
      cookie: cookies,
      'x-token': token,
      'x-hasura-admin-secret': anyValue,
      'x-hasura-access-key': anyValue,
      'x-hasura-role': anyValue,
      'x-hasura-use-backend-only-permissions': anyValue,
    },
    { requiredKeys: [] },
  )
  .map((headers) => ({ ...headers }));

describe('a request with anything in it', () => {
  it('gets a session or a refusal', async () => {
    await fc.assert(fc.asyncProperty(request, answered), { numRuns: 400 });
  }, 30_000);

  it('gets one also where its headers are no texts, and named anyhow', async () => {
    const names = fc.oneof(
      text,
      fc.constantFrom(
        'authorization',
        'Authorization',
        'cookie',
        'x-hasura-role',
        '__proto__',
        'get',
      ),
    );
    const value = fc.oneof(text, fc.anything());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, value), (headers) => answered(headers as HeaderRecord)),
      { numRuns: 300 },
    );
  }, 30_000);

  it('gets one also if its headers are no headers, or a TypeError that says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true }), async (given) => {
        const headers = given as HeaderRecord; // as JavaScript may pass it
        const unreadable = await Promise.all(
          authenticators.map(({ authenticate }) =>
            authenticate({ headers }).then(
              () => false,
              (error: unknown) =>
                error instanceof TypeError && error.message.startsWith('request.headers'),
            ),
          ),
        );
        if (unreadable.every(Boolean)) return;
        await answered(headers);
      }),
      { numRuns: 100 },
    );
  });
});

/**
 * That the work grows linearly with the input is not timed, as a clock would be wrong on a busy machine. A token is
 * refused unread beyond 16 KiB, so that only headers and cookies can be long, where the server lets them. Of those, each
 * step of the reader goes over the text once: `trim`, `split`, one pattern that is anchored at its beginning, one search
 * for each cookie in its own piece. What is shown here is that the inputs on which a second pass within a pass would show
 * (a pattern that tries every beginning, a cookie reader that goes back to the last separator) are answered at a million
 * characters each: squared, each would take hours, and this run would not end.
 */
describe('a million characters', () => {
  const size = 1_000_000;
  const many = (piece: string): string => piece.repeat(size / piece.length);
  it.each<[string, HeaderRecord]>([
    ['blanks before the scheme', { authorization: `${many(' ')}Bearer a.b.c` }],
    ['blanks behind the scheme', { authorization: `Bearer${many(' ')}` }],
    ['blanks behind the scheme, and two words', { authorization: `Bearer${many(' ')}a b` }],
    ['tabs behind the scheme, and a word', { authorization: `bearer${many('\t')}a` }],
    ['schemes', { authorization: many('Bearer ') }],
    ['words', { authorization: `Bearer ${many('a ')}` }],
    ['one word', { authorization: many('a') }],
    ['dots for a token', { authorization: `Bearer ${many('.')}` }],
    ['a token', { authorization: `Bearer ${many('a')}`, 'x-token': many('a.') }],
    ['separators for cookies', { cookie: many(';') }],
    ['names without a value', { cookie: many('jwt;') }],
    ['names without a value, and a value', { cookie: `${many('jwt;')}=` }],
    ['names of the token', { cookie: many('jwt=;') }],
    ['values of the token', { cookie: many('jwt=a.b.c; ') }],
    ['equal signs', { cookie: `jwt${many('=')}` }],
    ['quotes', { cookie: `jwt="${many('"')}` }],
    ['percent signs', { cookie: `jwt=${many('%')}` }],
    ['blanks around a cookie', { cookie: `${many(' ')}jwt${many(' ')}=${many(' ')}` }],
    ['a role', { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': many('a') }],
    ['a secret', { 'x-hasura-admin-secret': many('a') }],
  ])('of %s are answered', async (_, headers) => {
    await answered(headers);
  });

  it('of role in a good request are refused like any other', async () => {
    const [authenticator] = authenticators;
    const rsa = createAuthenticator({
      adminSecret: 'secret',
      jwtSecret: { type: 'RS256', key: spki('rsa') },
    });
    const headers = { authorization: `Bearer ${await goodToken()}`, 'x-hasura-role': many('a') };
    await expect(rsa.authenticate({ headers })).rejects.toThrow('not in allowed roles');
    await expect(authenticator?.authenticate({ headers })).rejects.toThrow('Could not verify JWT');
  });

  it('of headers are read once', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [
        `X-Hasura-${String(at).padStart(40, '0')}`,
        'value',
      ]),
    );
    await answered({ ...headers, 'x-hasura-admin-secret': 'secret' });
  });
});
