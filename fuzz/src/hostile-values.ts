import fc, { type Arbitrary } from 'fast-check';

/** The admin secret of the apps under test. */
export const adminSecret = 'the right admin secret';

/** A text as HTTP carries it: each character is one byte. */
const bytes = (maxLength: number): Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((list) => Buffer.from(list).toString('latin1'));

/** JSON of any form, deep, wide and with the names that objects inherit. */
export const anyJson: Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1e308, '', 'x', '\u2028', '\ud800', '\u0000'),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom('id', 'type', 'payload', 'toString', '__proto__', 'constructor', 'headers'),
        fc.constantFrom(
          'authorization',
          'x-hasura-role',
          'x-hasura-admin-secret',
          'then',
          'length',
        ),
        fc.string({ maxLength: 6 }),
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** Lists in lists, as deep as a parser reads them. */
export const deepJson: Arbitrary<string> = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 1, max: 20_000 }))
  .map(([open, depth]) => open.repeat(depth) + '1' + (open === '[' ? ']' : '}').repeat(depth));

const tokenLike: Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '.', '..', '...', 'a.b.c', 'e30.e30.', 'eyJhbGciOiJub25lIn0.e30.'),
  bytes(60),
  fc.string({ unit: fc.constantFrom(...'eyJhbGciOi.-_=+/'), maxLength: 80 }),
  fc.integer({ min: 16_000, max: 17_000 }).map((length) => 'e'.repeat(length)),
);

/** What a header may hold. */
export function headerValue(tokens: readonly string[]): Arbitrary<string> {
  const token = fc.oneof(tokenLike, fc.constantFrom(...tokens));
  const blank = fc.constantFrom('', ' ', '\t', '  ', '\u00a0', '\u000b');
  return fc.oneof(
    bytes(40),
    token,
    fc
      .tuple(fc.constantFrom('Bearer', 'bearer', 'Basic', 'BEARER', ''), blank, token, blank)
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('session', 'a', '__proto__'), fc.constantFrom('=', '="', ''), token)
      .map((parts) => parts.join('')),
    fc.constantFrom(
      adminSecret,
      `${adminSecret} `,
      'wrong',
      'user',
      'admin',
      'true',
      'maybe',
      '',
      'null',
      '0',
      '1e9',
    ),
    fc.constantFrom('é', 'caf\u00c3\u00a9', '\u00ff\u00fe', ','.repeat(200)),
  );
}

/** Header names that mean something somewhere, and others. */
export const headerName: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      'Authorization',
      'authorization',
      'AUTHORIZATION',
      'Cookie',
      'X-Token',
      'Origin',
      'Content-Type',
    ],
    ...[
      'X-Hasura-Admin-Secret',
      'x-hasura-access-key',
      'X-Hasura-Role',
      'x-hasura-user-id',
      'X-HASURA-ROLE',
    ],
    ...[
      'X-Hasura-Use-Backend-Only-Permissions',
      'x-hasura-',
      'X-Hasura-Allowed-Roles',
      'Connection',
      'Expect',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'Host',
      'Accept-Encoding',
      'Upgrade',
      'TE',
      'Trailer',
    ],
  ),
  fc.string({ unit: fc.constantFrom(...'abcXYZ-_09'), minLength: 1, maxLength: 12 }),
);
