import { sessionFor } from '@hasura-auth/testing';
import { codeBlocks, top } from './code-blocks.js';
import { installed } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

const secret = 'a-long-random-admin-secret';
const modules = installed({
  HASURA_GRAPHQL_ADMIN_SECRET: secret,
  HASURA_GRAPHQL_UNAUTHORIZED_ROLE: 'anonymous',
});
const blocks = codeBlocks(`${top}/docs/roles-and-guards.md`);
const asRole = (role: string): Record<string, string> => ({
  'x-hasura-admin-secret': secret,
  'x-hasura-role': role,
  'x-hasura-user-id': '7',
});

afterEach(closeAll);

it.each(blocks.filter(({ note }) => note.startsWith('guards=')))(
  '$note: the guards do what the table of the page says',
  async (block) => {
    const url = await addressOf(runBlock(block, modules)['app']);
    const status = async (path: string, headers = {}): Promise<number> =>
      (await fetch(url + path, { headers })).status;
    expect(await status('/drafts', asRole('editor'))).toBe(200);
    expect(await status('/drafts', asRole('admin'))).toBe(200);
    expect(await status('/drafts', asRole('reader'))).toBe(403);
    expect(await status('/drafts')).toBe(401);
    expect(await status('/account', asRole('reader'))).toBe(200);
    expect(await status('/account')).toBe(401);
    expect(await status('/users/7', asRole('user'))).toBe(200);
    expect(await status('/users/8', asRole('user'))).toBe(403);
    expect(await status('/users/7')).toBe(401);
    const withoutId = { 'x-hasura-admin-secret': secret, 'x-hasura-role': 'user' };
    for (const path of ['/users/undefined', '/users/null', '/users/7', '/USERS/7', '/users/7/'])
      expect([403, 404]).toContain(await status(path, withoutId));
  },
);

it('the resolver rejects another role with the engine’s code', () => {
  const block = blocks.find(({ note }) => note === 'resolvers');
  if (block === undefined) throw new Error('no block has the note resolvers');
  const { resolvers } = runBlock(block, modules) as {
    resolvers: { Query: { drafts(root: object, args: object, context: object): string[] } };
  };
  const drafts = (role: string): string[] =>
    resolvers.Query.drafts({}, {}, { session: sessionFor(role, { 'x-hasura-user-id': '7' }) });
  expect(drafts('editor')).toEqual(['A draft for 7']);
  expect(() => drafts('user')).toThrow(expect.objectContaining({ code: 'access-denied' }));
});
