import type { RequestListener } from 'node:http';
import { createArticles } from './articles.js';
import { configurationFromEnv, type Configuration } from './configuration.js';
import { expressApp } from './express-app.js';
import { fastifyApp } from './fastify-app.js';
import { issuer } from './issuer.js';
import { koaApp } from './koa-app.js';
import { listen, portFromEnv, type Listening } from './listen.js';
import type { Urls } from './printout.js';

/** The running issuer and apps. */
export interface Demo {
  readonly configuration: Configuration;
  readonly urls: Urls;
  close(): Promise<void>;
}

/** Starts all servers; if one cannot start, closes the others. The three apps share one authenticator: one key set, one cache. */
export async function startDemo(env: NodeJS.ProcessEnv): Promise<Demo> {
  const port = portFromEnv(env);
  const configuration = await configurationFromEnv(env);
  const { authenticator, signer } = configuration;
  const articles = createArticles();
  const koa = koaApp(authenticator, articles).callback();
  const fastify = await fastifyApp(authenticator, articles);
  await fastify.ready();

  const open: Listening[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
    await fastify.close();
    await authenticator.close();
  };
  const start = async (listener: RequestListener, offset: number): Promise<string> => {
    const server = await listen(listener, port === 0 ? 0 : port + offset);
    open.push(server);
    return server.url;
  };
  try {
    const api = await start(expressApp(authenticator, articles), 1);
    const urls: Urls = {
      issuer: await start(issuer(signer, api), 0),
      express: api,
      koa: await start((req, res) => void koa(req, res), 2),
      fastify: await start(fastify.routing, 3),
    };
    return { configuration, urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}
