import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { keyMember, privatePem, testKey } from '@hasura-auth/testkit';
import type { Algorithm } from '../../src/keys/algorithms.js';
import type { KeyRules } from '../../src/keys/jwk.js';
import { readKeySet, type ReadKeySet, type Remark } from '../../src/keys/jwk-set.js';
import { KeySet } from '../../src/keys/key-set.js';
import { issuerKey } from './published-keys.js';

// Hundreds of keys are imported here, on machines that may be busy.
jest.setTimeout(60_000);

function jwk(name: string): JsonWebKey {
  const { publicJwk, privateJwk } = testKey(name);
  if (publicJwk !== undefined) return publicJwk;
  if (privateJwk === undefined) throw new Error(`${name} has no JWK`);
  return createPublicKey({ key: privateJwk, format: 'jwk' }).export({ format: 'jwk' });
}

const rules: KeyRules = { minRsaBits: 1024, match: 'kid' };
const read = (...keys: unknown[]): Promise<ReadKeySet> => readKeySet({ keys }, rules, {});
/** What is remarked of a set without any key that can be used. */
async function ignored(...keys: unknown[]): Promise<readonly Remark[]> {
  const set = await read(...keys);
  expect(set.keys).toEqual([]);
  return set.remarks;
}

describe('a JWK', () => {
  it.each([
    ['rsa', 'rsa'],
    ['p256', 'p256'],
    ['p384', 'p384'],
    ['p521', 'p521'],
    ['ed25519', 'ed25519'],
  ])('of the kind %s is read', async (name, family) => {
    const { keys, remarks } = await read({ ...jwk(name), kid: 'a' });
    expect(keys.map(({ kid, key }) => [kid, key.family, key.alg])).toEqual([
      ['a', family, undefined],
    ]);
    expect(keys[0]?.key.key.equals(createPublicKey({ key: jwk(name), format: 'jwk' }))).toBe(true);
    expect(remarks).toEqual([]);
  });

  it('may be bound to an algorithm and to signatures', async () => {
    const { keys } = await read({ ...jwk('rsa'), alg: 'PS256', use: 'sig', key_ops: ['verify'] });
    expect(keys.map(({ kid, key }) => [kid, key.alg])).toEqual([[undefined, 'PS256']]);
  });

  it('is bound to no algorithm if any key may verify any token', async () => {
    const bound = { ...jwk('rsa'), alg: 'PS256', kid: 'a' };
    const { keys } = await readKeySet({ keys: [bound] }, { ...rules, match: 'any' }, {});
    expect(keys.map(({ kid, key }) => [kid, key.alg])).toEqual([['a', undefined]]);
  });

  it('may have absent members as null', async () => {
    const absent = { kid: null, alg: null, use: null, key_ops: null, d: null, n: null };
    const { keys } = await read({ ...jwk('p256'), ...absent });
    expect(keys.map(({ kid, key }) => [kid, key.alg])).toEqual([[undefined, undefined]]);
  });

  const secret = { kty: 'oct', k: 'M0VLNkZEK28wK2M3dHpCTlZmanBNa05EaTJ5QVJBQUt6UWxr' };
  const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
  it.each<[string, unknown, RegExp]>([
    ['is a secret', secret, /secret/],
    ['is a secret for signatures', { ...secret, alg: 'HS256', use: 'sig' }, /secret/],
    ['is of an unknown kty', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }, /kind/],
    ['has no kty', { kid: 'a' }, /kind/],
    ['has a kty that is a list', { ...jwk('rsa'), kty: ['RSA'] }, /kind/],
    ['is on a curve for key agreement', jwk('x25519'), /kind/],
    ['is on a curve that no algorithm uses', jwk('ed448'), /kind/],
    ['is on secp256k1', jwk('secp256k1'), /kind/],
    ['is on a curve that is a list', { ...jwk('p256'), crv: ['P-256'] }, /kind/],
    ['is for encryption', { ...jwk('rsa'), use: 'enc' }, /"use"/],
    ['has another use', { ...jwk('rsa'), use: 'saml_response_sig' }, /"use"/],
    ['has a use that is a list', { ...jwk('rsa'), use: ['sig'] }, /"use"/],
    ['has key_ops without verify', { ...jwk('rsa'), key_ops: ['wrapKey'] }, /"key_ops"/],
    ['has key_ops that are no list', { ...jwk('rsa'), key_ops: 'verify' }, /"key_ops"/],
    ['is published with its private part', { ...testKey('rsa').privateJwk }, /private part/],
    ['is published with a prime of it', { ...jwk('rsa'), p: 'AQAB' }, /private part/],
    ['is published with k', { ...jwk('p256'), k: 'AQAB' }, /private part/],
    ['is bound to encryption', { ...jwk('rsa'), alg: 'RSA-OAEP' }, /"alg"/],
    ['is bound to the algorithm of another kind', { ...jwk('rsa'), alg: 'ES256' }, /"alg"/],
    ['is bound to the algorithm of another curve', { ...jwk('p256'), alg: 'ES384' }, /"alg"/],
    ['is bound to HMAC', { ...jwk('rsa'), alg: 'HS256' }, /"alg"/],
    ['is bound to a number', { ...jwk('rsa'), alg: 256 }, /"alg"/],
    ['has no modulus', { kty: 'RSA', kid: 'a' }, /malformed/],
    ['has a number as its modulus', { ...jwk('rsa'), n: 7 }, /malformed/],
    ['has an object as its modulus', { ...jwk('rsa'), n: {} }, /malformed/],
    ['has nested lists as its modulus', { ...jwk('rsa'), n: nested }, /malformed/],
    ['has nested lists as its exponent', { ...jwk('rsa'), e: nested }, /malformed/],
    ['has nested lists as a coordinate', { ...jwk('p256'), y: nested }, /malformed/],
    ['has nested lists as its kid', { ...jwk('rsa'), kid: nested }, /malformed/],
    ['has nested lists as its alg', { ...jwk('rsa'), alg: nested }, /"alg"/],
    ['has nested lists as its key_ops', { ...jwk('rsa'), key_ops: nested }, /"key_ops"/],
    ['has a number as its kid', { ...jwk('rsa'), kid: 7 }, /malformed/],
    ['has the exponent 1', { ...jwk('rsa'), e: 'AQ' }, /malformed/],
    ['has a very long exponent', { ...jwk('rsa'), e: '_'.repeat(65) }, /malformed/],
    ['has a modulus over 8192 bits', { ...jwk('rsa'), n: '_'.repeat(1367) }, /malformed/],
    ['has an exponent over 32 bits', { ...jwk('rsa'), e: 'AQAAAAE' }, /malformed/],
    ['has a very long modulus', { ...jwk('rsa'), n: '_'.repeat(1_000_000) }, /malformed/],
    ['has a very long coordinate', { ...jwk('p256'), x: '_'.repeat(129) }, /malformed/],
    ['has a very long crv beside RSA', { ...jwk('rsa'), crv: '_'.repeat(101) }, /malformed/],
    ['is a point beside its curve', { ...jwk('p256'), y: jwk('p256').x }, /malformed/],
    ['is a short Ed25519 key', { ...jwk('ed25519'), x: 'AA' }, /malformed/],
    ['is a number', 7, /malformed/],
    ['is null', null, /malformed/],
    ['is a list', [jwk('rsa')], /malformed/],
    ['is an RSA key of 512 bits', jwk('rsa-512'), /shorter than minRsaBits allows, ignored/],
    ['is an RSA key of 1016 bits', jwk('rsa-1016'), /shorter than minRsaBits allows, ignored/],
  ])('that %s is ignored, and spoils no other', async (_, entry, reason) => {
    expect((await ignored(entry)).map(({ text }) => text)).toEqual([expect.stringMatching(reason)]);
    const { keys } = await read(entry, jwk('p256'), entry);
    expect(keys.map(({ key }) => key.family)).toEqual(['p256']);
  });

  it('of 1024 bits is used with a remark, unless minRsaBits is higher', async () => {
    const weak = { ...jwk('rsa-1024'), kid: 'a' };
    const { keys, remarks } = await read(weak);
    expect(keys).toHaveLength(1);
    expect(remarks).toEqual([
      { text: expect.stringContaining('under 2048 bits, used'), count: 1, kids: ['a'] },
    ]);
    const strict = { ...rules, minRsaBits: 2048 };
    const both = await readKeySet({ keys: [weak, jwk('rsa')] }, strict, {});
    expect(both.keys.map(({ kid }) => kid)).toEqual([undefined]);
    expect(both.remarks).toEqual([expect.objectContaining({ count: 1, kids: ['a'] })]);
  });
});

