import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  type CipherGCMTypes,
} from 'node:crypto';

/** Encrypts and decrypts values, each bound to the key that it is stored under. */
export interface Sealing {
  seal(text: string, boundTo: string): string;
  /** Undefined if it was not sealed with one of the keys, for this place, or was changed. */
  open(sealed: string, boundTo: string): string | undefined;
}

const algorithm: CipherGCMTypes = 'aes-256-gcm';
const keyBytes = 32;
const nameBytes = 4;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nameBytes + saltBytes + nonceBytes;
/** The first byte of every sealed value: how it is laid out. */
const version = 1;

interface NamedKey {
  readonly name: Buffer;
  readonly key: Buffer;
}

/** Distinguishes the keys, and reveals nothing of them. */
const nameOf = (key: Buffer): Buffer =>
  createHash('sha256').update('hasura-auth key name').update(key).digest().subarray(0, nameBytes);

/** A key for one value, so that a random nonce may be used with any number of them (NIST SP 800-38D, section 8.3). */
const keyFor = ({ key }: NamedKey, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, 'hasura-auth hook answer', keyBytes));

/** AES-256-GCM. The current key encrypts; it and the older ones decrypt. */
export function sealing(currentKey: Buffer, olderKeys: readonly Buffer[]): Sealing {
  const named = (key: Buffer): NamedKey => ({ name: nameOf(key), key });
  const current = named(currentKey);
  const all = [current, ...olderKeys.map(named)];

  return {
    seal(text, boundTo) {
      const salt = randomBytes(saltBytes);
      const nonce = randomBytes(nonceBytes);
      const head = Buffer.concat([Buffer.of(version), current.name, salt, nonce]);
      const cipher = createCipheriv(algorithm, keyFor(current, salt), nonce, {
        authTagLength: tagBytes,
      });
      cipher.setAAD(Buffer.concat([head, Buffer.from(boundTo)]));
      const parts = [head, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(parts).toString('base64');
    },
    open(sealed, boundTo) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < headBytes + tagBytes || bytes[0] !== version) return undefined;
      const name = bytes.subarray(1, 1 + nameBytes);
      const salt = bytes.subarray(1 + nameBytes, 1 + nameBytes + saltBytes);
      const nonce = bytes.subarray(headBytes - nonceBytes, headBytes);
      const key = all.find((one) => one.name.equals(name));
      if (key === undefined) return undefined;
      try {
        const decipher = createDecipheriv(algorithm, keyFor(key, salt), nonce, {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.concat([bytes.subarray(0, headBytes), Buffer.from(boundTo)]));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const start = decipher.update(bytes.subarray(headBytes, -tagBytes));
        return Buffer.concat([start, decipher.final()]).toString('utf8');
      } catch {
        return undefined; // it was changed
      }
    },
  };
}

/** Whether a text is the base64 or base64url of 32 bytes, and no other spelling of them. */
export function keyFrom(text: string): Buffer | undefined {
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === keyBytes ? key : undefined;
}
