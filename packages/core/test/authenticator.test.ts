import { createAuthenticator } from '../src/authenticator.js';
import { inOrder } from '../src/methods/method.js';
import type { AuthMethod } from '../src/methods/method.js';
import type { AuthOptions } from '../src/config/options.js';
import type { DecisionStep } from '../src/request.js';
import { decision } from '../src/session.js';
import { gatherVariables } from '../src/session-variables.js';
import { view } from './request-view.js';
import { mistake, refusal, rejection, thrown } from './thrown.js';
import { goodToken, spki } from './tokens.js';

const secret = { 'x-hasura-admin-secret': 'secret' };
const jwtSecret = { type: 'RS256', key: spki('rsa') } as const;
const jwt = (options: AuthOptions = {}) =>
  createAuthenticator({ adminSecret: 'secret', jwtSecret, ...options });
const authorization = async () => ({ authorization: `Bearer ${await goodToken()}` });

describe('an authenticator', () => {
  it('checks its options at once', () => {
    expect(mistake(() => createAuthenticator({})).option).toBe('adminSecret');
  });

  it('says how its refusals are answered, and whether it needs the body', () => {
    expect(jwt().errorResponse).toBe('http');
    expect(jwt({ errorResponse: 'graphql' }).errorResponse).toBe('graphql');
    expect(jwt().needsBody).toBe(false);
    const hook = (authHook: AuthOptions['authHook'] & object) =>
      createAuthenticator({ adminSecret: 'secret', authHook }).needsBody;
    const url = 'http://127.0.0.1:9/';
    expect(hook({ url })).toBe(false);
    expect(hook({ url, mode: 'POST' })).toBe(true);
    expect(hook({ url, mode: 'POST', sendRequestBody: false })).toBe(false);
    expect(hook({ url, mode: 'GET', sendRequestBody: true })).toBe(false);
  });

  it('may be taken apart', async () => {
    const { authenticate } = jwt();
    expect((await authenticate({ headers: secret })).role).toBe('admin');
  });
});

describe('the ways in', () => {
  it('authenticate gives the session, or rejects', async () => {
    expect(await jwt().authenticate({ headers: await authorization() })).toMatchObject({
      role: 'user',
      method: 'jwt',
    });
    expect((await rejection(jwt().authenticate({ headers: {} }))).kind).toBe('missing-token');
  });

  it('decide gives the session with response headers, or rejects', async () => {
    expect(await jwt().decide({ headers: secret })).toMatchObject({
      session: { role: 'admin' },
      headers: [],
    });
    expect((await rejection(jwt().decide({ headers: {} }))).kind).toBe('missing-token');
  });

  it('decide tells an observer', async () => {
    const steps: DecisionStep['step'][] = [];
    const headers = { ...secret, ...(await authorization()) };
    await jwt().decide({ headers }, ({ step }) => void steps.push(step));
    expect(steps).toEqual([
      'admin-secret',
      'token-location',
      'match-issuer',
      'verify',
      'claims',
      'role',
    ]);
  });

  it('resolve answers at once where it can, and throws', async () => {
    expect(jwt().resolve({ headers: await authorization() })).toMatchObject({
      session: { role: 'user' },
    });
    expect(refusal(() => jwt().resolve({ headers: {} })).kind).toBe('missing-token');
  });

  it('resolve reads names in lower case only, the others in any', async () => {
    const headers = { 'X-Hasura-Admin-Secret': 'secret' };
    expect(refusal(() => jwt().resolve({ headers })).kind).toBe('missing-token');
    expect((await jwt().authenticate({ headers })).role).toBe('admin');
    expect((await jwt().authenticate({ headers: new Headers(headers) })).role).toBe('admin');
  });

  it('a request without headers has no credentials', async () => {
    const request = {} as Parameters<ReturnType<typeof jwt>['authenticate']>[0]; // what JavaScript passes
    expect((await rejection(jwt().authenticate(request))).kind).toBe('missing-token');
  });
});

