import fc from 'fast-check';
import { isStrictBase64url, longestToken, TokenDecoder } from '../../src/jwt/decode.js';
import { algorithms } from '../../src/keys/algorithms.js';
import { refusal } from '../thrown.js';
import { goodClaims, goodToken, part } from '../tokens.js';

const decode = (token: string) => new TokenDecoder().decode(token);
const problem = (token: string): string => {
  const { kind, message } = refusal(() => decode(token));
  expect(kind).toBe('invalid-token');
  return message;
};

const header = part({ alg: 'RS256' });
const payload = part({ sub: 'user-1' });
const signature = part('signature');

describe('a token taken apart', () => {
  it('has a header, a payload, the signed text and the signature', async () => {
    const token = await goodToken();
    const [first = '', second = '', third = ''] = token.split('.');
    expect(decode(token)).toEqual({
      token,
      header: { alg: 'RS256', kid: undefined },
      unverifiedPayload: goodClaims,
      signingInput: `${first}.${second}`,
      signature: Buffer.from(third, 'base64url'),
    });
  });

  it('keeps the kid, and nothing else of the header', () => {
    const strange = { alg: 'HS256', kid: 'a', jwk: {}, jku: 'u', x5u: 'u', x5c: [], typ: 'JWT' };
    expect(decode(`${part(strange)}.${payload}.${signature}`).header).toEqual({
      alg: 'HS256',
      kid: 'a',
    });
  });

  it('may have an empty signature, which no key then accepts', () => {
    expect(decode(`${header}.${payload}.`).signature).toHaveLength(0);
  });

  it('is read as UTF-8', () => {
    const token = `${header}.${part({ name: 'Zoë 🦩' })}.${signature}`;
    expect(decode(token).unverifiedPayload).toEqual({ name: 'Zoë 🦩' });
  });
});

describe('the length', () => {
  it('may be 16 KiB and no more', () => {
    expect(longestToken).toBe(16 * 1024);
    const start = `${header}.${payload}.`;
    const longest = start + 'A'.repeat(longestToken - start.length);
    expect(`${decode(longest).signingInput}.${longest.slice(start.length)}`).toBe(longest);
    expect(problem(`${longest}A`)).toBe(
      'Could not verify JWT: JWSError (CompactDecodeError Invalid text: too long)',
    );
    expect(problem('.'.repeat(longestToken))).toContain('Expected 3 parts; got 16385');
    expect(problem('.'.repeat(longestToken + 1))).toContain('too long'); // refused unread
  });
});

describe('the number of parts', () => {
  it.each([
    ['', 1],
    ['a', 1],
    ['a.b', 2],
    ['.', 2],
    ['a.b.c.d', 4],
    ['a.b.c.d.e', 5],
    ['....', 5],
  ])('of %p is %i, and 3 are needed', (token, parts) => {
    expect(problem(token)).toBe(
      `Could not verify JWT: JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got ${String(parts)})`,
    );
  });
});

describe('base64url', () => {
  const bad = 'Could not verify JWT: JWSError (JSONDecodeError "Not valid base64url")';
  it.each([
    ['padding', (text: string) => `${text}=`],
    ['a blank', (text: string) => `${text} `],
    ['a line break inside', (text: string) => `${text.slice(0, 4)}\n${text.slice(4)}`],
    ['a plus', (text: string) => `${text}+`],
    ['a slash', (text: string) => `${text}/`],
    ['one character too many', (text: string) => `${text}A`],
    ['a letter of another alphabet', (text: string) => `${text}é`],
  ])('is strict: %s', (_, spoil) => {
    const spoilt = (text: string) => spoil(text.slice(0, 4 * Math.floor(text.length / 4)));
    expect(problem(`${spoilt(header)}.${payload}.${signature}`)).toBe(bad);
    expect(problem(`${header}.${spoilt(payload)}.${signature}`)).toBe(bad);
    expect(problem(`${header}.${payload}.${spoilt(signature)}`)).toBe(bad);
  });

  it('has no stray bits', () => {
    expect(Buffer.from('QQ', 'base64url')).toEqual(Buffer.from('QR', 'base64url'));
    expect(decode(`${header}.${payload}.QQ`).signature.toString()).toBe('A');
    expect(problem(`${header}.${payload}.QR`)).toBe(bad);
  });
});

