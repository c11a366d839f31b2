import { hash, type KeyObject } from 'node:crypto';
import type { Digest } from '../keys/algorithms.js';
import { longestToken } from './decode.js';

/** How many bytes a digest works on at a time, and how many it gives (FIPS 180-4, figure 1). */
const sizes = {
  sha256: { block: 64, result: 32 },
  sha384: { block: 128, result: 48 },
  sha512: { block: 128, result: 64 },
} as const;

/** What HMAC needs for each message, made of the secret once (RFC 2104, section 4). */
interface Prepared {
  readonly innerPad: Uint8Array;
  /** The outer pad, with room for the inner digest. */
  readonly outer: Buffer;
  readonly result: Buffer;
}

function prepare(key: KeyObject, digest: Digest): Prepared {
  const { block, result } = sizes[digest];
  const secret = key.export();
  const padded = Buffer.alloc(block);
  (secret.length > block ? hash(digest, secret, 'buffer') : secret).copy(padded);
  const outer = Buffer.alloc(block + result);
  outer.set(padded.map((byte) => byte ^ 0x5c));
  return { innerPad: padded.map((byte) => byte ^ 0x36), outer, result: Buffer.alloc(result) };
}

const prepared = {
  sha256: new WeakMap<KeyObject, Prepared>(),
  sha384: new WeakMap<KeyObject, Prepared>(),
  sha512: new WeakMap<KeyObject, Prepared>(),
};

function preparedFor(key: KeyObject, digest: Digest): Prepared {
  const known = prepared[digest].get(key);
  if (known !== undefined) return known;
  const made = prepare(key, digest);
  prepared[digest].set(key, made);
  return made;
}

/** Where pad and message are put together. */
const message = Buffer.alloc(sizes.sha512.block + longestToken);

/**
 * HMAC (RFC 2104) of an ASCII text that is no longer than a token may be. The bytes are the function's own, and good until
 * its next call. Two one-shot digests take half the time of `createHmac`, which is what a test compares this to.
 */
export function hmac(digest: Digest, key: KeyObject, text: string): Buffer {
  if (text.length > longestToken) throw new RangeError('a text longer than a token may be');
  const { innerPad, outer, result } = preparedFor(key, digest);
  message.set(innerPad);
  message.write(text, innerPad.length, 'latin1');
  const whole = message.subarray(0, innerPad.length + text.length);
  outer.write(hash(digest, whole, 'binary'), innerPad.length, 'latin1'); // latin1 by its older name
  result.write(hash(digest, outer, 'binary'), 'latin1');
  return result;
}
