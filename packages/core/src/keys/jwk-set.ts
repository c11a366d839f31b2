import { createPublicKey, type KeyObject } from 'node:crypto';
import { algorithms, isAlgorithm, type Algorithm } from './algorithms.js';
import { isRecord } from '../json.js';
import type { PublishedKey } from './key-set.js';
import { looksLikePem, readPem } from './pem.js';
import { familyOf, goodModulusBits, leastModulusBits, modulusBits } from './pem.js';

/** How many keys of a set are used at most. */
const mostKeys = 100;
/** OpenSSL verifies nothing with a longer modulus. */
const mostModulusBits = 16_384;

/** What an operator should hear of a key: mostly why it is left out. */
const remarks = {
  malformed: 'malformed, left out',
  kind: 'of a kind that verifies nothing here, left out',
  use: 'not for signatures by its "use", left out',
  operations: 'not for verifying by its "key_ops", left out',
  symmetric: 'a secret, which in a published set is none, left out',
  private: 'published with its private half, so that anybody could sign with it, left out',
  algorithm: 'bound by its "alg" to what a key of its kind does not do, left out',
  short: `an RSA key under ${String(leastModulusBits)} bits, left out`,
  weak: `an RSA key under ${String(goodModulusBits)} bits, used although that is not safe`,
  surplus: `beyond the first ${String(mostKeys)} that are used, left out`,
} as const;

type Remark = keyof typeof remarks;

/** The keys of a published set that can be used, and what an operator should hear of the others. */
export interface ReadKeySet {
  readonly keys: readonly PublishedKey[];
  /** What is to be said, with the `kid` of each key of which it is true. The texts are few, whatever the set holds. */
  readonly remarks: ReadonlyMap<string, readonly (string | undefined)[]>;
}

/** One entry of a set as it was published. */
interface Entry {
  readonly kid: string | undefined;
  readonly alg: Algorithm | undefined;
  readonly content: string;
  readonly load: () => KeyObject;
}

type Members = Readonly<Record<string, unknown>>;

/** Some serializers write absent members as null. */
const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

/** A JWK (RFC 7517, section 4) or a remark on why it is not used. */
function readJwk(jwk: unknown): Entry | Remark {
  if (!isRecord(jwk)) return 'malformed';
  const { kty, kid, alg, use, key_ops, d } = jwk;
  if (kty === 'oct') return 'symmetric';
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return 'kind';
  if (!isAbsent(use) && use !== 'sig') return 'use';
  if (!isAbsent(key_ops) && !(Array.isArray(key_ops) && key_ops.includes('verify')))
    return 'operations';
  if (!isAbsent(d)) return 'private';
  if (!isAbsent(kid) && typeof kid !== 'string') return 'malformed';
  if (!isAbsent(alg) && !(typeof alg === 'string' && isAlgorithm(alg))) return 'algorithm';
  // Node reads these members as base64url and as plain base64, with or without leading zero bytes.
  const { crv, n, e, x, y } = jwk;
  const key = withoutAbsent({ kty, crv, n, e, x, y });
  return {
    kid: kid ?? undefined,
    alg: alg ?? undefined,
    content: JSON.stringify([kid ?? null, alg ?? null, key]),
    load: () => createPublicKey({ key, format: 'jwk' }),
  };
}

function withoutAbsent(members: Members): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isAbsent(value)));
}

/** A member of a map of PEM texts by `kid`, as one large provider publishes beside its JWK set. */
function readCertificate(kid: string, text: unknown): Entry | Remark {
  if (typeof text !== 'string') return 'malformed';
  const content = JSON.stringify([kid, text]);
  return { kid, alg: undefined, content, load: () => readPem(text).key };
}

function entriesOf(json: unknown): Iterable<readonly [kid: unknown, entry: Entry | Remark]> {
  if (isRecord(json)) {
    const { keys } = json;
    if (Array.isArray(keys))
      return keys.map((jwk: unknown) => [isRecord(jwk) ? jwk['kid'] : undefined, readJwk(jwk)]);
    const members = Object.entries(json);
    if (members.some(([, text]) => typeof text === 'string' && looksLikePem(text)))
      return members.map(([kid, text]) => [kid, readCertificate(kid, text)]);
  }
  throw new Error('the answer is JSON, but neither a key set nor a map of certificates');
}

/** Makes the key of an entry, or says why it cannot be used. */
function importKey({ kid, alg, content, load }: Entry): PublishedKey | Remark {
  let key: KeyObject;
  try {
    key = load();
  } catch {
    return 'malformed';
  }
  const family = familyOf(key);
  if (family === undefined) return 'kind';
  if (alg !== undefined && algorithms[alg].family !== family) return 'algorithm';
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  if (family === 'rsa') {
    // With the exponent 1 every signature would be its own message.
    if (exponent < 3n || modulusBits(key) > mostModulusBits) return 'malformed';
    if (modulusBits(key) < leastModulusBits) return 'short';
  }
  return { kid, content, key: { family, key, secretBytes: 0, ...(alg !== undefined && { alg }) } };
}

const isWeak = ({ key }: PublishedKey): boolean =>
  key.family === 'rsa' && modulusBits(key.key) < goodModulusBits;

/**
 * Reads a JWK set (RFC 7517, section 5) or a map of certificates. An entry that cannot be used is left out, and never
 * spoils the others. A key that is among the `known` ones, unchanged, is that same object. Throws where the JSON is
 * something else; the message quotes nothing of it.
 */
export function readKeySet(json: unknown, known: readonly PublishedKey[]): ReadKeySet {
  const earlier = new Map(known.map((key) => [key.content, key]));
  const keys = new Map<string, PublishedKey>();
  const said = new Map<string, (string | undefined)[]>();
  const remark = (what: Remark, kid: unknown): void => {
    const kids = said.get(remarks[what]) ?? [];
    kids.push(typeof kid === 'string' ? kid : undefined);
    said.set(remarks[what], kids);
  };
  for (const [kid, entry] of entriesOf(json)) {
    if (typeof entry === 'string') remark(entry, kid);
    else if (keys.has(entry.content)) continue;
    else if (keys.size >= mostKeys) remark('surplus', kid);
    else {
      const key = earlier.get(entry.content) ?? importKey(entry);
      if (typeof key === 'string') remark(key, kid);
      else {
        keys.set(key.content, key);
        if (isWeak(key)) remark('weak', kid);
      }
    }
  }
  return { keys: [...keys.values()], remarks: said };
}
