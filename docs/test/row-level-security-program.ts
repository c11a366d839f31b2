// Runs the example of docs/row-level-security.md on a real Postgres (PGlite, which runs in this process), and prints what
// each query did as JSON. A program of its own, because PGlite imports its files at run time, which Jest does not allow.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { Session } from '@hasura-auth/core';
import { sessionFor } from '@hasura-auth/testing';

type Client = Pick<PGlite, 'query'>;
interface Example {
  asSession<Result>(session: Session, work: (client: Client) => Promise<Result>): Promise<Result>;
}

const folder = process.argv[2] ?? '';
const database = new PGlite();
await database.exec(await readFile(join(folder, 'schema.sql'), 'utf8'));
await database.exec(
  `insert into articles (author_id, title) values ('7', 'by 7'), ('8', 'by 8'); set role api`,
);
// The pool of the example has one client: the database itself.
Object.assign(globalThis, {
  connect: () => ({ query: database.query.bind(database), release: () => undefined }),
});
const { asSession } = (await import(pathToFileURL(join(folder, 'example.ts')).href)) as Example; // the block exports this function

const user = sessionFor('user', { 'x-hasura-user-id': '7' });
const deleted = async (session: Session, author: string): Promise<number | undefined> => {
  const { affectedRows } = await asSession(session, (client) =>
    client.query(`delete from articles where author_id = $1`, [author]),
  );
  return affectedRows;
};

const userDeletes = { ofAnother: await deleted(user, '8'), own: await deleted(user, '7') };
const forged = await asSession(user, (client) =>
  client.query(`insert into articles (author_id, title) values ('8', 'forged')`),
).then(
  () => 'inserted',
  (error: unknown) => String(error),
);
const withoutSession = (await database.query(`delete from articles`)).affectedRows;
const rows = (await database.query(`select title from articles`)).rows;
const adminDeletes = await deleted(sessionFor('admin'), '8');
await database.close();
process.stdout.write(JSON.stringify({ userDeletes, forged, withoutSession, rows, adminDeletes }));
