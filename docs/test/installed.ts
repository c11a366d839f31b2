import * as core from '@hasura-auth/core';
import * as onExpress from '@hasura-auth/express';
import * as onFastify from '@hasura-auth/fastify';
import * as onKoa from '@hasura-auth/koa';
import Router from '@koa/router';
import express from 'express';
import { unless } from 'express-unless';
import fastify from 'fastify';
import Koa from 'koa';

/** A module with only a default export, as a block of code imports it. */
export const defaultOf = (value: unknown): object => ({ __esModule: true, default: value });

/** What blocks of code import, with `hasuraAuth` reading these variables instead of the environment. */
export function installed(env: Readonly<Record<string, string>>): Record<string, unknown> {
  const options = core.optionsFromEnv(env);
  return {
    '@hasura-auth/core': { ...core, optionsFromEnv: () => options },
    '@hasura-auth/express': {
      ...onExpress,
      hasuraAuth: (given: core.HasuraAuthOptions = options) => onExpress.hasuraAuth(given),
    },
    '@hasura-auth/koa': {
      ...onKoa,
      hasuraAuth: (given: core.HasuraAuthOptions = options) => onKoa.hasuraAuth(given),
    },
    '@hasura-auth/fastify': {
      ...onFastify,
      hasuraAuth: Object.assign(
        (app: never, given: object) =>
          onFastify.hasuraAuth(app, Object.keys(given).length > 0 ? given : options),
        { [Symbol.for('skip-override')]: true }, // as fastify-plugin marks the plugin
      ),
    },
    express: { ...defaultOf(express), static: express.static },
    'express-unless': { unless },
    fastify: defaultOf(fastify),
    koa: defaultOf(Koa),
    '@koa/router': defaultOf(Router),
  };
}
