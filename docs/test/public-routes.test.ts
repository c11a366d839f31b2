import { SignJWT } from 'jose';
import { codeBlocks, top } from './code-blocks.js';
import { installed } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

const key = 'a-shared-secret-of-at-least-32-bytes';
const modules = installed({
  HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-random-admin-secret',
  HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: 'HS256', key }),
});
const blocks = codeBlocks(`${top}/docs/public-and-optional-routes.md`);

const bearer = async (roles: readonly [string, ...string[]]): Promise<RequestInit> => {
  const claims = {
    'x-hasura-default-role': roles[0],
    'x-hasura-allowed-roles': roles,
    'x-hasura-user-id': '7',
  };
  const token = await new SignJWT({ 'https://hasura.io/jwt/claims': claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
  return { headers: { authorization: `Bearer ${token}` } };
};

afterEach(closeAll);

it.each(blocks.filter(({ note }) => note.startsWith('public=')))(
  '$note: /health is public, and /me needs a token',
  async (block) => {
    const url = await addressOf(runBlock(block, modules)['app']);
    const me = block.note.endsWith('-scope') ? `${url}/api/me` : `${url}/me`;
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ ok: true });
    expect((await fetch(me)).status).toBe(401);
    const accepted = await fetch(me, await bearer(['user']));
    expect(accepted.status).toBe(200);
    expect(await accepted.json()).toMatchObject({ role: 'user' });
  },
);

it('every framework has an example', () => {
  expect(blocks.map(({ note }) => note).filter((note) => note.startsWith('public='))).toHaveLength(
    6,
  );
});

it('optional routes: a request without credentials gets the unauthorized role, and a wrong token is rejected', async () => {
  const block = blocks.find(({ note }) => note === 'optional');
  if (block === undefined) throw new Error('no block has the note optional');
  const url = await addressOf(runBlock(block, modules)['app']);
  const favourites = async (init?: RequestInit): Promise<unknown> =>
    (await fetch(`${url}/articles`, init)).json();
  expect(await favourites()).toEqual({ articles: [], favouritesOf: null });
  expect(await favourites(await bearer(['user']))).toEqual({ articles: [], favouritesOf: '7' });
  const wrong = { headers: { authorization: 'Bearer abc' } };
  expect((await fetch(`${url}/articles`, wrong)).status).toBe(401);
  expect((await fetch(`${url}/drafts`)).status).toBeGreaterThanOrEqual(401);
  expect((await fetch(`${url}/drafts`, await bearer(['editor']))).status).toBe(200);
});
