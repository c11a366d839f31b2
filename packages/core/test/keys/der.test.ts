import { X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import fc from 'fast-check';
import { derKind, readDer } from '../../src/keys/pem.js';
import { thrown } from '../thrown.js';
import { spki, testKey } from '../tokens.js';

const certificate = (bytes: Buffer) => readDer(bytes, 'certificate or request');
const certificateRequestKey = (bytes: Buffer) => readDer(bytes, 'certificate or request').key;

const der = (name: string): Buffer =>
  Buffer.from((testKey(name).csr ?? '').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
const message = (bytes: Buffer): string => String(thrown(() => certificateRequestKey(bytes)));

/** A DER element: its tag, its length in the shortest form, its content. */
function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x82]), length, body]);
}
const spkiDer = Buffer.from(spki('p256').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
const version = element(0x02, Buffer.from([0]));
const subject = element(0x30);

const time = (tag: number, text: string): Buffer => element(tag, Buffer.from(text));
/** A certificate of the P-256 key; its signature, which is never checked, holds these bytes. */
const certificateWith = (notAfter: Buffer, signature = Buffer.alloc(0)): Buffer => {
  const validity = element(0x30, time(0x17, '250101000000Z'), notAfter);
  const info = element(0x30, version, element(0x30), subject, validity, subject, spkiDer);
  return element(0x30, info, element(0x30), element(0x03, signature));
};

describe('a certificate', () => {
  it.each([
    ['a UTCTime of this century', time(0x17, '491231235959Z'), '2049-12-31T23:59:59Z'],
    ['a UTCTime of the last century', time(0x17, '500101000000Z'), '1950-01-01T00:00:00Z'],
    ['a GeneralizedTime', time(0x18, '20500101000000Z'), '2050-01-01T00:00:00Z'],
  ])('ends at %s', (_, notAfter, expected) => {
    expect(certificate(certificateWith(notAfter)).notAfter).toBe(Date.parse(expected));
  });

  it.each(['', '2501', '250101000000+0100', '259901000000Z', 'z'.repeat(13)])(
    'that says %j about its end has no known end, and its key is read',
    (text) => {
      const { key, notAfter } = certificate(certificateWith(time(0x17, text)));
      expect([key.asymmetricKeyType, notAfter]).toEqual(['ec', undefined]);
    },
  );

  it('has the key that was looked at, whatever PEM text its bytes contain', () => {
    const inner = Buffer.from(`\n${testKey('rsa').x509 ?? ''}\n`);
    const bytes = certificateWith(time(0x17, '491231235959Z'), inner);
    expect(new X509Certificate(bytes).publicKey.asymmetricKeyType).toBe('rsa'); // what Node reads
    const { key } = certificate(bytes);
    expect(key.export({ format: 'der', type: 'spki' })).toEqual(spkiDer);
  });
});

describe('a certificate request', () => {
  it.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'rsa-1024'])(
    'of %s is read as its key',
    (name) => {
      const key = certificateRequestKey(der(name));
      expect(key.export({ format: 'pem', type: 'spki' }).toString().trim()).toBe(spki(name).trim());
      expect(key.type).toBe('public');
    },
  );

  it('may have no more members than the key needs', () => {
    const least = element(0x30, element(0x30, version, subject, spkiDer));
    expect(certificateRequestKey(least).asymmetricKeyType).toBe('ec');
  });

  it('may have a version and a subject of any length', () => {
    const long = element(
      0x30,
      element(0x30, element(0x02, Buffer.alloc(200)), element(0x30, Buffer.alloc(300)), spkiDer),
    );
    expect(certificateRequestKey(long).asymmetricKeyType).toBe('ec');
  });

  it('is refused if a tag is written in several bytes, which OpenSSL would read', () => {
    const bad = 'Error: the DER has a tag of a bad form';
    const identifier = (parameters: Buffer): Buffer =>
      element(0x30, element(0x30, element(0x06, Buffer.from([0x2a])), parameters), element(0x03));
    const request = (key: Buffer): Buffer =>
      element(0x30, element(0x30, version, subject, key), element(0x30));
    for (const tag of [0x1f, 0x3f, 0xbf, 0xff])
      expect(message(request(identifier(Buffer.from([tag, 0x10, 0x00]))))).toBe(bad);
    for (const tag of [0x30, 0x31, 0x02, 0x24, 0xa0])
      expect(message(request(identifier(element(tag, version))))).toBe(
        'Error: the key lists the numbers of its curve, or is of a kind that is not used',
      );
  });

  it('is refused if one of its sequences is something else', () => {
    const info = element(0x30, version, subject, spkiDer);
    const none = 'Error: the DER has no sequence where one is required';
    expect(message(element(0x31, info))).toBe(none);
    expect(message(element(0x30, element(0x31, version, subject, spkiDer)))).toBe(none);
    expect(message(element(0x30, element(0x30, version, element(0x31), spkiDer)))).toBe(none);
    expect(message(element(0x30, element(0x30, version, subject, element(0x02))))).toBe(none);
  });

  it('is refused if an element ends early or reaches beyond the one around it', () => {
    const early = 'Error: the DER ends early';
    expect(message(Buffer.alloc(0))).toBe(early);
    expect(message(Buffer.from([0x30]))).toBe(early);
    expect(message(Buffer.from([0x30, 0x01]))).toBe(early);
    expect(message(Buffer.from([0x30, 0x82, 0x01]))).toBe(early);
    expect(message(element(0x30))).toBe(early);
    expect(message(element(0x30, element(0x30)))).toBe(early);
    expect(message(element(0x30, element(0x30, version)))).toBe(early);
    expect(message(element(0x30, element(0x30, version, subject)))).toBe(early);
    // an element must not reach beyond the one around it
    const reaching = Buffer.concat([element(0x30, element(0x30, version)), subject, spkiDer]);
    expect(message(reaching)).toBe(early);
    const info = element(0x30, version, subject, spkiDer);
    const longer = Buffer.from(info);
    longer.writeUInt8(longer.readUInt8(1) + 1, 1);
    expect(message(element(0x30, longer))).toBe(early);
  });

  it('is refused if a length is indefinite or takes more than four bytes', () => {
    const bad = 'Error: the DER has a length of a bad form';
    expect(message(Buffer.from([0x30, 0x80, 0x00, 0x00]))).toBe(bad);
    expect(message(Buffer.from([0x30, 0x85, 0, 0, 0, 0, 1, 0]))).toBe(bad);
    expect(message(Buffer.from([0x30, 0xff]))).toBe(bad);
    const info = element(0x30, version, subject, spkiDer);
    const four = Buffer.concat([Buffer.from([0x30, 0x84, 0, 0, 0, info.length]), info]);
    expect(certificateRequestKey(four).asymmetricKeyType).toBe('ec');
  });

  it('may be any bytes: the result is a public key, no known form, or an Error', () => {
    const good = der('p256');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
          fc.nat({ max: good.length }).map((length) => good.subarray(0, length)),
          fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })).map(([at, value]) => {
            const changed = Buffer.from(good);
            changed.writeUInt8(value, at);
            return changed;
          }),
        ),
        (bytes) => {
          try {
            const kind = derKind(bytes);
            if (kind !== undefined && kind !== 'private')
              expect(readDer(bytes, kind).key.type).toBe('public');
          } catch (error) {
            expect(types.isNativeError(error)).toBe(true); // Node's own errors are of another realm than Jest's
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the form of a key', () => {
  const int = element(0x02, Buffer.from([3]));
  const octets = element(0x04, Buffer.from([1]));
  const bits = element(0x03, Buffer.from([0]));
  const sequence = (...members: Buffer[]): Buffer => element(0x30, ...members);

  it.each<[string, Buffer, ReturnType<typeof derKind>]>([
    ['two numbers are PKCS #1', sequence(int, int), 'pkcs1'],
    ['three numbers are private', sequence(int, int, int), 'private'],
    [
      'two numbers with something behind them are private',
      Buffer.concat([sequence(int, int), int]),
      'private',
    ],
    ['a number and an algorithm are private', sequence(int, sequence(), octets), 'private'],
    ['a number and octets are private', sequence(int, octets), 'private'],
    ['an algorithm and octets are private', sequence(sequence(), octets), 'private'],
    ['OpenSSH’s form is private', Buffer.from('openssh-key-v1\0'), 'private'],
    ['an algorithm and bits are SPKI', sequence(sequence(), bits), 'spki'],
    ['an algorithm, bits and more are unknown', sequence(sequence(), bits, bits), undefined],
    [
      'an SPKI with something behind it is unknown',
      Buffer.concat([sequence(sequence(), bits), int]),
      undefined,
    ],
    [
      'content, algorithm and bits are signed',
      sequence(sequence(), sequence(), bits),
      'certificate or request',
    ],
    [
      'content, algorithm and something else are unknown',
      sequence(sequence(), sequence(), int),
      undefined,
    ],
    ['one number is unknown', sequence(int), undefined],
    ['one sequence is unknown', sequence(sequence()), undefined],
    ['an empty sequence is unknown', sequence(), undefined],
    ['bits are unknown', bits, undefined],
    ['nothing is unknown', Buffer.alloc(0), undefined],
    ['a cut member is unknown', element(0x30, int, Buffer.from([0x02, 9])), undefined],
  ])('%s', (_, bytes, kind) => {
    expect(derKind(bytes)).toBe(kind);
  });
});

