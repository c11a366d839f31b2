import { TokenDecoder } from '../../src/jwt/decode.js';
import { matchIssuer } from '../../src/jwt/match-issuer.js';
import { jwtConfig } from '../parsed-jwt.js';
import { refusal } from '../thrown.js';
import { part } from '../tokens.js';

const token = (claims: object) =>
  new TokenDecoder().decode(`${part({ alg: 'RS256' })}.${part(claims)}.`);

const none = jwtConfig();
const a = jwtConfig({ issuer: 'https://a.example' });
const b = jwtConfig({ issuer: 'https://b.example' });
const fromA = token({ iss: 'https://a.example' });
const fromB = token({ iss: 'https://b.example' });
const withoutIssuer = token({});

describe('one token at one location', () => {
  it('goes to the configuration of its issuer', () => {
    expect(matchIssuer([{ token: fromA, configs: [a, b] }])).toEqual({ token: fromA, config: a });
    expect(matchIssuer([{ token: fromB, configs: [a, b] }])).toEqual({ token: fromB, config: b });
  });

  it('goes to a configuration without issuer, from any issuer', () => {
    expect(matchIssuer([{ token: fromA, configs: [none] }]).config).toBe(none);
    expect(matchIssuer([{ token: fromA, configs: [b, none] }]).config).toBe(none);
  });

  it('goes to a configuration with an issuer if it names none', () => {
    expect(matchIssuer([{ token: withoutIssuer, configs: [a] }]).config).toBe(a);
  });

  it('is refused if it fits none', () => {
    const { kind, message } = refusal(() => matchIssuer([{ token: fromB, configs: [a] }]));
    expect({ kind, message }).toEqual({
      kind: 'invalid-token',
      message: 'Could not verify JWT: JWTNotInIssuer',
    });
  });

  it.each<[string, object]>([
    ['null', { iss: null }],
    ['a number', { iss: 5 }],
    ['a list', { iss: ['https://a.example'] }],
  ])('fits no issuer if its own is %s', (_, claims) => {
    expect(refusal(() => matchIssuer([{ token: token(claims), configs: [a] }])).message).toBe(
      'Could not verify JWT: JWTNotInIssuer',
    );
  });

  it('is ambiguous if two configurations fit', () => {
    const ambiguous = [
      { token: fromA, configs: [a, none] },
      { token: withoutIssuer, configs: [a, b] },
    ];
    for (const candidate of ambiguous) {
      const { kind, message } = refusal(() => matchIssuer([candidate]));
      expect({ kind, message }).toEqual({
        kind: 'ambiguous-token',
        message: 'Could not verify JWT: Multiple JWTs found',
      });
    }
  });
});

describe('configurations with one issuer', () => {
  const issuer = 'https://a.example';
  const shared = jwtConfig({ issuer, type: 'HS256', key: 'k'.repeat(32) });
  const pair = jwtConfig({ issuer, algorithms: ['RS256'] });
  const signedAs = (alg: string) =>
    new TokenDecoder().decode(`${part({ alg })}.${part({ iss: issuer })}.`);
  const configFor = (alg: string) =>
    matchIssuer([{ token: signedAs(alg), configs: [shared, pair] }]).config;

  it('are selected by the algorithm of the token and the family of their keys', () => {
    expect(configFor('HS256')).toBe(shared);
    expect(configFor('RS256')).toBe(pair);
  });

  it('come to the first of them for an algorithm that fits none, whose keys then refuse the token', () => {
    expect(configFor('ES256')).toBe(shared);
    expect(configFor('none')).toBe(shared);
  });

  it('choose a token without issuer by its algorithm too', () => {
    const token = new TokenDecoder().decode(`${part({ alg: 'RS256' })}.${part({})}.`);
    expect(matchIssuer([{ token, configs: [shared, pair] }]).config).toBe(pair);
  });

  it('do not choose between two tokens', () => {
    const candidates = [
      { token: signedAs('HS256'), configs: [shared] },
      { token: signedAs('RS256'), configs: [pair] },
    ];
    expect(refusal(() => matchIssuer(candidates)).kind).toBe('ambiguous-token');
  });
});

describe('tokens at two locations', () => {
  it('leave the one that fits', () => {
    const candidates = [
      { token: fromB, configs: [a] },
      { token: fromB, configs: [b] },
    ];
    expect(matchIssuer(candidates)).toEqual({ token: fromB, config: b });
  });

  it('are ambiguous if both fit', () => {
    const candidates = [
      { token: fromA, configs: [a] },
      { token: fromB, configs: [b] },
    ];
    expect(refusal(() => matchIssuer(candidates)).kind).toBe('ambiguous-token');
  });
});
