import { types } from 'node:util';
import fc from 'fast-check';
import { certificateRequestKey } from '../../src/keys/certificate-request.js';
import { thrown } from '../thrown.js';
import { spki, testKey } from '../tokens.js';

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

describe('a certificate request', () => {
  it.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'rsa-1024'])('of %s holds its key', (name) => {
    const key = certificateRequestKey(der(name));
    expect(key.export({ format: 'pem', type: 'spki' }).toString().trim()).toBe(spki(name).trim());
    expect(key.type).toBe('public');
  });

  it('is as little as this', () => {
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

  it('is a sequence of sequences', () => {
    const info = element(0x30, version, subject, spkiDer);
    const none = 'Error: the DER has no sequence where one must be';
    expect(message(element(0x31, info))).toBe(none);
    expect(message(element(0x30, element(0x31, version, subject, spkiDer)))).toBe(none);
    expect(message(element(0x30, element(0x30, version, element(0x31), spkiDer)))).toBe(none);
    expect(message(element(0x30, element(0x30, version, subject, element(0x02))))).toBe(none);
  });

  it('ends where it says', () => {
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

  it('has lengths that are definite and small', () => {
    const bad = 'Error: the DER has a length of a bad form';
    expect(message(Buffer.from([0x30, 0x80, 0x00, 0x00]))).toBe(bad);
    expect(message(Buffer.from([0x30, 0x85, 0, 0, 0, 0, 1, 0]))).toBe(bad);
    expect(message(Buffer.from([0x30, 0xff]))).toBe(bad);
    const info = element(0x30, version, subject, spkiDer);
    const four = Buffer.concat([Buffer.from([0x30, 0x84, 0, 0, 0, info.length]), info]);
    expect(certificateRequestKey(four).asymmetricKeyType).toBe('ec');
  });

  it('may be any bytes: an Error comes out of what is none, and nothing else', () => {
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
            expect(certificateRequestKey(bytes).type).toBe('public');
          } catch (error) {
            expect(types.isNativeError(error)).toBe(true); // Node's own errors are of another realm than Jest's
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
