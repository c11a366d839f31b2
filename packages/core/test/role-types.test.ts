import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../..');
const file = join(root, 'packages/express/test/roles-of-an-app.ts');

/** An app that has stated its roles in each package; an error that is not expected, or does not come, is a fault. */
const app = `
import { assertRole, requireRole, sessionOf, type Session } from '@hasura-auth/express';
import { requireRole as koaRole, type Role } from '@hasura-auth/koa';
import { requireRole as fastifyRole } from '@hasura-auth/fastify';
import { requireRole as socketRole } from '@hasura-auth/graphql-ws';
declare module '@hasura-auth/express' {
  interface HasuraTypes { role: 'user' | 'editor' }
}
declare module '@hasura-auth/graphql-ws' {
  interface HasuraTypes { role: 'user' | 'editor' }
}
declare module '@hasura-auth/koa' {
  interface HasuraTypes { role: 'user' | 'editor' }
}
declare module '@hasura-auth/fastify' {
  interface HasuraTypes { role: 'user' | 'editor' }
}
requireRole('user', 'editor', 'admin');
// @ts-expect-error no role of this app
requireRole('auditor');
// @ts-expect-error no role of this app
koaRole('auditor');
// @ts-expect-error no role of this app
fastifyRole('auditor');
// @ts-expect-error no role of this app
socketRole('auditor');
export function check(session: Session | undefined): Role {
  assertRole(session, 'editor');
  // @ts-expect-error no role of this app
  assertRole(session, 'auditor');
  const role: 'user' | 'editor' | 'admin' = session.role;
  return role;
}
// @ts-expect-error the role is one of three
export const wrong = (session: Session): 'user' => session.role;
export const role: Role = sessionOf({}).role;
`;

function errorsIn(text: string): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([file], options, {
    ...host,
    fileExists: (path) => path === file || host.fileExists(path),
    readFile: (path) => (path === file ? text : host.readFile(path)),
    getSourceFile: (path, ...rest) =>
      path === file
        ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023)
        : host.getSourceFile(path, ...rest),
  });
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

jest.setTimeout(60_000);

it('an app states its roles once, and guards and sessions know them', () => {
  expect(errorsIn(app)).toEqual([]);
});
