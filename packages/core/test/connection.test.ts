import { connectionView } from '../src/connection/handshake.js';
import { allowedOrigins } from '../src/connection/allowed-origins.js';

const none = allowedOrigins(undefined);
const all = (): boolean => true;

test('the parameters come before the handshake, one name at a time', () => {
  const view = connectionView(
    {
      connectionParams: { headers: { Authorization: 'Bearer params' } },
      headers: { authorization: 'Bearer handshake', 'X-Hasura-Role': 'user', accept: undefined },
    },
    none,
  );
  expect([...view.headers()]).toEqual([
    ['authorization', 'Bearer params'],
    ['x-hasura-role', 'user'],
  ]);
  expect(view.source.body).toBeUndefined();
});

test('the handshake may be told as the web’s Headers', () => {
  const headers = new Headers({ 'X-Hasura-Role': 'user' });
  expect(connectionView({ headers }, none).header('x-hasura-role')).toBe('user');
});

test.each([
  ['where the origin is allowed', { cookie: 'a=b', origin: 'https://x.example' }, all, 'a=b'],
  ['not where it is not', { cookie: 'a=b', origin: 'https://x.example' }, none, undefined],
  ['not without an origin', { cookie: 'a=b' }, all, undefined],
])('a cookie of the handshake counts %s', (_name, headers, allowsOrigin, cookie) => {
  expect(connectionView({ headers }, allowsOrigin).header('cookie')).toBe(cookie);
});

test('a cookie among the parameters counts, and takes the place of the handshake’s', () => {
  const request = {
    connectionParams: { headers: { cookie: 'mine=1' } },
    headers: { cookie: 'theirs=1', origin: 'https://x.example' },
  };
  for (const allowsOrigin of [all, none])
    expect(connectionView(request, allowsOrigin).header('cookie')).toBe('mine=1');
});