describe('a key set', () => {
  it('names the first five kids of the keys that are ignored, and counts the others', async () => {
    const enc = { ...jwk('rsa'), use: 'enc' };
    const kids = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(await ignored(enc, ...kids.map((kid) => ({ ...enc, kid })))).toEqual([
      { text: 'not for signatures by its "use", ignored', count: 7, kids: kids.slice(0, 5) },
    ]);
  });

  it('has a key once, however often it is published', async () => {
    const { keys } = await read(jwk('p256'), jwk('p256'), { ...jwk('p256'), kid: 'a' });
    expect(keys.map(({ kid }) => kid)).toEqual([undefined, 'a']);
  });

  it('is read up to 100 keys', async () => {
    const kids = Array.from({ length: 103 }, (_, index) => String(index));
    const set = await read(...kids.map((kid) => ({ ...jwk('p256'), kid })));
    expect(set.keys.map(({ kid }) => kid)).toEqual(kids.slice(0, 100));
    expect(set.remarks).toEqual([
      { text: expect.stringContaining('beyond the first 100'), count: 3, kids: kids.slice(100) },
    ]);
  });

  it('has 200 imports tried, whether they succeed or not, and none for a key that is known', async () => {
    const beside = { ...jwk('p256'), y: jwk('p256').x };
    const bad = Array.from({ length: 203 }, (_, index) => ({ ...beside, kid: String(index) }));
    expect(await ignored(...bad)).toEqual([
      { text: 'malformed, ignored', count: 200, kids: ['0', '1', '2', '3', '4'] },
      {
        text: expect.stringContaining('beyond the first 200 that are tried'),
        count: 3,
        kids: ['200', '201', '202'],
      },
    ]);
    const good = [jwk('p256'), jwk('rsa')];
    const { keys: known } = await read(...good);
    expect((await read(...bad, ...good)).keys).toEqual([]);
    const again = await readKeySet({ keys: [...bad, ...good] }, rules, { known });
    expect(again.keys).toEqual(known);
  });

  it('leaves the event loop its turns between imports, and between very many other entries', async () => {
    const turnsDuring = async (...keys: unknown[]): Promise<number> => {
      let turns = 0;
      let isRunning = true;
      const count = (): void => {
        turns += 1;
        if (isRunning) setImmediate(count);
      };
      setImmediate(count);
      await read(...keys);
      isRunning = false;
      return turns;
    };
    const beside = { ...jwk('p256'), y: jwk('p256').x };
    const imported = await turnsDuring(...Array.from({ length: 200 }, () => beside));
    expect(imported).toBeGreaterThanOrEqual(200 / 4 - 1);
    const cheap = await turnsDuring(...Array.from({ length: 20_000 }, () => 7));
    expect(cheap).toBeGreaterThanOrEqual(20_000 / 2000 - 1);
    expect(await turnsDuring(jwk('p256'), jwk('rsa'))).toBe(0);
  });

  it('is read no further once the signal is aborted', async () => {
    const controller = new AbortController();
    const beside = { ...jwk('p256'), y: jwk('p256').x };
    const keys = Array.from({ length: 20 }, () => beside);
    const reading = readKeySet({ keys }, rules, { signal: controller.signal });
    controller.abort(new Error('closed'));
    await expect(reading).rejects.toThrow('closed');
  });

  it('returns a key that is known, and unchanged, as the same object', async () => {
    const [one, two] = [issuerKey('one'), issuerKey('two')];
    const { keys: known } = await read(one.jwk, two.jwk);
    const reordered = { use: 'sig', x5t: 'other', ...two.jwk };
    const set = { keys: [reordered, issuerKey('three').jwk] };
    const { keys } = await readKeySet(set, rules, { known });
    expect(keys[0]).toBe(known[1]);
    expect(keys[1]?.kid).toBe('three');
  });

  it.each([
    ['its kid', { kid: 'other' }],
    ['its alg', { alg: undefined }],
    ['its point', { ...issuerKey('one').jwk }],
  ])('returns a key as another one if %s has changed', async (_, change) => {
    const one = issuerKey('one').jwk;
    const { keys: known } = await read(one);
    const { keys } = await readKeySet({ keys: [{ ...one, ...change }] }, rules, { known });
    expect(keys[0]?.key).not.toBe(known[0]?.key);
  });

  it.each([
    ['null', null],
    ['a text', 'keys'],
    ['a list of keys', [jwk('p256')]],
    ['an object without keys', { error: 'not found' }],
    ['an empty object', {}],
    ['keys that are no list', { keys: { a: jwk('p256') } }],
    ['a single key', jwk('p256')],
    ['a jwks_uri that is no text', { jwks_uri: ['https://issuer.example/jwks'] }],
  ])('is not %s', async (_, json) => {
    await expect(readKeySet(json, rules, {})).rejects.toThrow(
      'the response is JSON, but neither a key set nor a map of certificates',
    );
  });

  it.each([
    ['https://issuer.example/jwks', ', https://issuer.example/jwks'],
    [
      'https://user:marked@issuer.example:8443/a?key=marked#marked',
      ', https://issuer.example:8443/a',
    ],
    [`https://issuer.example/${'a'.repeat(1000)}`, `, https://issuer.example/${'a'.repeat(177)}`],
    ['marked', ''],
    ['javascript:marked', ''],
  ])(
    'is not a discovery document, of which the error names the jwks_uri %s',
    async (uri, shown) => {
      const document = { issuer: 'https://issuer.example', jwks_uri: uri };
      await expect(readKeySet(document, rules, {})).rejects.toThrow(
        new Error(
          `the response is a discovery document and not a key set; set jwk_url to its jwks_uri${shown}`,
        ),
      );
    },
  );

  it('may be empty', async () => {
    expect(await read()).toEqual({ keys: [], skipped: 0, remarks: [] });
  });
});

