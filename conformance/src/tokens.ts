import { CompactSign, importJWK, type CompactJWSHeaderParameters, type CryptoKey } from 'jose';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { hmacSecret, testKey } from './keys.js';
import { resolve } from './resolve.js';
import { uncheckedSignature } from './signature.js';
import { spelled, type Spelling } from './spelling.js';

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
  if (unchecked || recipe.rawHeader !== undefined || recipe.spell) {
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
