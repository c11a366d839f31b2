import {
  noVerifiedTokens,
  verifiedTokens,
  type VerifiedTokens,
} from '../../src/jwt/verified-tokens.js';
import type { JwtConfig, LocationConfigs } from '../../src/jwt/match-issuer.js';
import { jwt } from '../../src/methods/jwt.js';
import type { DecisionStep } from '../../src/request.js';
import { jwtConfig } from '../parsed-jwt.js';
import { view } from '../request-view.js';
import { refusal, rejection } from '../thrown.js';
import { goodClaims, goodToken, mintToken } from '../tokens.js';

const method = (config: JwtConfig, verified: VerifiedTokens = noVerifiedTokens, now = Date.now) => {
  const at: LocationConfigs = { location: config.location, configs: [config] };
  return jwt({
    locations: [at],
    verified,
    now,
    revocations: { check: () => undefined, isUsed: false },
  });
};
const bearer = (token: string, more: Readonly<Record<string, string>> = {}) =>
  view({ authorization: `Bearer ${token}`, ...more });

describe('a token decides', () => {
  it('its default role, or an allowed one that is asked for', async () => {
    const token = await goodToken();
    const decide = method(jwtConfig());
    expect((await decide(bearer(token)))?.session.role).toBe('user');
    expect((await decide(bearer(token, { 'x-hasura-role': 'editor' })))?.session.role).toBe(
      'editor',
    );
    expect((await decide(bearer(token, { 'x-hasura-role': '' })))?.session.role).toBe('user');
    expect(refusal(() => decide(bearer(token, { 'x-hasura-role': 'admin' }))).kind).toBe(
      'role-not-allowed',
    );
  });

  it('nothing if there is none', () => {
    expect(method(jwtConfig())(view())).toBeUndefined();
  });

  it('at once, if the keys are there', async () => {
    const token = await goodToken();
    expect(method(jwtConfig())(bearer(token))).not.toBeInstanceOf(Promise);
  });

  it('later, if they are not', async () => {
    const token = await goodToken();
    const config = jwtConfig();
    const later = {
      ...config.keys,
      find: () => Promise.resolve(config.keys.find({ alg: 'RS256', kid: undefined })),
    };
    const decided = method({ ...config, keys: later })(bearer(token));
    expect(decided).toBeInstanceOf(Promise);
    expect((await decided)?.session.claims).toEqual(goodClaims);
  });

  it('with an end, put off by the skew', async () => {
    const now = 1_800_000_000_000;
    const token = await goodToken({ exp: now / 1000 + 60 });
    const decided = await method(
      jwtConfig({ allowed_skew: 5 }),
      noVerifiedTokens,
      () => now,
    )(bearer(token));
    expect(decided?.session.expiresAt).toBe(now + 65_000);
  });
});

describe('a token is refused', () => {
  const problem = async (token: string, config = jwtConfig()): Promise<string> =>
    refusal(() => method(config)(bearer(token))).message;

  it('for a wrong signature', async () => {
    const tampered = await mintToken({
      sign: { key: 'rsa', alg: 'RS256' },
      claims: goodClaims,
      tamper: 'signature',
    });
    expect(await problem(tampered)).toBe('Could not verify JWT: JWSError JWSInvalidSignature');
  });

  it('if it names no algorithm', async () => {
    const unsecured = await mintToken({ sign: { key: null, alg: 'none' }, claims: goodClaims });
    expect(await problem(unsecured)).toBe('Could not verify JWT: JWSError JWSNoSignatures');
    const elsewhere = jwtConfig({ issuer: 'a' });
    const foreign = { sign: { key: null, alg: 'none' }, claims: { ...goodClaims, iss: 'b' } };
    expect(await problem(await mintToken(foreign), elsewhere)).toBe(
      'Could not verify JWT: JWTNotInIssuer',
    );
  });

  it('for an algorithm that the configuration does not allow, though the key fits', async () => {
    const config = jwtConfig({ algorithms: ['RS512'] });
    expect(await problem(await goodToken(), config)).toBe(
      'Could not verify JWT: JWSError JWSInvalidSignature',
    );
    const allowed = await mintToken({ sign: { key: 'rsa', alg: 'RS512' }, claims: goodClaims });
    expect((await method(config)(bearer(allowed)))?.session.role).toBe('user');
  });

  it('where there is no key to try', async () => {
    const config = jwtConfig();
    const keyless = { ...config, keys: { ...config.keys, find: () => [] } };
    expect(await problem(await goodToken(), keyless)).toBe(
      'Could not verify JWT: JWSError NoUsableKeys',
    );
    const later = { ...config, keys: { ...config.keys, find: () => Promise.resolve([]) } };
    const decided = Promise.resolve(method(later)(bearer(await goodToken())));
    expect((await rejection(decided)).message).toBe('Could not verify JWT: JWSError NoUsableKeys');
  });

  it('for its time, its claims and its shape, in the words of each step', async () => {
    expect(await problem(await goodToken({ exp: 1 }))).toBe('Could not verify JWT: JWTExpired');
    expect(await problem(await mintToken({ sign: { key: 'rsa', alg: 'RS256' }, claims: {} }))).toBe(
      "claims key: 'https://hasura.io/jwt/claims' not found",
    );
    expect(await problem('a.b')).toContain('Expected 3 parts; got 2');
    expect(await problem(await goodToken({ iss: 'b' }), jwtConfig({ issuer: 'a' }))).toBe(
      'Could not verify JWT: JWTNotInIssuer',
    );
  });
});

