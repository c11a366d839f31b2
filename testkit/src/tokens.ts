import { constants, createHmac, sign } from 'node:crypto';
import { hmacSecret, privateKey, testKey } from './keys.js';
import {
  SignJWT,
  type JWTPayload,
  CompactSign,
  importJWK,
  type CompactJWSHeaderParameters,
  type CryptoKey,
} from 'jose';
import { isJsonObject, type Json, type JsonObject, resolve } from './resolve.js';

/** Other ways to write the same bytes in base64url, none of which a strict reader takes (RFC 7515, section 2). */
export type Spelling = 'padded' | 'plain' | 'trailing-bits' | 'blank';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const spellings: Readonly<Record<Spelling, (text: string) => string>> = {
  padded: (text) => text.padEnd(Math.ceil(text.length / 4) * 4, '='),
  plain: (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  // the last character's low bits belong to no byte, unless the bytes come in threes
  'trailing-bits': (text) =>
    text.length % 4 === 0
      ? text
      : text.slice(0, -1) + (alphabet[alphabet.indexOf(text.slice(-1)) + 1] ?? ''),
  blank: (text) => `${text.slice(0, 8)} ${text.slice(8)}`,
};

/** Writes a part of a token in another spelling; throws where these bytes have no such spelling. */
export function spelled(text: string, spelling: Spelling | undefined): string {
  if (spelling === undefined) return text;
  const other = spellings[spelling](text);
  if (other === text) throw new Error(`No other spelling (${spelling}) of ${text}`);
  return other;
}

/**
 * The signature by JWA's rules and none of a library's checks, for tokens that a careful signer refuses to make:
 * short keys, an unknown `crit`, a payload of any bytes, a header that names another algorithm.
 */
export function uncheckedSignature(alg: string, keyName: string, input: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  const bytes = Buffer.from(input);
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, hmacSecret(keyName)).update(bytes).digest();
    case 'RS':
      return sign(hash, bytes, privateKey(keyName));
    case 'PS':
      return sign(hash, bytes, {
        key: privateKey(keyName),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, bytes, { key: privateKey(keyName), dsaEncoding: 'ieee-p1363' });
    case 'Ed':
      return sign(null, bytes, privateKey(keyName));
    default:
      throw new Error(`No way to sign ${alg}`);
  }
}

/** A shared secret for tokens of tests that are not about tokens. */
export const hmacKey = 'an HMAC secret that is long enough for HS256';

/** A token for user 7 with these roles, the first of them the default. */
export function hmacToken(roles: readonly string[], claims: JWTPayload = {}): Promise<string> {
  const namespace = {
    'x-hasura-allowed-roles': roles,
    'x-hasura-default-role': roles[0],
    'x-hasura-user-id': '7',
  };
  return new SignJWT({ ...claims, 'https://hasura.io/jwt/claims': namespace })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(hmacKey));
}

/** What was done to a token after it was signed. */
export type Tampering = 'signature' | 'payload' | 'strip' | 'zero' | 'two-parts' | 'five-parts';

/** How a row describes a token. A text stands for itself. */
export type TokenRecipe = string | SignedToken;

interface SignedToken {
  readonly sign: {
    /** A name in the keys; null makes an unsecured token. */
    readonly key: string | null;
    readonly alg: string;
    readonly header?: JsonObject;
    /** Signed without jose, whose checks refuse such a token or key. */
    readonly unchecked?: true;
  };
  readonly claims?: Json;
  /** The payload's text, or its bytes: `{"$hex": "ff"}`. */
  readonly rawPayload?: Json;
  /** The header's text in place of the JSON of `alg` and `header`. */
  readonly rawHeader?: Json;
  readonly tamper?: Tampering;
  readonly spell?: Readonly<Partial<Record<'header' | 'payload' | 'signature', Spelling>>>;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function bytesOf(raw: Json, now: number): Buffer {
  if (isJsonObject(raw) && typeof raw['$hex'] === 'string') return Buffer.from(raw['$hex'], 'hex');
  return Buffer.from(String(resolve(raw, now)));
}

const payloadOf = (recipe: SignedToken, now: number): Buffer =>
  recipe.rawPayload === undefined
    ? Buffer.from(JSON.stringify(resolve(recipe.claims ?? {}, now)))
    : bytesOf(recipe.rawPayload, now);

function headerOf({ sign, rawHeader }: SignedToken, now: number): Buffer {
  if (rawHeader !== undefined) return bytesOf(rawHeader, now);
  return Buffer.from(
    JSON.stringify({ alg: sign.alg, ...(resolve(sign.header ?? {}, now) as object) }),
  );
}

const imported = new Map<string, Promise<CryptoKey | Uint8Array>>();

function signingKey(name: string, alg: string): Promise<CryptoKey | Uint8Array> {
  const id = `${name} ${alg}`;
  const known =
    imported.get(id) ??
    (alg.startsWith('HS')
      ? Promise.resolve(hmacSecret(name))
      : importJWK({ ...testKey(name).privateJwk }, alg));
  imported.set(id, known);
  return known;
}

async function signed(recipe: SignedToken, now: number): Promise<string> {
  const { key, alg, header, unchecked } = recipe.sign;
  if (key === null)
    return `${base64url(headerOf(recipe, now))}.${base64url(payloadOf(recipe, now))}.`;
  // jose signs no header with a `crit` that it does not know.
  if (unchecked || recipe.rawHeader !== undefined || recipe.spell || header?.['crit']) {
    const [head, payload] = [
      spelled(base64url(headerOf(recipe, now)), recipe.spell?.header),
      spelled(base64url(payloadOf(recipe, now)), recipe.spell?.payload),
    ];
    const signature = base64url(uncheckedSignature(alg, key, `${head}.${payload}`));
    return `${head}.${payload}.${spelled(signature, recipe.spell?.signature)}`;
  }
  const parameters = resolve(header ?? {}, now) as Partial<CompactJWSHeaderParameters>;
  return new CompactSign(payloadOf(recipe, now))
    .setProtectedHeader({ ...parameters, alg })
    .sign(await signingKey(key, alg));
}

function tampered(token: string, tamper: Tampering | undefined): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  switch (tamper) {
    case undefined:
      return token;
    case 'signature': {
      const middle = bytes.length >> 1;
      bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
      return `${header}.${payload}.${base64url(bytes)}`;
    }
    case 'payload': {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject;
      const other = base64url(Buffer.from(JSON.stringify({ ...claims, sub: 'somebody else' })));
      return `${header}.${other}.${signature}`;
    }
    case 'strip':
      return `${header}.${payload}.`;
    case 'zero':
      return `${header}.${payload}.${base64url(bytes.fill(0))}`;
    case 'two-parts':
      return `${header}.${payload}`;
    case 'five-parts':
      return `${token}.AAAA.AAAA`;
  }
}

/** The token that a row describes; `now` in ms is what its `{"$now": n}` count from. */
export async function mintToken(recipe: TokenRecipe, now: number = Date.now()): Promise<string> {
  if (typeof recipe === 'string') return recipe;
  return tampered(await signed(recipe, now), recipe.tamper);
}
