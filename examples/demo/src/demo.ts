import type { RequestListener } from 'node:http';
import { inspector } from '@hasura-auth/inspector';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
import { createArticles } from './articles.js';
import { configurationFromEnv, configurationOf, type Configuration } from './configuration.js';
import { curlLines } from './curl-lines.js';
import { expressApp } from './express-app.js';
import { fastifyApp } from './fastify-app.js';
import { koaApp } from './koa-app.js';
import { cannotListen, listen, portFromEnv } from './listen.js';
import { pages } from './pages.js';
import type { Urls } from './printout.js';

/** The running issuer and apps. */
export interface Demo {
  readonly configuration: Configuration;
  readonly urls: Urls;
  close(): Promise<void>;
}

const users = [
  { id: '1', roles: ['user', 'editor'] },
  { id: '2', roles: ['user', 'editor'] },
] as const;

/** Starts all servers; if one cannot start, closes the others. The three apps share one authenticator: one key set, one cache. */
export async function startDemo(env: NodeJS.ProcessEnv): Promise<Demo> {
  const port = portFromEnv(env);
  const own = await configurationFromEnv(env);
  const open: { close(): Promise<unknown> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((part) => part.close()));
  };
  const start = async (listener: RequestListener, offset: number): Promise<string> => {
    const server = await listen(listener, port === 0 ? 0 : port + offset);
    open.push(server);
    return server.url;
  };
  const shown: { listener?: RequestListener } = {}; // they name the addresses of the API, which starts later
  const first: RequestListener = (req, res) => {
    if (shown.listener === undefined) res.writeHead(503).end();
    else shown.listener(req, res);
  };
  try {
    let configuration = own;
    let issuer: string;
    if (configuration === undefined) {
      const development = await startIssuer(port, first);
      open.push(development);
      ({ issuer } = development);
      configuration = configurationOf(development);
    } else issuer = await start(first, 0);

    const { authenticator, signer, options } = configuration;
    const articles = createArticles();
    const koa = koaApp(authenticator, articles).callback();
    const fastify = await fastifyApp(authenticator, articles);
    open.push(authenticator, fastify);
    await fastify.ready();
    const urls: Urls = {
      issuer,
      express: await start(expressApp(authenticator, articles), 1),
      koa: await start((req, res) => void koa(req, res), 2),
      fastify: await start(fastify.routing, 3),
    };
    shown.listener = pages({
      signer,
      inspector: inspector({
        authenticator,
        options,
        ...(typeof signer !== 'string' && { issuer: signer }),
      }),
      lines: curlLines(configuration),
      api: urls.express,
    });
    return { configuration, urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The identity provider of the demo's own configuration. Throws a CannotStart if its port cannot be opened. */
async function startIssuer(port: number, otherwise: RequestListener): Promise<DevelopmentIssuer> {
  try {
    return await createDevelopmentIssuer({ port, users, otherwise });
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw cannotListen(error as NodeJS.ErrnoException, port); // Node's error of `listen`
    throw error;
  }
}
