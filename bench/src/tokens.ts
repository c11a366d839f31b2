import {
  createHmac,
  createSecretKey,
  randomBytes,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { newKeyPair } from './key-pair.js';

/** The algorithms that are measured: one of each family. */
export const benchAlgorithms = ['HS256', 'RS256', 'ES256', 'EdDSA'] as const;
export type BenchAlgorithm = (typeof benchAlgorithms)[number];

export const issuer = 'https://issuer.example';
const kid = 'bench-key-1';
const lifetimeSeconds = 86_400;

/** A key of an issuer, in the forms that contenders accept. */
export interface BenchKey {
  readonly alg: BenchAlgorithm;
  readonly kid: string;
  readonly signingKey: KeyObject;
  /** The secret or the public key. */
  readonly verificationKey: KeyObject;
  /** The secret as text, or the public key as PEM. */
  readonly text: string;
  readonly jwk: JsonWebKey;
}

/** The part of a key that a server holds. */
export type PublicKey = Pick<BenchKey, 'text' | 'jwk' | 'verificationKey'>;

const keyKinds = { RS256: 2048, ES256: 'P-256', EdDSA: 'Ed25519' } as const;

/** Makes a key for one algorithm. */
export function benchKey(alg: BenchAlgorithm): BenchKey {
  if (alg === 'HS256') {
    const text = randomBytes(24).toString('base64url'); // 32 characters
    const key = createSecretKey(Buffer.from(text));
    const jwk = { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' };
    return { alg, kid, signingKey: key, verificationKey: key, text, jwk };
  }
  const { privateKey, publicKey } = newKeyPair(keyKinds[alg]);
  return {
    alg,
    kid,
    signingKey: privateKey,
    verificationKey: publicKey,
    text: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
  };
}

/** The payload of every table: 465 bytes, in the form of an identity provider with Hasura claims. */
export function benchPayload(user: number, nowSeconds: number): Record<string, unknown> {
  const id = `7f3a1c52-9f0b-4f7e-8a55-${String(user).padStart(12, '0')}`;
  return {
    iss: issuer,
    sub: id,
    aud: 'hasura',
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
    email: `user${String(user).padStart(9, '0')}@example.com`,
    email_verified: true,
    scope: 'openid profile email offline_access',
    'https://hasura.io/jwt/claims': {
      'x-hasura-allowed-roles': ['user', 'editor'],
      'x-hasura-default-role': 'user',
      'x-hasura-user-id': id,
      'x-hasura-org-id': '0b8f6f0e-5d3c-4a57',
      'x-hasura-region': 'eu-central',
    },
  };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signingInput(key: BenchKey, payload: unknown): string {
  return `${encode({ alg: key.alg, typ: 'JWT', kid: key.kid })}.${encode(payload)}`;
}

/** Signs any payload. */
export function signToken(key: BenchKey, payload: unknown): string {
  const input = signingInput(key, payload);
  const signature =
    key.alg === 'HS256'
      ? createHmac('sha256', key.signingKey).update(input).digest()
      : sign(
          key.alg === 'EdDSA' ? null : 'sha256',
          Buffer.from(input),
          key.alg === 'ES256' ? { key: key.signingKey, dsaEncoding: 'ieee-p1363' } : key.signingKey,
        );
  return `${input}.${signature.toString('base64url')}`;
}

/** Makes `count` good tokens, each for another user. */
export function mintTokens(key: BenchKey, count: number, firstUser = 0): string[] {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, index) =>
    signToken(key, benchPayload(firstUser + index, now)),
  );
}

const signLater = promisify(sign);

/** Does the same for RS256 on every core, because signing is slow. */
export async function mintTokensOnEveryCore(key: BenchKey, count: number): Promise<string[]> {
  const now = Math.floor(Date.now() / 1000);
  const tokens: string[] = [];
  for (let user = 0; user < count; user += 1000) {
    const batch = Array.from({ length: Math.min(1000, count - user) }, async (_, index) => {
      const input = signingInput(key, benchPayload(user + index, now));
      const signature = await signLater('sha256', Buffer.from(input), key.signingKey);
      return `${input}.${signature.toString('base64url')}`;
    });
    tokens.push(...(await Promise.all(batch)));
  }
  return tokens;
}

/** Copies a text into a new string without a cached hash, like a header that was read from a socket. */
function freshText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** The other headers of a browser's request. */
const otherHeaders: readonly (readonly [name: string, value: string])[] = [
  ['host', 'api.example.com'],
  ['connection', 'keep-alive'],
  ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['accept', '*/*'],
  ['accept-language', 'en-US,en;q=0.5'],
  ['accept-encoding', 'gzip, deflate, br'],
  ['content-type', 'application/json'],
  ['content-length', '123'],
];

/** The part of Node's request that contenders read. */
export interface BenchRequest {
  readonly headers: Readonly<Record<string, string>> & { readonly authorization: string };
}

/** Makes a request with a token, header by header, like the parser of Node's HTTP server. */
export function benchRequest(token: string): BenchRequest {
  const headers: Record<string, string> & { authorization: string } = { authorization: '' };
  for (const [name, value] of otherHeaders) headers[name] = value;
  headers.authorization = freshText(`Bearer ${token}`);
  return { headers };
}

/** Makes `count` requests with the tokens in turn. */
export function benchRequests(tokens: readonly string[], count: number, from = 0): BenchRequest[] {
  return Array.from({ length: count }, (_, index) =>
    benchRequest(tokens[(from + index) % tokens.length] ?? ''),
  );
}
