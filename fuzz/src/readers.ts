import fc, { type Arbitrary } from 'fast-check';
import {
  createAuthenticator,
  isAuthError,
  optionsFromEnv,
  ConfigError,
  type AuthOptions,
} from '@hasura-auth/core';
import { hmacKey, hmacToken } from '@hasura-auth/testkit';
import { adminSecret, anyJson, deepJson } from './hostile-values.js';
import type { Part } from './part.js';

const silent = { warn: (): undefined => undefined, error: (): undefined => undefined };

/** What another server may answer with. */
interface HostileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonText: Arbitrary<string> = fc.oneof(
  anyJson.map((json) => JSON.stringify(json) ?? ''),
  deepJson,
  fc.string(),
);

const keyMembers = fc.oneof(
  fc.constantFrom('AQAB', '', 'A'.repeat(400), 'A'.repeat(60_000), '+/=='),
  fc.base64String({ maxLength: 90 }),
  anyJson,
);
const jwk = fc.record(
  {
    kty: fc.oneof(fc.constantFrom('RSA', 'EC', 'OKP', 'oct', 'toString'), anyJson),
    kid: fc.oneof(fc.constantFrom('a', 'b', '__proto__'), anyJson),
    alg: fc.oneof(fc.constantFrom('RS256', 'ES256', 'ES512', 'EdDSA', 'HS256', 'none'), anyJson),
    crv: fc.oneof(fc.constantFrom('P-256', 'P-521', 'Ed25519', 'X25519'), anyJson),
    use: fc.oneof(fc.constantFrom('sig', 'enc'), anyJson),
    key_ops: fc.oneof(fc.constantFrom(['verify'], ['sign'], []), anyJson),
    n: keyMembers,
    e: keyMembers,
    x: keyMembers,
    y: keyMembers,
  },
  { requiredKeys: [] },
);
const keySetText = fc.oneof(
  fc
    .record({ keys: fc.array(fc.oneof(jwk, anyJson), { maxLength: 12 }) })
    .map((set) => JSON.stringify(set)),
  fc
    .dictionary(
      fc.string({ maxLength: 5 }),
      fc.constantFrom('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'x'),
    )
    .map((map) => JSON.stringify(map)),
  jsonText,
);
const hookText = fc.oneof(
  fc
    .dictionary(
      fc.oneof(
        fc.constantFrom(
          'X-Hasura-Role',
          'x-hasura-role',
          'x-hasura-a',
          'X-HASURA-A',
          'Cache-Control',
          'Expires',
          'expires',
        ),
        fc.string(),
      ),
      fc.oneof(
        fc.constantFrom('user', '', 'max-age=5', 'Thu, 01 Jan 2099 00:00:00 GMT', '__proto__'),
        fc.string(),
        anyJson,
      ),
    )
    .map((answer) => JSON.stringify(answer)),
  jsonText,
);
const cacheHeader = fc.oneof(
  fc.constantFrom(
    'max-age=',
    'max-age=-1',
    'max-age=99999999999999999999',
    's-maxage="5',
    'no-cache, max-age=a',
    ',,,=',
    'max-age=1;',
  ),
  fc.string({ unit: fc.constantFrom(...'max-age=s0129 ,;"\\ntore'), maxLength: 200 }),
);

function answers(text: Arbitrary<string>): Arbitrary<HostileAnswer> {
  return fc.record({
    status: fc.constantFrom(200, 200, 200, 200, 201, 204, 301, 401, 403, 500, 599),
    headers: fc.record(
      {
        'cache-control': cacheHeader,
        expires: fc.oneof(
          fc.constantFrom('0', '-1', 'Thu, 01 Jan 1970 00:00:00 GMT', 'never'),
          fc.string({ unit: 'grapheme-ascii' }),
        ),
        'set-cookie': fc.constantFrom('a=b', 'a=b; Path=/', ''),
        'content-length': fc.constantFrom('0', '99999999999', 'x', '-1'),
      },
      { requiredKeys: [] },
    ),
    body: fc.oneof(
      text.map(utf8),
      text.map((one) => utf8(`\ufeff${one}`)),
      fc.uint8Array({ maxLength: 60 }),
    ),
  });
}

const respond = ({ status, headers, body }: HostileAnswer): Response =>
  new Response(status === 204 ? null : (body as BodyInit), { status, headers });

/** Authenticates, and accepts a session or an AuthError: anything else is a finding. */
async function outcome(
  options: AuthOptions,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<void> {
  const authenticator = createAuthenticator({ logger: silent, ...options });
  try {
    const session = await authenticator.authenticate({ headers, body });
    if (typeof session.role !== 'string' || session.role === '')
      throw new Error('a session without a role');
    if (!Object.isFrozen(session.sessionVariables))
      throw new Error('session variables that can be changed');
  } catch (error) {
    if (!isAuthError(error)) throw error;
  } finally {
    await authenticator.close();
  }
}

/** Options of any form: a ConfigError or an authenticator. */
function configured(make: () => AuthOptions): void {
  try {
    createAuthenticator({ logger: silent, ...make() });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (/[\r\n]/.test(error.message))
      throw new Error('a ConfigError of several lines', { cause: error });
  }
}

const variables = [
  ...[
    'HASURA_GRAPHQL_ADMIN_SECRET',
    'HASURA_GRAPHQL_ACCESS_KEY',
    'HASURA_GRAPHQL_ADMIN_SECRETS',
    'HASURA_GRAPHQL_JWT_SECRET',
  ],
  ...[
    'HASURA_GRAPHQL_JWT_SECRETS',
    'HASURA_GRAPHQL_AUTH_HOOK',
    'HASURA_GRAPHQL_AUTH_HOOK_MODE',
    'HASURA_GRAPHQL_UNAUTHORIZED_ROLE',
  ],
  ...[
    'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET',
    'HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY',
    'HASURA_GRAPHQL_JWT_SECERT',
  ],
];
const jwtMembers = fc.record(
  {
    type: fc.oneof(fc.constantFrom('HS256', 'RS256', 'Ed25519'), anyJson),
    key: fc.oneof(
      fc.constantFrom(
        hmacKey,
        '$KEY',
        '-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----',
      ),
      anyJson,
    ),
    jwk_url: fc.oneof(fc.constantFrom('http://127.0.0.1:1/', 'javascript:1', 'http://'), anyJson),
    claims_map: fc.oneof(
      fc.dictionary(
        fc.constantFrom(
          'x-hasura-allowed-roles',
          'x-hasura-default-role',
          'X-Hasura-A',
          '__proto__',
        ),
        anyJson,
      ),
      anyJson,
    ),
    claims_namespace_path: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'$.["\'\\a0]') }),
      anyJson,
    ),
    header: anyJson,
    audience: anyJson,
    allowed_skew: anyJson,
    extra_required_claims: anyJson,
  },
  { requiredKeys: [] },
);
const variableValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(adminSecret, '', 'true', 'POST', 'http://127.0.0.1:1/', '${SECRET}'),
  jwtMembers.map((members) => JSON.stringify(members)),
  jwtMembers.map((members) => JSON.stringify([members, members])),
  fc.string(),
  anyJson,
);

