import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@hasura-auth/testkit';
import { codeBlocks, top } from './code-blocks.js';

const folder = join(top, 'docs', '.code-blocks', 'graphql-servers');
const secret = 'a-long-random-admin-secret';
const blocks = codeBlocks(join(top, 'docs/graphql-servers.md')).filter(({ note }) =>
  note.startsWith('runs='),
);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('the page has three servers', () => {
  expect(blocks.map(({ note }) => note)).toEqual(['runs=apollo', 'runs=yoga', 'runs=mercurius']);
});

it.each(blocks)(
  '$note: the resolvers get the session, and a role that is not allowed gets the engine’s code',
  async ({ code, note }) => {
    const file = join(folder, `${note.slice(5)}.ts`);
    writeFileSync(file, code);
    const port = String(await freePort());
    const env = {
      PATH: process.env['PATH'],
      PORT: port,
      HASURA_GRAPHQL_ADMIN_SECRET: secret,
      NODE_ENV: 'production',
    };
    const args = ['--conditions=hasura-auth-source', '--import', 'tsx', file];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const query = async (role: string, document: string): Promise<unknown> => {
      const response = await fetch(`http://localhost:${port}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hasura-admin-secret': secret,
          'x-hasura-role': role,
          'x-hasura-user-id': '7',
        },
        body: JSON.stringify({ query: document }),
      });
      return response.json();
    };
    try {
      let isListening = false;
      while (!isListening && child.exitCode === null)
        isListening = await fetch(`http://localhost:${port}/graphql`).then(
          () => true,
          () => false,
        );
      expect(await query('user', '{ me }')).toEqual({ data: { me: '7' } });
      expect(await query('editor', '{ drafts }')).toEqual({ data: { drafts: ['A draft'] } });
      expect(await query('user', '{ drafts }')).toMatchObject({
        data: { drafts: null },
        errors: [
          {
            message: 'Your current role is not allowed here',
            extensions: { code: 'access-denied' },
          },
        ],
      });
    } finally {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    }
  },
  60_000,
);