describe('the header', () => {
  const jws = (words: string): string =>
    `Could not verify JWT: JWSError (JSONDecodeError "${words}")`;
  const json = jws('protected header contains invalid JSON');
  const alg = jws('missing required header \\"alg\\"');
  const unknown =
    'Could not verify JWT: JWSError (JSONDecodeError "unrecognised value; expected: [';
  const crit = jws('crit key is not understood');
  const reserved = jws('crit key is reserved');
  const wrong = (parser: string, expected: string, found: string): string =>
    jws(`parsing ${parser} failed, expected ${expected}, but encountered ${found}`);
  const rs256 = { alg: 'RS256' };
  it.each<[string, unknown, string]>([
    ['empty', '', json],
    ['no JSON', '{', json],
    ['null', 'null', json],
    ['a list', [], json],
    ['a text', '"RS256"', json],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json],
    ['without alg', {}, alg],
    ['alg null', { alg: null }, unknown],
    ['alg a number', { alg: 256 }, unknown],
    ['alg a list', { alg: ['RS256'] }, unknown],
    ['alg in lower case', { alg: 'rs256' }, unknown],
    ['alg constructor', { alg: 'constructor' }, unknown],
    ['alg None', { alg: 'None' }, unknown],
    ['kid null', { ...rs256, kid: null }, wrong('Text', 'String', 'Null')],
    ['kid a number', { ...rs256, kid: 1 }, wrong('Text', 'String', 'Number')],
    ['crit', { ...rs256, crit: ['exp'], exp: 1 }, crit],
    ['crit of two names', { ...rs256, crit: ['exp', 'alg'] }, crit],
    ['crit reserved', { ...rs256, crit: ['alg'] }, reserved],
    ['crit reserved by its thumbprint', { ...rs256, crit: ['x5t#S256', 'exp'] }, reserved],
    ['crit null', { ...rs256, crit: null }, wrong('NonEmpty', 'Array', 'Null')],
    ['crit a text', { ...rs256, crit: 'exp' }, wrong('NonEmpty', 'Array', 'String')],
    ['crit empty', { ...rs256, crit: [] }, jws('parsing NonEmpty failed, unexpected empty list')],
    ['crit of numbers', { ...rs256, crit: [1] }, wrong('Text', 'String', 'Number')],
    ['b64 false', { ...rs256, b64: false }, crit],
    ['b64 a text', { ...rs256, b64: 'true' }, crit],
    ['b64 and crit', { ...rs256, b64: true, crit: ['b64'] }, crit],
    ['crit of an unsecured token', { alg: 'none', crit: ['exp'] }, crit],
    ['alg unknown and crit: alg is read first', { alg: 'X', crit: [] }, unknown],
  ])('is refused: %s', (_, content, message) => {
    expect(problem(`${part(content)}.${payload}.${signature}`).slice(0, message.length)).toBe(
      message,
    );
  });

  it('of an unknown algorithm is answered with the names of those that are known', () => {
    const message = problem(`${part({ alg: 'X' })}.${payload}.${signature}`);
    const names: unknown = JSON.parse(message.slice(unknown.length - 1, -2).replaceAll('\\"', '"'));
    expect(names).toEqual(Object.keys(algorithms));
  });

  it('may name no algorithm, which no key then verifies', () => {
    expect(decode(`${part({ alg: 'none' })}.${payload}.`).header.alg).toBe('none');
  });

  it('may say b64: true, which changes nothing', () => {
    const token = `${part({ alg: 'RS256', b64: true })}.${payload}.${signature}`;
    expect(decode(token).header.alg).toBe('RS256');
  });

  it('is read before the signature and the JSON of the payload, and after the base64url of the payload', () => {
    expect(problem(`${part({})}.${part('{')}.?`)).toBe(alg);
    expect(problem(`${part({})}.?.${signature}`)).toBe(jws('Not valid base64url'));
    expect(problem(`${header}.${part('{')}.?`)).toBe(jws('Not valid base64url'));
  });
});

