/** No byte of a text has such a character, and Node's decoder reads only the lower half of it. */
const wide = /[\u0100-\uffff]/;

/** What the last character may be, so that no bit of it is left over, by the length of the last group (RFC 4648, section 3.5). */
const lastOfTwo = 'AQgw';
const lastOfThree = 'AEIMQUYcgkosw048';

/**
 * Whether a text is the one strict spelling (RFC 7515, section 2) of the bytes that Node decoded it to: no padding, no
 * blanks, no stray bits. The decoder passes over what it does not know, so that fewer bytes come out, and takes `+` and
 * `/`, too. Writing the bytes as text again, to compare, would take three times as long; a test does it.
 */
export function isStrictBase64url(text: string, decodedBytes: number): boolean {
  const { length } = text;
  if (decodedBytes !== Math.floor((length * 3) / 4)) return false;
  if (text.includes('+') || text.includes('/') || wide.test(text)) return false;
  switch (length % 4) {
    case 0:
      return true;
    case 1:
      return false;
    case 2:
      return lastOfTwo.includes(text.charAt(length - 1));
    default:
      return lastOfThree.includes(text.charAt(length - 1));
  }
}
