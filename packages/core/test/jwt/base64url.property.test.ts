import fc from 'fast-check';
import { isStrictBase64url } from '../../src/jwt/decode.js';

/** As the code under test is used, and as it is proved: a strict spelling is what the bytes are written as again. */
const isStrict = (text: string): boolean =>
  isStrictBase64url(text, Buffer.from(text, 'base64url').length);
const isWrittenSo = (text: string): boolean =>
  Buffer.from(text, 'base64url').toString('base64url') === text;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const strict = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 40 });
const any = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('+', '/', '=', '==', ' ', '\n', '.', '\0', '\x80', '\xff', '\u0141', '\u2141'),
);

describe('a strict spelling', () => {
  it('is what the bytes are written as again', () => {
    fc.assert(
      fc.property(strict, any, strict, (before, odd, after) => {
        for (const text of [before, before + after, before + odd, before + odd + after, odd])
          expect([text, isStrict(text)]).toEqual([text, isWrittenSo(text)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is so for every last character of every length', () => {
    for (let length = 0; length < 8; length++)
      for (const last of alphabet) {
        const text = 'A'.repeat(length) + last;
        expect([text, isStrict(text)]).toEqual([text, isWrittenSo(text)]);
      }
  });

  it('has no character whose lower byte is one of the alphabet', () => {
    for (const last of alphabet) {
      const text = `AAA${String.fromCharCode(0x100 + last.charCodeAt(0))}`;
      expect([text, isStrict(text)]).toEqual([text, false]);
    }
  });

  it('is none where other bytes came out than a text of its length gives', () => {
    expect(isStrictBase64url('AAAA', 2)).toBe(false);
    expect(isStrictBase64url('AAAA', 4)).toBe(false);
  });
});