describe('the order', () => {
  const wrong = { 'x-hasura-admin-secret': 'wrong' };
  const role = async (options: AuthOptions, headers: Readonly<Record<string, string>>) =>
    (await jwt(options).authenticate({ headers })).role;
  const kind = async (options: AuthOptions, headers: Readonly<Record<string, string>>) =>
    (await rejection(jwt(options).authenticate({ headers }))).kind;

  it('a wrong secret is refused before anything else, as JWT mode does', async () => {
    const error = await rejection(
      jwt({ unauthorizedRole: 'anonymous' }).authenticate({
        headers: { ...wrong, ...(await authorization()) },
      }),
    );
    expect(error.kind).toBe('wrong-secret');
    expect(error.headers).toEqual({ 'WWW-Authenticate': 'Bearer' });
  });

  it('a token goes before a right secret, unless the app says otherwise', async () => {
    const both = { ...secret, ...(await authorization()) };
    expect(await role({}, both)).toBe('user');
    expect(await role({ precedence: 'admin-secret' }, both)).toBe('admin');
    const broken = { ...secret, authorization: 'Bearer a.b.c' };
    expect(await kind({}, broken)).toBe('invalid-token');
    expect(await role({ precedence: 'admin-secret' }, broken)).toBe('admin');
  });

  it('a right secret goes before an Authorization header that is no token', async () => {
    expect(await role({}, { ...secret, authorization: 'Basic YTpi' })).toBe('admin');
    expect(await kind({ unauthorizedRole: 'a' }, { authorization: 'Basic YTpi' })).toBe(
      'malformed-authorization',
    );
  });

  it('whoever comes with nothing is anonymous, or refused', async () => {
    expect(await role({ unauthorizedRole: 'anonymous' }, {})).toBe('anonymous');
    expect(await kind({}, {})).toBe('missing-token');
    const withoutJwt = createAuthenticator({
      adminSecret: 'secret',
      unauthorizedRole: 'anonymous',
    });
    expect((await withoutJwt.authenticate({ headers: {} })).method).toBe('unauthenticated');
    const noRole = createAuthenticator({ adminSecret: 'secret' });
    const error = await rejection(noRole.authenticate({ headers: await authorization() }));
    expect(error.kind).toBe('missing-secret');
    const wrongSecret = await rejection(noRole.authenticate({ headers: wrong }));
    expect(wrongSecret.headers).toEqual({ 'WWW-Authenticate': 'HasuraAdminSecret' });
  });

  it('unsecured asks for nothing', async () => {
    const open = createAuthenticator({ unsecured: true });
    expect((await open.authenticate({ headers: wrong })).method).toBe('unsecured');
  });
});

describe('verified tokens', () => {
  it('share a session, until they are forgotten', async () => {
    const authenticator = jwt();
    const headers = await authorization();
    const first = await authenticator.authenticate({ headers });
    expect(await authenticator.authenticate({ headers })).toBe(first);
    authenticator.clear();
    const second = await authenticator.authenticate({ headers });
    expect(second).not.toBe(first);
    expect(second).toEqual(first);
  });

  it('are not kept where the app says so', async () => {
    const authenticator = jwt({ tokenCache: false });
    const headers = await authorization();
    const first = await authenticator.authenticate({ headers });
    expect(await authenticator.authenticate({ headers })).not.toBe(first);
    authenticator.clear();
  });
});

describe('the life of an authenticator', () => {
  it('is ready at once without remote keys, and ends', async () => {
    await expect(jwt().ready()).resolves.toBeUndefined();
    await expect(jwt().close()).resolves.toBeUndefined();
    const plain = createAuthenticator({ adminSecret: 'secret' });
    await expect(plain.ready()).resolves.toBeUndefined();
    await expect(plain.close()).resolves.toBeUndefined();
  });
});

describe('methods in order', () => {
  const user = decision({ role: 'user', variables: gatherVariables([]), method: 'jwt' });
  const notMine: AuthMethod = () => undefined;
  const notMineLater: AuthMethod = () => Promise.resolve(undefined);
  const mine: AuthMethod = () => user;
  const mineLater: AuthMethod = () => Promise.resolve(user);
  const never: AuthMethod = () => {
    throw new Error('nobody asks this one');
  };

  it('the first that knows the request decides', () => {
    expect(inOrder([notMine, mine, never], view())).toBe(user);
  });

  it('also where one needs time', async () => {
    expect(await inOrder([notMine, mineLater, never], view())).toBe(user);
    expect(await inOrder([notMineLater, notMine, mine, never], view())).toBe(user);
    expect(await inOrder([notMineLater, notMineLater, mineLater, never], view())).toBe(user);
  });

  it('no method is asked twice', async () => {
    const asked: string[] = [];
    const note =
      (name: string, method: AuthMethod): AuthMethod =>
      (request) => {
        asked.push(name);
        return method(request);
      };
    await inOrder([note('a', notMine), note('b', notMineLater), note('c', mine)], view());
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('one must decide', async () => {
    expect(thrown(() => inOrder([notMine], view()))).toEqual(
      new Error('the last method must decide'),
    );
    await expect(inOrder([notMineLater], view())).rejects.toThrow('the last method must decide');
  });
});
