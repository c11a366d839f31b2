import { longestToken, TokenDecoder } from '../../src/jwt/decode.js';
import { refusal } from '../thrown.js';
import { goodClaims, goodToken, part } from '../tokens.js';

const decode = (token: string) => new TokenDecoder().decode(token);
const problem = (token: string): string => {
  const { kind, message } = refusal(() => decode(token));
  expect(kind).toBe('invalid-token');
  return message;
};

const header = part({ alg: 'RS256' });
const payload = part({ sub: 'somebody' });
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
  const bad = 'Could not verify JWT: JWSError (CompactDecodeError Invalid text: not base64url)';
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
  const json =
    'Could not verify JWT: JWSError (JSONDecodeError "Error in $: expected a JSON object")';
  const alg =
    'Could not verify JWT: JWSError (JSONDecodeError "Error in $.alg: expected a string")';
  const kid =
    'Could not verify JWT: JWSError (JSONDecodeError "Error in $.kid: expected a string")';
  const crit = 'Could not verify JWT: JWSError JWSCritUnprotected';
  const unknown = 'Could not verify JWT: JWSError AlgorithmNotImplemented';
  it.each<[string, unknown, string]>([
    ['empty', '', json],
    ['no JSON', '{', json],
    ['null', 'null', json],
    ['a list', [], json],
    ['a text', '"RS256"', json],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json],
    ['without alg', {}, alg],
    ['alg null', { alg: null }, alg],
    ['alg a number', { alg: 256 }, alg],
    ['alg a list', { alg: ['RS256'] }, alg],
    ['kid null', { alg: 'RS256', kid: null }, kid],
    ['kid a number', { alg: 'RS256', kid: 1 }, kid],
    ['crit', { alg: 'RS256', crit: ['exp'], exp: 1 }, crit],
    ['crit null', { alg: 'RS256', crit: null }, crit],
    ['crit empty', { alg: 'RS256', crit: [] }, crit],
    ['b64 false', { alg: 'RS256', b64: false }, crit],
    ['b64 a text', { alg: 'RS256', b64: 'true' }, crit],
    ['b64 and crit', { alg: 'RS256', b64: true, crit: ['b64'] }, crit],
    ['alg none', { alg: 'none' }, unknown],
    ['alg in lower case', { alg: 'rs256' }, unknown],
    ['alg constructor', { alg: 'constructor' }, unknown],
    ['alg unknown and crit: what must be understood goes first', { alg: 'X', crit: [] }, crit],
  ])('is refused: %s', (_, content, message) => {
    expect(problem(`${part(content)}.${payload}.${signature}`)).toBe(message);
  });

  it('may say b64: true, which changes nothing', () => {
    const token = `${part({ alg: 'RS256', b64: true })}.${payload}.${signature}`;
    expect(decode(token).header.alg).toBe('RS256');
  });

  it('is read before the payload', () => {
    expect(problem(`${part({ alg: 'none' })}.?.?`)).toBe(unknown);
  });
});

describe('the payload', () => {
  it.each<[string, unknown]>([
    ['empty', ''],
    ['no JSON', '{"sub":'],
    ['two values', '{}{}'],
    ['null', 'null'],
    ['a list', []],
    ['a text', '"claims"'],
    ['a number', '1'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-8 of a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('is refused: %s', (_, content) => {
    const { message, cause } = refusal(() => decode(`${header}.${part(content)}.${signature}`));
    expect(message).toBe(
      'Could not verify JWT: JWTClaimsSetDecodeError "Error in $: expected a JSON object"',
    );
    expect(cause).toBeUndefined(); // a parser's error quotes its input
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