describe('the numbers of a curve that has no name', () => {
  // SEC 1, section C.2: ECParameters begin with a version and the field.
  const field = element(0x30, element(0x06, Buffer.from('2a8648ce3d0101', 'hex')), version);
  const numbers = element(0x30, element(0x02, Buffer.from([1])), field);
  const ofCurve = (parameters: Buffer): Buffer =>
    element(
      0x30,
      element(0x30, element(0x06, Buffer.from('2a8648ce3d0201', 'hex')), parameters),
      element(0x03, Buffer.from([0, 2, 1])),
    );
  const refusal = 'Error: the key lists the numbers of its curve, or is of a kind that is not used';
  const names = element(0x30);
  const signature = [element(0x30), element(0x03, Buffer.from([0]))];
  const certificate = (...start: Buffer[]): Buffer =>
    element(
      0x30,
      element(0x30, ...start, names, names, names, names, ofCurve(numbers)),
      ...signature,
    );

  it.each([
    ['a public key', 'spki', ofCurve(numbers)],
    [
      'a certificate request',
      'certificate or request',
      element(0x30, element(0x30, version, subject, ofCurve(numbers)), ...signature),
    ],
    ['a certificate of version 1', 'certificate or request', certificate(version)],
    [
      'a certificate of version 3',
      'certificate or request',
      certificate(element(0xa0, version), version),
    ],
  ] as const)('are refused in %s before OpenSSL computes with them', (_name, kind, bytes) => {
    expect(derKind(bytes)).toBe(kind);
    expect(String(thrown(() => readDer(bytes, kind)))).toBe(refusal);
  });

  it('are refused in every form: whatever is neither a name nor NULL', () => {
    for (const tag of [0x02, 0x24, 0x30, 0x31, 0x70, 0xa0])
      expect(String(thrown(() => readDer(ofCurve(element(tag, version)), 'spki')))).toBe(refusal);
    for (const parameters of [element(0x05), element(0x06, Buffer.from([0x2a]))])
      expect(String(thrown(() => readDer(ofCurve(parameters), 'spki')))).not.toBe(refusal);
  });
});
