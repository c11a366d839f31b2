import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { longestToken } from '../../src/jwt/decode.js';
import { hmac } from '../../src/jwt/hmac.js';

const digests = ['sha256', 'sha384', 'sha512'] as const;
const secrets = fc.uint8Array({ minLength: 1, maxLength: 300 });
const texts = fc.string({ unit: 'binary-ascii', maxLength: 3000 });

describe.each(digests)('HMAC with %s', (digest) => {
  const byNode = (secret: Uint8Array, text: string): string =>
    createHmac(digest, secret).update(text).digest('hex');

  it('is what Node makes it', () => {
    fc.assert(
      fc.property(secrets, texts, (secret, text) => {
        const key = createSecretKey(secret);
        expect(hmac(digest, key, text).toString('hex')).toBe(byNode(secret, text));
      }),
      { numRuns: 300 },
    );
  });

  it.each([32, 63, 64, 65, 127, 128, 129, 4096])('is so for a secret of %i bytes', (length) => {
    const secret = Buffer.alloc(length, 7);
    expect(hmac(digest, createSecretKey(secret), 'a.b').toString('hex')).toBe(
      byNode(secret, 'a.b'),
    );
  });

  it('is so for the longest token, and for a short one after it', () => {
    const secret = Buffer.alloc(64, 7);
    const key = createSecretKey(secret);
    for (const text of ['a'.repeat(longestToken), 'a', ''])
      expect(hmac(digest, key, text).toString('hex')).toBe(byNode(secret, text));
  });

  it('never leaves out the end of a longer text', () => {
    const key = createSecretKey(Buffer.alloc(64, 7));
    expect(() => hmac(digest, key, 'a'.repeat(longestToken + 1))).toThrow(RangeError);
  });

  it('keeps keys apart, used in turn', () => {
    const given = [1, 2].map((byte) => Buffer.alloc(64, byte));
    const keys = given.map((secret) => ({ secret, key: createSecretKey(secret) }));
    for (const { secret, key } of [...keys, ...keys])
      expect(hmac(digest, key, 'a.b').toString('hex')).toBe(byNode(secret, 'a.b'));
  });
});
