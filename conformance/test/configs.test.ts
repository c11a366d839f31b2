import Fastify from 'fastify';
import { createAuthenticator } from '@hasura-auth/core';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import { describeConfigConformance } from '../src/describe-config-conformance.js';

describeConfigConformance('core', (options) => createAuthenticator(options));
describeConfigConformance('the Express adapter', (options) => expressAuth(options));
describeConfigConformance('the Koa adapter', (options) => koaAuth(options));
describeConfigConformance('the Fastify adapter', async (options) => {
  const app = Fastify();
  await app.register(fastifyAuth, options);
  await app.ready();
});
