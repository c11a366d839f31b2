/** Everyone that answers over HTTP, by framework; the first is the app without authentication. */
export const httpContenders = {
  express: [
    'bare',
    'ideal-map',
    'ourselves',
    'ourselves-cache-off',
    'express-jwt',
    'express-oauth2-jwt-bearer',
    'passport-jwt',
    'jose',
    'aws-jwt-verify',
  ],
  koa: ['bare', 'ideal-map', 'ourselves', 'ourselves-cache-off', 'koa-jwt', 'jose'],
  fastify: [
    'bare',
    'ideal-map',
    'ourselves',
    'ourselves-cache-off',
    'fastify-jwt-cache-on',
    'fastify-jwt-cache-off',
    'jose',
  ],
} as const;

export type Framework = keyof typeof httpContenders;
export type HttpContender = (typeof httpContenders)[Framework][number];
