import { createHmac } from 'node:crypto';
import { createAuthenticator, type AuthOptions } from '../src/index.js';
import { rejection } from './thrown.js';

const key = 'k'.repeat(32);
const now = 1_800_000_000_000;
const roles = (role: string) => ({
  'x-hasura-allowed-roles': [role, 'editor'],
  'x-hasura-default-role': role,
});
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One token with claims in two namespaces. */
function token(more: object = {}): string {
  const claims = { one: roles('user'), other: roles('manager'), exp: now / 1000 + 60, ...more };
  const input = `${part({ alg: 'HS256' })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

const secret = { type: 'HS256', key, claims_namespace: 'one' } as const;
const custom = { type: 'CustomHeader', name: 'x-token' } as const;
const options = (more: Partial<AuthOptions> = {}): AuthOptions => ({
  adminSecret: false,
  jwtSecret: secret,
  runtime: { now: () => now },
  ...more,
});

it('one token gives a session for each role that is asked for, shared by equal requests', async () => {
  const { authenticate } = createAuthenticator(options());
  const authorization = `Bearer ${token()}`;
  const user = await authenticate({ headers: { authorization } });
  const editor = await authenticate({ headers: { authorization, 'x-hasura-role': 'editor' } });
  expect([user.role, editor.role]).toEqual(['user', 'editor']);
  expect(await authenticate({ headers: { authorization } })).toBe(user);
  const admin = authenticate({ headers: { authorization, 'x-hasura-role': 'admin' } });
  expect((await rejection(admin)).kind).toBe('role-not-allowed');
});

it('two configurations that accept the same token keep their own claims of it', async () => {
  const other = { ...secret, claims_namespace: 'other', header: custom };
  const { authenticate } = createAuthenticator({
    adminSecret: false,
    jwtSecrets: [secret, other],
    runtime: { now: () => now },
  });
  const sent = token();
  for (let time = 0; time < 3; time++) {
    const here = await authenticate({ headers: { authorization: `Bearer ${sent}` } });
    const there = await authenticate({ headers: { 'x-token': sent } });
    expect([here.role, there.role]).toEqual(['user', 'manager']);
  }
  const both = authenticate({ headers: { authorization: `Bearer ${sent}`, 'x-token': sent } });
  expect((await rejection(both)).kind).toBe('ambiguous-token');
});

it('a kept token ends on the second, however it is spelled', async () => {
  let time = now;
  const { authenticate } = createAuthenticator(options({ runtime: { now: () => time } }));
  const sent = token();
  const first = await authenticate({ headers: { authorization: `Bearer ${sent}` } });
  time += 59_999;
  expect(await authenticate({ headers: { Authorization: `bearer  ${sent}` } })).toBe(first);
  time += 1;
  const late = authenticate({ headers: { authorization: `Bearer ${sent}` } });
  expect((await rejection(late)).message).toBe('Could not verify JWT: JWTExpired');
});

it('a kept token is no help to a tampered one that ends alike', async () => {
  const { authenticate } = createAuthenticator(options());
  const sent = token();
  await authenticate({ headers: { authorization: `Bearer ${sent}` } });
  const [header = '', , signature = ''] = sent.split('.');
  const tampered = `${header}.${part({ one: roles('admin') })}.${signature}`;
  const refused = authenticate({ headers: { authorization: `Bearer ${tampered}` } });
  expect((await rejection(refused)).kind).toBe('invalid-token');
});

it('a kept token is no help to a text with other blanks than spaces and tabs around it', async () => {
  const { authenticate, authenticateConnection } = createAuthenticator(options());
  const sent = token();
  await authenticate({ headers: { authorization: `Bearer ${sent}` } });
  for (const blank of ['\u00a0', '\u2028', '\ufeff'])
    for (const authorization of [`Bearer ${sent}${blank}`, `Bearer${blank}${sent}`]) {
      const connectionParams = { headers: { authorization } };
      const { status } = await rejection(authenticateConnection({ connectionParams, headers: {} }));
      expect({ authorization, status }).toEqual({ authorization, status: 401 });
    }
});

it('a kept token is found in headers of every form', async () => {
  const { authenticate } = createAuthenticator(options());
  const authorization = `Bearer ${token()}`;
  const user = await authenticate({ headers: { authorization } });
  for (const headers of [
    { authorization },
    { Authorization: authorization },
    { authorization: [authorization] },
    { authorization: ` \tbearer  ${authorization.slice(7)}\t` },
    new Headers({ authorization }),
  ])
    expect(await authenticate({ headers })).toBe(user);
  for (const wrong of ['', 'Bearer', 'Bearer ', `bearer${authorization.slice(6)} x`]) {
    const refused = authenticate({ headers: { authorization: wrong } });
    expect((await rejection(refused)).kind).toBe('malformed-authorization');
  }
});

it('one token in many spellings of its header has one entry, so that it pushes no other token out', async () => {
  const tokenCache = { maxEntries: 2, maxBytes: 1_000_000 };
  const { authenticate } = createAuthenticator(options({ tokenCache }));
  const other = token({ sub: 'other' });
  const kept = await authenticate({ headers: { authorization: `Bearer ${other}` } });
  const sent = token();
  for (const scheme of ['Bearer ', 'bearer ', 'BEARER\t', 'bEaReR  ', ' Bearer  \t'])
    for (const end of ['', ' ', '\t'])
      await authenticate({ headers: { authorization: scheme + sent + end } });
  expect(await authenticate({ headers: { authorization: `Bearer ${other}` } })).toBe(kept);
});