/** One reader with its input, which a report shows. */
interface Reading {
  readonly reader: string;
  readonly input: unknown;
  readonly read: () => Promise<void> | void;
}

/** Inputs for one reader. */
function reading<T>(
  reader: string,
  inputs: Arbitrary<T>,
  read: (input: T) => Promise<void> | void,
): Arbitrary<Reading> {
  return inputs.map((input) => ({ reader, input, read: () => read(input) }));
}

/** Feeds everything that reads what another machine, an operator or a token wrote. */
export const readersPart: Part = {
  name: 'readers',
  async start() {
    const token = await hmacToken(['user'], { iss: 'x' });
    const jwtSecret = { type: 'HS256', key: hmacKey } as const;
    const bearer = (given: string): Record<string, string> => ({
      authorization: `Bearer ${given}`,
    });
    const url = 'http://127.0.0.1:1/';
    const readings = fc.oneof(
      reading('key set', answers(keySetText), (answer) =>
        outcome(
          { adminSecret, jwtSecret: { jwk_url: url }, fetch: async () => respond(answer) },
          bearer(token),
        ),
      ),
      reading(
        'hook',
        fc.tuple(answers(hookText), fc.constantFrom<('GET' | 'POST')[]>('GET', 'POST'), anyJson),
        ([answer, mode, body]) =>
          outcome(
            { adminSecret, authHook: { url, mode }, fetch: async () => respond(answer) },
            { 'x-a': 'b' },
            body,
          ),
      ),
      reading(
        'cookie',
        fc.string({ unit: fc.constantFrom(...'session=";, \\a.%'), maxLength: 60 }),
        (cookie) =>
          outcome(
            {
              adminSecret,
              jwtSecret: { ...jwtSecret, header: { type: 'Cookie', name: 'session' } },
            },
            { cookie },
          ),
      ),
      reading(
        'JSON path',
        fc.string({ unit: fc.constantFrom(...'$.["\'\\abu0041]-_'), maxLength: 30 }),
        (claims_namespace_path) => {
          configured(() => ({ adminSecret, jwtSecret: { ...jwtSecret, claims_namespace_path } }));
        },
      ),
      reading('environment', fc.dictionary(fc.constantFrom(...variables), variableValue), (env) => {
        configured(() => optionsFromEnv(env)); // a validated environment holds other types too
      }),
      reading('claims', fc.dictionary(fc.string({ maxLength: 8 }), anyJson), async (claims) =>
        outcome({ adminSecret, jwtSecret }, bearer(await hmacToken(['user'], claims))),
      ),
    );
    return {
      property: fc.asyncProperty(readings, async ({ read }) => {
        await read();
      }),
      finish: () => Promise.resolve(),
    };
  },
};
