import { createPublicKey, type KeyObject } from 'node:crypto';
import { isRecord, type Members } from '../json.js';
import {
  algorithms,
  goodRsaBits,
  isAlgorithm,
  publicKeyFacts,
  type Algorithm,
  type KeyFamily,
} from './algorithms.js';
import type { PublishedKey } from './key-set.js';
import { PrivateKeyError, readPem } from './pem.js';

/** Why an entry of a published key set is not used. */
export type EntryProblem =
  'malformed' | 'kind' | 'use' | 'operations' | 'symmetric' | 'private' | 'algorithm' | 'short';

/** One entry of a published key set, which nothing has imported yet. */
export interface PublishedEntry {
  readonly kid: string | undefined;
  readonly alg: Algorithm | undefined;
  /** Everything of the entry that decides, as one text. */
  readonly content: string;
  readonly load: () => KeyObject;
}

/** How keys are chosen. */
export interface KeyRules {
  /** The shortest RSA modulus that is accepted, in bits. */
  readonly minRsaBits: number;
  /** With `any`, neither `kid` nor `alg` of a key restricts which tokens it verifies. */
  readonly match: 'kid' | 'any';
}

/** Some serializers write absent members as null. */
const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

const curves: ReadonlyMap<unknown, KeyFamily> = new Map([
  ['P-256', 'p256'],
  ['P-384', 'p384'],
  ['P-521', 'p521'],
]);

/** The family of a JWK, by the members that name it. */
function familyOf({ kty, crv }: Members): KeyFamily | undefined {
  switch (kty) {
    case 'RSA':
      return 'rsa';
    case 'EC':
      return curves.get(crv);
    case 'OKP':
      return crv === 'Ed25519' ? 'ed25519' : undefined;
    default:
      return undefined;
  }
}

/** The members of a private key, of any kind (RFC 7518, section 6; RFC 8037, section 2). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

/**
 * The longest texts of the members that make a key, for the bounds of `publicKeyFacts`: 8192 and 32 bits in base64, a
 * coordinate of 528 bits, each with some room. Node takes seconds for an endless exponent.
 */
const longest = { n: 2048, e: 64, x: 128, y: 128 } as const;

/** The members that make a key; undefined if one of them is no text, or longer than any key needs. */
function keyMembers(jwk: Members): Record<string, string> | undefined {
  const members: Record<string, string> = {};
  for (const name of ['kty', 'crv', 'n', 'e', 'x', 'y'] as const) {
    const value = jwk[name];
    if (isAbsent(value)) continue;
    const most = name === 'kty' || name === 'crv' ? 100 : longest[name];
    if (typeof value !== 'string' || value.length > most) return undefined;
    members[name] = value;
  }
  return members;
}

/** Reads a JWK (RFC 7517, section 4), or says why it is not used. Imports nothing. */
export function readJwk(jwk: unknown): PublishedEntry | EntryProblem {
  if (!isRecord(jwk)) return 'malformed';
  const { kty, kid, alg, use, key_ops } = jwk;
  if (kty === 'oct') return 'symmetric';
  const family = familyOf(jwk);
  if (family === undefined) return 'kind';
  if (!isAbsent(use) && use !== 'sig') return 'use';
  if (!isAbsent(key_ops) && !(Array.isArray(key_ops) && key_ops.includes('verify')))
    return 'operations';
  if (privateMembers.some((name) => !isAbsent(jwk[name]))) return 'private';
  if (!isAbsent(kid) && typeof kid !== 'string') return 'malformed';
  if (!isAbsent(alg))
    if (typeof alg !== 'string' || !isAlgorithm(alg) || algorithms[alg].family !== family)
      return 'algorithm';
  const key = keyMembers(jwk);
  if (key === undefined) return 'malformed';
  return {
    kid: kid ?? undefined,
    alg: alg ?? undefined,
    content: JSON.stringify([kid ?? null, alg ?? null, key]),
    // Node reads these members as base64url and as plain base64, with or without leading zero bytes.
    load: () => createPublicKey({ key, format: 'jwk' }),
  };
}

/** A certificate rarely takes more than 2 KiB; thousands of empty blocks in one text would take their time. */
const longestPem = 16_384;

/** Reads a member of a map of PEM texts by `kid`, which one large provider publishes beside its JWK set. Imports nothing. */
export function readCertificate(kid: string, text: unknown): PublishedEntry | EntryProblem {
  if (typeof text !== 'string' || text.length > longestPem) return 'malformed';
  const content = JSON.stringify([kid, text]);
  // An entry counts as one import, so one block of it is imported; a chain begins with the certificate of the key.
  return { kid, alg: undefined, content, load: () => readPem(text, 1).key };
}

/** Imports the key of an entry, or says why it is not used. */
export function importKey(
  { kid, alg, content, load }: PublishedEntry,
  { minRsaBits, match }: KeyRules,
): PublishedKey | EntryProblem {
  let key: KeyObject;
  try {
    key = load();
  } catch (error) {
    return error instanceof PrivateKeyError ? 'private' : 'malformed';
  }
  const facts = publicKeyFacts(key);
  if (typeof facts === 'string') return facts;
  const { family, rsaBits = Infinity } = facts;
  if (rsaBits < minRsaBits) return 'short';
  const bound = match === 'kid' && alg !== undefined ? { alg } : {};
  return {
    kid,
    content,
    isWeak: rsaBits < goodRsaBits,
    key: { family, key, secretBytes: 0, ...bound },
  };
}
