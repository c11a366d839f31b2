/** The contenders over HTTP by framework; the first of each is the app without authentication. */
export const httpContenders = {
  express: [
    'bare',
    'ideal-map',
    'hasura-auth',
    'hasura-auth-cache-off',
    'express-jwt',
    'express-oauth2-jwt-bearer',
    'passport-jwt',
    'jose',
    'aws-jwt-verify',
  ],
  koa: ['bare', 'ideal-map', 'hasura-auth', 'hasura-auth-cache-off', 'koa-jwt', 'jose'],
  fastify: [
    'bare',
    'ideal-map',
    'hasura-auth',
    'hasura-auth-cache-off',
    'fastify-jwt-cache-on',
    'fastify-jwt-cache-off',
    'jose',
  ],
} as const;

export type Framework = keyof typeof httpContenders;
export type HttpContender = (typeof httpContenders)[Framework][number];
