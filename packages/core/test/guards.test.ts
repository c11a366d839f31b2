import { createAuthenticator } from '../src/authenticator.js';
import type { AuthOptions } from '../src/config/options.js';
import { AuthError, isAuthError } from '../src/errors.js';
import {
  arrayVariable,
  assertRole,
  presentSession,
  requireVariable,
  roleGuard,
  sessionGuard,
} from '../src/guards.js';
import { decision, type Session, type SessionMethod, gatherVariables } from '../src/session.js';
import { mistake, refusal, rejection, thrown } from './thrown.js';
import { spki } from './tokens.js';

const session = (role: string, method: SessionMethod = 'jwt'): Session =>
  decision({ role, variables: gatherVariables([]), method }).session;
const anonymous = (options: AuthOptions = {}): Promise<Session> =>
  createAuthenticator({
    adminSecret: 'a-secret-for-the-guards',
    unauthorizedRole: 'anonymous',
    ...options,
  }).authenticate({ headers: {} });
const jwtSecret = { type: 'RS256', key: spki('rsa') } as const;

describe.each([
  ['requireRole', (given: unknown) => roleGuard(['editor'])(given as Session)],
  ['assertRole', (given: unknown) => assertRole(given as Session, 'editor')],
])('%s', (name, check) => {
  it.each(['editor', 'admin'])('lets %s pass', (role) => {
    expect(check(session(role))).toBeUndefined();
  });

  it.each(['user', 'Editor', '', 'editor ', 'Admin'])('refuses %j with 403', (role) => {
    const error = refusal(() => check(session(role)));
    expect(error).toMatchObject({ kind: 'role-guard', status: 403 });
    expect(error.headers).toEqual({
      'WWW-Authenticate': 'Bearer realm="hasura", error="insufficient_scope"',
    });
  });

  it.each(['admin-secret', 'webhook', 'unsecured'] as const)(
    'asks for no token where none was: %s',
    (method) => {
      expect(refusal(() => check(session('user', method)))).toMatchObject({
        kind: 'role-guard',
        headers: {},
      });
    },
  );

  it('refuses a session without credentials as a request without them', async () => {
    const bySecret = await anonymous();
    expect(refusal(() => check(bySecret)).kind).toBe('missing-secret');
    for (const clientVariables of ['drop', 'keep'] as const) {
      const byToken = await anonymous({ jwtSecret, clientVariables });
      expect(refusal(() => check(byToken)).kind).toBe('missing-token');
    }
    expect(refusal(() => check(session('a', 'unauthenticated'))).kind).toBe('missing-token');
  });

  it('without a session is an error of the app', () => {
    for (const nothing of [undefined, null]) {
      const error = thrown(() => check(nothing));
      expect(isAuthError(error)).toBe(false);
      expect(error).toMatchObject({
        message: `${name}: there is no session, because hasuraAuth did not run before it`,
      });
    }
  });
});

it('a guard for roles needs roles', () => {
  const message = 'expected at least one role, each a non-empty string and an argument of its own';
  for (const wrong of [[], [''], ['editor', ''], [5], [undefined], [null], [['editor']]]) {
    const roles = wrong as string[];
    expect(mistake(() => roleGuard(roles)).message).toBe(`requireRole: ${message}`);
    expect(mistake(() => assertRole(session('user'), ...roles)).message).toBe(
      `assertRole: ${message}`,
    );
  }
});

it('a guard for roles is called with roles, not with what a framework passes to a handler', () => {
  const given = [{ headers: {} }, {}, () => undefined] as unknown as string[];
  expect(mistake(() => roleGuard(given)).message).toBe(
    "requireRole: it makes a handler and is not one itself; call it, as in requireRole('editor')",
  );
});

