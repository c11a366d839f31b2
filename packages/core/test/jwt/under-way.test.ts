import type { LocationConfigs } from '../../src/jwt/jwt-config.js';
import { UnderWay } from '../../src/jwt/under-way.js';
import type { VerifiedToken } from '../../src/jwt/verified-token.js';

const here: LocationConfigs = { location: { kind: 'authorization' }, configs: [] };
const there: LocationConfigs = { location: { kind: 'header', name: 'a' }, configs: [] };
const a = { text: 'a', at: here };
const token = {} as VerifiedToken; // nothing of it is read here

describe('a verification under way', () => {
  it('is found by its token and location, until it has ended', async () => {
    const underWay = new UnderWay();
    const verified = Promise.resolve(token);
    expect(underWay.add(a, verified)).toBe(verified);
    expect(underWay.find(a)).toBe(verified);
    expect(underWay.find({ ...a, at: there })).toBeUndefined();
    expect(underWay.find({ ...a, text: 'b' })).toBeUndefined();
    await verified;
    expect(underWay.find(a)).toBeUndefined();
  });

  it('is not found any more once it has failed', async () => {
    const underWay = new UnderWay();
    const verified = underWay.add(a, Promise.reject(new Error('wrong')));
    await expect(verified).rejects.toThrow('wrong');
    expect(underWay.find(a)).toBeUndefined();
  });

  it('does not end a newer one of the same text', async () => {
    const underWay = new UnderWay();
    const first = underWay.add(a, Promise.resolve(token));
    const elsewhere = { ...a, at: there };
    const second = underWay.add(elsewhere, new Promise<VerifiedToken>(() => undefined));
    await first;
    expect(underWay.find(elsewhere)).toBe(second);
  });
});
