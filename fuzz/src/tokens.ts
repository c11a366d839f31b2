import fc, { type Arbitrary } from 'fast-check';
import { createAuthenticator, isAuthError, type Authenticator } from '@hasura-auth/core';
import { mintToken, testKey, type Json } from '@hasura-auth/testkit';
import { createVerifier } from 'fast-jwt';
import { compactVerify, importSPKI, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { differences, type Judged, type Peer } from './differences.js';
import { anyJson } from './hostile-values.js';
import type { Part } from './part.js';

/** One algorithm with its key, as each library takes it. */
interface Signer {
  readonly alg: string;
  readonly key: string;
  readonly type: 'HS256' | 'RS256' | 'ES256' | 'ES384' | 'ES512' | 'Ed25519';
}

const signers: readonly Signer[] = [
  { alg: 'HS256', key: 'hs', type: 'HS256' },
  { alg: 'RS256', key: 'rsa', type: 'RS256' },
  { alg: 'PS256', key: 'rsa', type: 'RS256' },
  { alg: 'ES256', key: 'p256', type: 'ES256' },
  { alg: 'EdDSA', key: 'ed25519', type: 'Ed25519' },
];

type Verify = (token: string) => unknown;

function keyText({ key }: Signer): string {
  const { secret, spki } = testKey(key);
  const text = secret ?? spki;
  if (text === undefined) throw new Error(`${key} has neither a secret nor an SPKI`);
  return text;
}

async function peersOf(signer: Signer): Promise<Readonly<Partial<Record<Peer, Verify>>>> {
  const text = keyText(signer);
  const isSecret = signer.alg.startsWith('HS');
  const key = isSecret ? new TextEncoder().encode(text) : await importSPKI(text, signer.alg);
  const algorithms = [signer.alg];
  const fast = createVerifier({ key: text, algorithms: algorithms as ['HS256'], cache: false });
  return {
    jose: async (token) => {
      await compactVerify(token, key, { algorithms });
      await jwtVerify(token, key, { algorithms });
    },
    'fast-jwt': (token): unknown => fast(token),
    ...(signer.alg !== 'EdDSA' && {
      jsonwebtoken: (token: string) =>
        jsonwebtoken.verify(token, text, { algorithms: algorithms as ['HS256'] }),
    }),
  };
}

async function accepts(verify: Verify, token: string): Promise<boolean> {
  try {
    await verify(token);
    return true;
  } catch {
    return false;
  }
}

async function decided(authenticator: Authenticator, token: string): Promise<string | undefined> {
  try {
    await authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } });
    return undefined;
  } catch (error) {
    if (isAuthError(error)) return error.message;
    throw error;
  }
}

function objectOf(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined; // read by own names only
  } catch {
    return undefined;
  }
}

/** Ways to change a token after it was signed. */
const mutation: Arbitrary<(token: string) => string> = fc.oneof(
  fc.constant((token: string) => token),
  fc
    .tuple(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.constantFrom(...'AZaz09-_=+/. \t\u0000é'),
    )
    .map(([at, char]) => (token: string) => {
      const index = Math.floor(token.length * at);
      return token.slice(0, index) + char + token.slice(index + 1);
    }),
  fc
    .tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('=', '.', 'A', '==', '.AAAA'),
    )
    .map(([at, more]) => (token: string) => {
      const index = Math.floor(token.length * at);
      return token.slice(0, index) + more + token.slice(index);
    }),
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((at) => (token: string) => token.slice(0, Math.floor(token.length * at))),
  fc.constantFrom(
    (token: string) => `${token}=`,
    (token: string) => token.replaceAll('-', '+').replaceAll('_', '/'),
    (token: string) => token.split('.').reverse().join('.'),
  ),
);

const namespace = { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user' };
const moment = fc.constantFrom(0, 1, 4_000_000_000, 1e18, -1, 1.5);

/** Mutated tokens, which three other libraries judge as well. */
export const tokensPart: Part = {
  name: 'tokens',
  async start() {
    const contenders = await Promise.all(
      signers.map(async (signer) => ({
        signer,
        authenticator: createAuthenticator({
          adminSecret: false,
          jwtSecret: { type: signer.type, key: keyText(signer) },
          logger: { warn: () => undefined, error: () => undefined },
        }),
        peers: await peersOf(signer),
      })),
    );
    const claims = fc.record(
      {
        exp: fc.oneof(moment, anyJson),
        nbf: fc.oneof(moment, anyJson),
        iat: fc.oneof(moment, anyJson),
        iss: fc.oneof(fc.constantFrom('https://a.example', ':'), anyJson),
        sub: fc.oneof(fc.constantFrom('1', 'auth0|1', 'a:b'), anyJson),
        aud: fc.oneof(fc.constantFrom('a', ['a', 'b']), anyJson),
        jti: anyJson,
        deep: fc.constantFrom('x', JSON.parse('['.repeat(150) + ']'.repeat(150)) as unknown),
      },
      { requiredKeys: [] },
    );
    const header = fc.record(
      {
        typ: fc.oneof(fc.constantFrom('JWT', 'jwt', 'at+jwt'), anyJson),
        kid: fc.oneof(fc.constantFrom('a'), anyJson),
        crit: fc.constantFrom(['b64'], [], ['exp'], 'b64'),
        b64: fc.boolean(),
        jwk: fc.constantFrom({ kty: 'oct', k: 'AAAA' }),
        jku: fc.constantFrom('https://a.example'),
        x5c: fc.constantFrom(['AAAA']),
      },
      { requiredKeys: [] },
    );
    const recipe = fc.record({
      contender: fc.constantFrom(...contenders),
      claims,
      header,
      mutate: mutation,
    });
    return {
      property: fc.asyncProperty(
        recipe,
        async ({ contender, claims: given, header: more, mutate }) => {
          const { signer, authenticator, peers } = contender;
          const token = mutate(
            await mintToken({
              sign: {
                key: signer.key,
                alg: signer.alg,
                header: more as Record<string, Json>,
                unchecked: true,
              },
              claims: {
                ...(given as Record<string, Json>),
                'https://hasura.io/jwt/claims': namespace,
              },
            }),
          );
          const reason = await decided(authenticator, token);
          const [head, body] = token.split('.');
          for (const [peer, verify] of Object.entries(peers) as [Peer, Verify][]) {
            if ((await accepts(verify, token)) === (reason === undefined)) continue;
            const judged: Judged = {
              peer,
              token,
              accepted: reason === undefined,
              reason,
              header: objectOf(head),
              payload: objectOf(body),
            };
            if (
              differences.some(
                ({ peers: named, applies }) => named.includes(peer) && applies(judged),
              )
            )
              continue;
            throw new Error(
              `${peer} ${judged.accepted ? 'rejects' : 'accepts'} what we ${judged.accepted ? 'accept' : `reject (${String(reason)})`}: ${token}`,
            );
          }
        },
      ),
      finish: () =>
        Promise.all(contenders.map(({ authenticator }) => authenticator.close())).then(
          () => undefined,
        ),
    };
  },
};
