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
