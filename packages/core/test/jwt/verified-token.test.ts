import type { JwtConfig } from '../../src/jwt/jwt-config.js';
import { VerifiedToken } from '../../src/jwt/verified-token.js';
import type { KeySource, VerificationKey } from '../../src/keys/key-source.js';
import { gatherVariables } from '../../src/session-variables.js';
import { jwtConfig } from '../parsed-jwt.js';
import { refusal } from '../thrown.js';

/** Keys whose version and content the test decides, as those of a fetched set change. */
class ChangingKeys implements KeySource {
  version = 1;
  lookups = 0;
  constructor(public keys: readonly VerificationKey[]) {}
  holds(key: VerificationKey): boolean {
    this.lookups += 1;
    return this.keys.includes(key);
  }
  refresh(): undefined {
    return undefined;
  }
  find(): readonly VerificationKey[] {
    return this.keys;
  }
  ready(): Promise<void> {
    return Promise.resolve();
  }
  close(): void {
    this.keys = [];
  }
}

const plain = jwtConfig();
const [key] = atOnce(plain.keys.find({ alg: 'RS256', kid: undefined }));

function atOnce(keys: ReturnType<KeySource['find']>): readonly VerificationKey[] {
  if (keys instanceof Promise) throw new Error('a static key is there at once');
  return keys;
}

function verified({
  config = plain,
  validFrom = -Infinity,
  expiresAt = Infinity,
  payload = { sub: 'me', nested: { list: [{ a: 1 }] } },
  allowedRoles = ['user', 'editor'],
  keyVersion = config.keys.version,
}: {
  config?: JwtConfig;
  validFrom?: number;
  expiresAt?: number;
  payload?: Record<string, unknown>;
  allowedRoles?: readonly string[];
  keyVersion?: number;
} = {}): VerifiedToken {
  if (key === undefined) throw new Error('the configuration has a key');
  return new VerifiedToken({
    payload,
    config,
    key,
    keyVersion,
    lifetime: { validFrom, expiresAt },
    claims: {
      allowedRoles,
      defaultRole: 'user',
      variables: gatherVariables([['x-hasura-user-id', '1']]),
    },
  });
}

describe('the sessions of a token', () => {
  it('hold what the token says', () => {
    const { session, headers } = verified({ expiresAt: 5000 }).decide(undefined);
    expect(headers).toEqual([]);
    expect(session).toEqual({
      role: 'user',
      sessionVariables: Object.assign(Object.create(null), {
        'x-hasura-role': 'user',
        'x-hasura-user-id': '1',
      }),
      method: 'jwt',
      expiresAt: 5000,
      claims: { sub: 'me', nested: { list: [{ a: 1 }] } },
      allowedRoles: ['user', 'editor'],
      backendOnly: false,
    });
  });

  it('have no end where the token has none', () => {
    expect(verified().decide(undefined).session).not.toHaveProperty('expiresAt');
    expect(verified().expiresAt).toBe(Infinity);
    expect(verified({ expiresAt: 7 }).expiresAt).toBe(7);
  });

  it('are one for each role, shared by requests', () => {
    const token = verified();
    expect(token.decide(undefined)).toBe(token.decide('user'));
    expect(token.decide('editor')).toBe(token.decide('editor'));
    expect(token.decide('editor')).not.toBe(token.decide('user'));
    expect(token.decide('editor').session.role).toBe('editor');
  });

  it('are refused for any other role, each time', () => {
    const token = verified();
    for (let time = 0; time < 2; time++)
      expect(refusal(() => token.decide('admin')).kind).toBe('role-not-allowed');
    expect(refusal(() => verified({ allowedRoles: ['editor'] }).decide(undefined)).kind).toBe(
      'role-not-allowed',
    );
  });

  it('cannot be changed, at any depth, nor can what they were made of change them', () => {
    const allowedRoles = ['user'];
    const payload: Record<string, unknown> = { nested: { list: [{ a: 1 }] } };
    const { session } = verified({ allowedRoles, payload }).decide(undefined);
    allowedRoles.push('admin');
    expect(session.allowedRoles).toEqual(['user']);
    expect(Object.isFrozen(session.allowedRoles)).toBe(true);
    const frozen = Object.freeze(['user']);
    expect(verified({ allowedRoles: frozen }).decide(undefined).session.allowedRoles).toBe(frozen);
    expect(Object.isFrozen(session.claims)).toBe(true);
    const { list } = payload['nested'] as { list: { a: number }[] };
    expect(Object.isFrozen(list)).toBe(true);
    expect(Object.isFrozen(list[0])).toBe(true);
  });
});

describe('a verified token is good', () => {
  it('from its beginning until before its end', () => {
    const token = verified({ validFrom: 100, expiresAt: 200 });
    expect([99, 100, 199, 200].map((now) => token.isGood(now))).toEqual([false, true, true, false]);
  });

  it('as long as its key is among the keys, which is looked at once a change', () => {
    if (key === undefined) throw new Error('the configuration has a key');
    const keys = new ChangingKeys([key]);
    const token = verified({ config: { ...plain, keys } });
    expect(token.isGood(0)).toBe(true);
    expect(keys.lookups).toBe(0);
    keys.version = 2;
    expect(token.isGood(0)).toBe(true);
    expect(token.isGood(0)).toBe(true);
    expect(keys.lookups).toBe(1);
    keys.version = 3;
    keys.keys = [];
    expect(token.isGood(0)).toBe(false);
    expect(token.isGood(0)).toBe(false);
    expect(keys.lookups).toBe(3);
  });
});

it('a verified token remembers its configuration', () => {
  expect(verified().config).toBe(plain);
});

it('a token is verified anew where its keys changed while it was verified', () => {
  if (key === undefined) throw new Error('the configuration has a key');
  const keys = new ChangingKeys([]);
  const token = verified({ config: { ...plain, keys }, keyVersion: 0 });
  expect(token.isGood(0)).toBe(false);
});

describe('the sessions that are kept', () => {
  const many = Array.from({ length: 10 }, (_, at) => `role-${String(at)}`);

  it('are four: a token may allow thousands of roles', () => {
    const token = verified({ allowedRoles: many });
    const first = many.map((role) => token.decide(role));
    const again = many.map((role) => token.decide(role));
    expect(again.map((decision, at) => decision === first[at])).toEqual(
      many.map((_, at) => at < 4),
    );
    expect(again).toEqual(first);
  });

  it('are counted in the memory that a token takes', () => {
    const empty = { payload: {} };
    expect(verified({ ...empty, allowedRoles: [] }).bytes).toBe(72);
    expect(verified({ ...empty, allowedRoles: ['a'] }).bytes).toBe(72 + 300);
    expect(verified({ ...empty, allowedRoles: many }).bytes).toBe(72 + 4 * 300);
    expect(verified({ payload: { a: 'b' }, allowedRoles: [] }).bytes).toBe(72 + 100 + 2);
  });
});