describe('a map of certificates by kid', () => {
  const certificate = testKey('rsa').x509 ?? '';
  const readMap = (map: object, minRsaBits = 1024, known: ReadKeySet['keys'] = []) =>
    readKeySet(map, { ...rules, minRsaBits }, { known });

  it('is read, and a certificate that is known is the same key', async () => {
    const { keys, remarks } = await readMap({ a: certificate, b: keyMember('p256.spki') });
    expect(keys.map(({ kid, key }) => [kid, key.family, key.alg])).toEqual([
      ['a', 'rsa', undefined],
      ['b', 'p256', undefined],
    ]);
    expect(remarks).toEqual([]);
    expect((await readMap({ a: certificate }, 1024, keys)).keys[0]).toBe(keys[0]);
  });

  it('has what is no certificate ignored, and private keys and short ones by name', async () => {
    const labelled = privatePem('rsa.pkcs1').replaceAll('RSA PRIVATE KEY', 'CERTIFICATE');
    const { keys, remarks } = await readMap(
      {
        a: 'hello',
        b: 7,
        c: certificate,
        d: 'MIIB',
        e: privatePem('p256.pkcs8'),
        f: labelled,
        g: keyMember('rsa-1024.x509'),
        h: `${certificate}${' '.repeat(16_384)}`,
        i: keyMember('secp256k1.spki'),
      },
      2048,
    );
    expect(keys.map(({ kid }) => kid)).toEqual(['c']);
    expect(remarks.map(({ text, kids }) => [text, kids])).toEqual([
      ['malformed, ignored', ['a', 'b', 'd', 'h']],
      [expect.stringContaining('private part'), ['e', 'f']],
      [expect.stringContaining('minRsaBits'), ['g']],
      [expect.stringContaining('kind'), ['i']],
    ]);
  });

  it('has one key imported for each entry, that of the first block, since an entry counts as one import', async () => {
    const damaged = `-----BEGIN PUBLIC KEY-----\n${Buffer.from('3009300506032b656a0300', 'hex').toString('base64')}\n-----END PUBLIC KEY-----\n`;
    const { keys } = await readMap({
      a: `${certificate}${damaged}`,
      b: `${damaged}${certificate}`,
    });
    expect(keys.map(({ kid }) => kid)).toEqual(['a']);
  });

  it('has a key with an endless exponent ignored before Node reads the exponent', async () => {
    const { n = '' } = jwk('rsa');
    const e = Buffer.alloc(40_000, 0xff).toString('base64url');
    const pem = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
      .export({ format: 'pem', type: 'spki' })
      .toString();
    const { keys, remarks } = await readMap({ a: pem });
    expect(keys).toEqual([]);
    expect(remarks.map(({ text }) => text)).toEqual(['malformed, ignored']);
  });
});