describe('an observer', () => {
  it('gets each step', async () => {
    const steps: DecisionStep[] = [];
    await method(jwtConfig())(
      view({ authorization: `Bearer ${await goodToken()}` }, (step) => void steps.push(step)),
    );
    expect(steps).toEqual([
      { step: 'token-location', outcome: 'found' },
      { step: 'decode', outcome: 'decoded' },
      { step: 'match-issuer', outcome: 'one configuration' },
      { step: 'key', outcome: 'found' },
      { step: 'verify', outcome: 'verified' },
      { step: 'registered-claims', outcome: 'valid' },
      { step: 'claims', outcome: 'read' },
      { step: 'role', outcome: 'default' },
    ]);
  });

  it('gets to know whether the client asked for the role', async () => {
    const steps: DecisionStep[] = [];
    const headers = { authorization: `Bearer ${await goodToken()}`, 'x-hasura-role': 'user' };
    await method(jwtConfig())(view(headers, (step) => void steps.push(step)));
    expect(steps.at(-1)).toEqual({ step: 'role', outcome: 'requested' });
  });

  it('gets the steps that a refused token passed', async () => {
    const steps: string[] = [];
    const observe = ({ step }: DecisionStep) => void steps.push(step);
    const unclaimed = await mintToken({ sign: { key: 'rsa', alg: 'RS256' }, claims: {} });
    refusal(() => method(jwtConfig())(view({ authorization: `Bearer ${unclaimed}` }, observe)));
    expect(steps).toEqual([
      'token-location',
      'decode',
      'match-issuer',
      'key',
      'verify',
      'registered-claims',
    ]);
  });
});

describe('a token that came before', () => {
  it('is not verified again', async () => {
    const token = await goodToken();
    const config = jwtConfig();
    let finds = 0;
    const counting = {
      ...config.keys,
      find: (...hint: Parameters<typeof config.keys.find>) => (
        (finds += 1),
        config.keys.find(...hint)
      ),
    };
    const decide = method(
      { ...config, keys: counting },
      verifiedTokens({ maxEntries: 9, maxBytes: 1e6 }),
    );
    const first = await decide(bearer(token));
    expect(await decide(bearer(token))).toBe(first);
    expect(finds).toBe(1);
  });

  it('still ends in time', async () => {
    let now = 1_800_000_000_000;
    const token = await goodToken({ exp: now / 1000 + 60 });
    const decide = method(jwtConfig(), verifiedTokens({ maxEntries: 9, maxBytes: 1e6 }), () => now);
    expect((await decide(bearer(token)))?.session.role).toBe('user');
    now += 59_999;
    expect((await decide(bearer(token)))?.session.role).toBe('user');
    now += 1;
    expect(refusal(() => decide(bearer(token))).message).toBe('Could not verify JWT: JWTExpired');
  });
});

describe('the header of a token', () => {
  it('is kept if the token verified, and never if it was refused', async () => {
    const config = jwtConfig();
    const headers: unknown[] = [];
    const find: typeof config.keys.find = (header) => {
      headers.push(header);
      return config.keys.find(header);
    };
    const decide = method({ ...config, keys: { ...config.keys, find } });
    const [expired, good] = [await goodToken({ exp: 1 }), await goodToken()];
    refusal(() => decide(bearer(expired)));
    refusal(() => decide(bearer(expired)));
    expect(headers[1]).toEqual(headers[0]);
    expect(headers[1]).not.toBe(headers[0]);
    await decide(bearer(good));
    await decide(bearer(good));
    expect(headers[3]).toBe(headers[2]);
  });
});