describe('a token that was no UTF-8 when it was sent', () => {
  it.each([0, 1, 2])('is refused by the number of its part: %i', (at) => {
    const parts = [header, payload, signature];
    parts[at] = 'a\ufffd';
    expect(problem(parts.join('.'))).toBe(
      `Could not verify JWT: JWSError (CompactDecodeError Invalid text: Invalid text at part ${String(at)}: not UTF-8)`,
    );
  });

  it('is refused for the number of its parts first', () => {
    expect(problem('\ufffd')).toContain('Expected 3 parts; got 1');
  });
});

describe('the payload', () => {
  const refused = (content: unknown): string => {
    const { message, cause } = refusal(() => decode(`${header}.${part(content)}.${signature}`));
    expect(cause).toBeUndefined(); // a parser's error quotes its input
    return message;
  };

  it.each<[string, unknown]>([
    ['empty', ''],
    ['no JSON', '{"sub":'],
    ['two values', '{}{}'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-8 of a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('is refused: %s', (_, content) => {
    expect(refused(content)).toBe(
      'Could not verify JWT: JWTClaimsSetDecodeError "Error in $: not a JSON text"',
    );
  });

  it.each<[string, unknown]>([
    ['Null', 'null'],
    ['Array', []],
    ['String', '"claims"'],
    ['Number', '1'],
    ['Boolean', 'true'],
  ])('is refused as of another type: %s', (type, content) => {
    expect(refused(content)).toBe(
      `Could not verify JWT: JWTClaimsSetDecodeError "Error in $: parsing JWT Claims Set failed, expected Object, but encountered ${type}"`,
    );
  });
});

describe('headers of verified tokens', () => {
  const token = (kid: number): string =>
    `${part({ alg: 'RS256', kid: String(kid) })}.${payload}.${signature}`;

  it('are read once', () => {
    const decoder = new TokenDecoder();
    const first = decoder.decode(token(0));
    expect(decoder.decode(token(0)).header).not.toBe(first.header);
    decoder.remember(first);
    expect(decoder.decode(token(0)).header).toBe(first.header);
    expect(decoder.decode(token(1)).header).toEqual({ alg: 'RS256', kid: '1' });
  });

  it('stay the first that was read', () => {
    const decoder = new TokenDecoder();
    const [first, second] = [decoder.decode(token(0)), decoder.decode(token(0))];
    decoder.remember(first);
    decoder.remember(second);
    expect(decoder.decode(token(0)).header).toBe(first.header);
  });

  it('are at most 100; one more, and all are forgotten', () => {
    const decoder = new TokenDecoder();
    const remembered = Array.from({ length: 101 }, (_, kid) => decoder.decode(token(kid)));
    const [first, last] = [remembered[0], remembered[100]];
    for (const one of remembered.slice(0, 100)) decoder.remember(one);
    if (first === undefined || last === undefined) throw new Error('there are 101');
    decoder.remember(first); // known already: nothing is forgotten for it
    expect(decoder.decode(token(0)).header).toBe(first.header);
    expect(decoder.decode(token(99)).header).toBe(remembered[99]?.header);
    decoder.remember(last);
    expect(decoder.decode(token(100)).header).toBe(last.header);
    expect(decoder.decode(token(0)).header).not.toBe(first.header);
    expect(decoder.decode(token(99)).header).not.toBe(remembered[99]?.header);
  });
});

// ── Spellings of base64url ───────────────────────────────────────────────────────────────────────

/** As the code under test is used, and as it is proved: a strict spelling is what the bytes are written as again. */
const isStrict = (text: string): boolean =>
  isStrictBase64url(text, Buffer.from(text, 'base64url').length);
const isWrittenSo = (text: string): boolean =>
  Buffer.from(text, 'base64url').toString('base64url') === text;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const strict = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 40 });
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('+', '/', '=', '==', ' ', '\n', '.', '\0', '\x80', '\xff', '\u0141', '\u2141'),
);

describe('a strict spelling', () => {
  it('is what the bytes are written as again', () => {
    fc.assert(
      fc.property(strict, anything, strict, (before, odd, after) => {
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

  it('is none if other bytes came out than a text of its length gives', () => {
    expect(isStrictBase64url('AAAA', 2)).toBe(false);
    expect(isStrictBase64url('AAAA', 4)).toBe(false);
  });
});