describe('requireSession', () => {
  it('refuses a session without credentials, whatever a predicate says', async () => {
    const given = await anonymous();
    for (const predicate of [undefined, () => true])
      expect(refusal(() => sessionGuard(predicate)(given, {})).kind).toBe('missing-secret');
  });

  it('asks a predicate, at once or later', async () => {
    const given = session('user');
    expect(sessionGuard()(given, {})).toBeUndefined();
    expect(sessionGuard(() => true)(given, {})).toBeUndefined();
    expect(refusal(() => sessionGuard(() => false)(given, {})).kind).toBe('role-guard');
    await expect(sessionGuard(async () => true)(given, {})).resolves.toBeUndefined();
    const later = sessionGuard(async () => false)(given, {});
    expect((await rejection(Promise.resolve(later))).kind).toBe('role-guard');
  });

  it.each([
    ['returns nothing', () => undefined],
    ['returns itself', (self: object) => self],
    ['returns a value that passes', () => true],
  ])('waits for a predicate whose result has a `then` that %s', async (_name, returned) => {
    const predicate = (): Promise<boolean> => {
      const own = {
        then(resolve: (isAllowed: boolean) => void): unknown {
          resolve(false);
          return returned(own);
        },
      };
      return own as unknown as Promise<boolean>; // what JavaScript passes
    };
    const later = sessionGuard(predicate)(session('user'), {});
    expect((await rejection(Promise.resolve(later))).kind).toBe('role-guard');
  });

  it.each<[string, unknown]>([
    ['an empty list', []],
    ['an object', new Error('no')],
    ['a function', () => false],
    ['a string', 'no'],
    ['a number', 1],
  ])('lets nothing pass for which a predicate returns %s', async (kind, returned) => {
    const message = `requireSession: the function must return true or false, got ${kind}`;
    const wrong = () => returned as boolean; // what JavaScript returns
    expect(() => sessionGuard(wrong)(session('user'), {})).toThrow(message);
    await expect(sessionGuard(async () => wrong())(session('user'), {})).rejects.toThrow(message);
  });

  it('refuses for nothing, and for an AuthError that a predicate returns instead of throwing it', () => {
    const returning = (returned: unknown) => () =>
      sessionGuard(() => returned as boolean)(session('user'), {}); // what JavaScript returns
    for (const nothing of [undefined, null, 0, ''])
      expect(refusal(returning(nothing)).kind).toBe('role-guard');
    expect(refusal(returning(new AuthError('denied'))).kind).toBe('denied');
  });

  it('without a session is an error of the app, and without a function a mistake', () => {
    expect(() => sessionGuard()(null, {})).toThrow('requireSession: there is no session');
    const wrong = {} as () => boolean; // what JavaScript passes
    expect(mistake(() => sessionGuard(wrong)).option).toBe('requireSession');
  });
});

describe('session variables', () => {
  const holding = (value: string): Session =>
    decision({
      role: 'user',
      variables: gatherVariables([['x-hasura-ids', value]]),
      method: 'jwt',
    }).session;

  it('requireVariable gives the text, by a name in any case', () => {
    expect(requireVariable(holding('7'), 'x-hasura-ids')).toBe('7');
    expect(requireVariable(holding(''), 'x-hasura-IDs')).toBe('');
    const error = refusal(() => requireVariable(holding('7'), 'x-hasura-other'));
    expect(error).toMatchObject({
      kind: 'missing-variable',
      code: 'not-found',
      status: 403,
      message: 'missing session variable: "x-hasura-other"',
    });
    const inherited = 'x-hasura-' as const;
    expect(refusal(() => requireVariable(holding('7'), inherited)).kind).toBe('missing-variable');
  });

  it.each<[string, string[]]>([
    ['{}', []],
    ['{ }', []],
    ['{a}', ['a']],
    ['{a,b}', ['a', 'b']],
    [' { a , b c } ', ['a', 'b c']],
    ['{"a,b","{c}"," d "}', ['a,b', '{c}', ' d ']],
    ['{"","null",nullable}', ['', 'null', 'nullable']],
    [String.raw`{"a\"b","c\\d"}`, ['a"b', String.raw`c\d`]],
    ['{é,"✓"}', ['é', '✓']],
    ['{a\n,b}', ['a', 'b']],
  ])('arrayVariable reads %j', (text, items) => {
    expect(arrayVariable(holding(text), 'x-hasura-ids')).toEqual(items);
  });

  it.each([
    '',
    'a',
    '[1,2]',
    '{a',
    'a}',
    '{a,}',
    '{,a}',
    '{,}',
    '{a,b}}',
    '{{a},{b}}',
    '{"a}',
    '{a"b}',
    '{NULL}',
    '{a,null}',
    '{"a" b}',
    '{a}{b}',
    String.raw`{a\b}`,
  ])('arrayVariable refuses %j', (text) => {
    const error = refusal(() => arrayVariable(holding(text), 'x-hasura-ids'));
    expect(error).toMatchObject({
      kind: 'malformed-variable',
      status: 400,
      message: 'not a list in a session variable: "x-hasura-ids"',
    });
  });

  it('arrayVariable refuses a session without the variable, and reads a long one in no time', () => {
    expect(refusal(() => arrayVariable(session('user'), 'x-hasura-ids')).kind).toBe(
      'missing-variable',
    );
    const long = `{${'a '.repeat(100_000)}`;
    expect(refusal(() => arrayVariable(holding(long), 'x-hasura-ids')).kind).toBe(
      'malformed-variable',
    );
    const many = Array.from({ length: 10_000 }, (_, index) => `a${String(index)}`);
    expect(arrayVariable(holding(`{${many.join(',')}}`), 'x-hasura-ids')).toEqual(many);
  });
});

it('a session that is not there is a mistake in the app', () => {
  const given = session('user');
  expect(presentSession(given)).toBe(given);
  for (const nothing of [undefined, null])
    expect(() => presentSession(nothing)).toThrow(
      'there is no session on this request: hasuraAuth did not run before this handler',
    );
});
