import fastifyJwt from '@fastify/jwt';
import * as expressJwt from 'express-jwt';
import * as bearer from 'express-oauth2-jwt-bearer';
import { SignJWT } from 'jose';
import koaJwt from 'koa-jwt';
import passport from 'passport';
import * as passportJwt from 'passport-jwt';
import { codeBlocks, top } from './code-blocks.js';
import { defaultOf, installed } from './installed.js';
import { addressOf, closeAll } from './listening.js';
import { runBlock } from './run-block.js';

const modules = {
  ...installed({ HASURA_GRAPHQL_ADMIN_SECRET: 'not used by any example' }),
  '@fastify/jwt': defaultOf(fastifyJwt),
  'express-jwt': expressJwt,
  'express-oauth2-jwt-bearer': bearer,
  'koa-jwt': defaultOf(koaJwt),
  passport: defaultOf(passport),
  'passport-jwt': passportJwt,
};
const blocks = codeBlocks(`${top}/docs/moving-from.md`).filter(({ note }) =>
  /^(?:before|after)=/.test(note),
);

function token(roles: readonly string[], scope: string, secret: string): Promise<string> {
  return new SignJWT({ roles, scope })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('7')
    .setIssuer('https://issuer.example/')
    .setAudience('my-api')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret));
}

beforeAll(() => {
  jest.spyOn(console, 'error').mockReturnValue(undefined); // Express and Koa print the errors of the apps before
});
afterEach(closeAll);

it('the page has five libraries', () => {
  const notes = blocks.map(({ note }) => note);
  expect(notes.filter((note) => note.startsWith('before='))).toHaveLength(5);
  expect(notes.filter((note) => note.startsWith('after='))).toHaveLength(4);
});

it.each(blocks)('$note: both apps give the same clients the same answers', async (block) => {
  const url = await addressOf(runBlock(block, modules)['app']);
  const key = 'a-shared-secret-of-at-least-32-bytes';
  const get = (path: string, bearerToken: string, headers = {}): Promise<Response> =>
    fetch(url + path, { headers: { authorization: `Bearer ${bearerToken}`, ...headers } });
  const user = await token(['user'], 'read', key);
  const editor = await token(['editor', 'user'], 'read edit:drafts', key);

  expect(await (await get('/me', user)).json()).toEqual({ id: '7' });
  expect((await get('/drafts', user)).status).toBe(403);
  expect((await get('/drafts', user, { 'x-hasura-role': 'editor' })).status).toBe(403);
  expect((await get('/drafts', editor)).status).toBe(200);
  const forged = await token(['editor'], 'edit:drafts', 'another secret, which is of 32 bytes');
  expect((await get('/drafts', forged)).status).toBe(401);
  expect((await fetch(`${url}/me`)).status).toBe(401);
});