const keySet = async (...keys: unknown[]): Promise<KeySet> =>
  new KeySet((await read(...keys)).keys);

describe('the candidates for a token', () => {
  const rsa = jwk('rsa');
  const other = jwk('rsa-other');
  const set = keySet(
    rsa,
    { ...rsa, kid: 'a' },
    { ...other, kid: 'a' },
    { ...other, kid: 'b', alg: 'RS512' },
    { ...jwk('p256'), kid: 'a' },
    { ...jwk('ed25519'), kid: 'e', alg: 'EdDSA' },
  );

  /** The candidates by their places in the set, of the token's kid and of any. */
  async function found(alg: Algorithm, kid?: string): Promise<readonly [number[], number[]]> {
    const { keys } = await set;
    const places = keys.map(({ key }) => key);
    const hint = { alg, kid };
    return [(await set).candidates(hint), (await set).everyCandidate(hint)].map((list) =>
      list.map((key) => places.indexOf(key)),
    ) as unknown as readonly [number[], number[]]; // a list of two stays one
  }

  it('are the keys of its kid, then those without one; of any kid, the others follow', async () => {
    expect(await found('RS256', 'a')).toEqual([
      [1, 2, 0],
      [1, 2, 0],
    ]);
    expect(await found('RS512', 'b')).toEqual([
      [3, 0],
      [3, 0, 1, 2],
    ]);
    expect(await found('ES256', 'a')).toEqual([[4], [4]]);
  });

  it('are the keys without a kid if its own is unknown', async () => {
    expect(await found('RS256', 'x')).toEqual([[0], [0, 1, 2]]);
    expect(await found('ES256', 'x')).toEqual([[], [4]]);
  });

  it('are all that fit if it has no kid', async () => {
    expect((await found('RS256'))[0]).toEqual([0, 1, 2]);
    expect((await found('RS512'))[0]).toEqual([0, 1, 2, 3]);
    expect((await found('ES384'))[0]).toEqual([]);
    expect((await found('HS256'))[0]).toEqual([]);
  });

  it('are bound to their alg, by either name of EdDSA', async () => {
    expect((await found('RS256', 'b'))[0]).toEqual([0]);
    expect((await found('Ed25519', 'e'))[0]).toEqual([5]);
    expect((await found('EdDSA', 'e'))[0]).toEqual([5]);
  });

  it('come from a set that knows which kids it has', async () => {
    const names = await set;
    const kids = ['a', 'b', 'e', 'x', '__proto__'].filter((kid) => names.names(kid));
    expect(kids).toEqual(['a', 'b', 'e']);
    expect(names.namesAll).toBe(false);
    expect((await keySet({ ...rsa, kid: 'a' })).namesAll).toBe(true);
  });
});

describe('two key sets', () => {
  it('are equal if they have the same keys in the same order, and hold the keys that they share', async () => {
    const a = { ...jwk('p256'), kid: 'a' };
    const one = await keySet(jwk('rsa'), a);
    const other = async (...keys: unknown[]): Promise<KeySet> =>
      new KeySet((await readKeySet({ keys }, rules, { known: one.keys })).keys);
    const fewer = await other(jwk('rsa'));
    const sets = [
      await other(jwk('rsa'), a),
      await other(a, jwk('rsa')),
      fewer,
      await keySet(jwk('rsa'), jwk('p256')),
    ];
    expect(sets.map((set) => one.equals(set))).toEqual([true, false, false, false]);
    expect(one.keys.map(({ key }) => fewer.holds(key))).toEqual([true, false]);
  });
});
