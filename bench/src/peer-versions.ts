import { readFileSync } from 'node:fs';

const peers = [
  'express',
  'koa',
  'fastify',
  'express-jwt',
  'koa-jwt',
  '@fastify/jwt',
  'fast-jwt',
  'jsonwebtoken',
  'express-oauth2-jwt-bearer',
  'passport-jwt',
  'jose',
  'aws-jwt-verify',
  'jwks-rsa',
  'get-jwks',
  'autocannon',
];

const installed = new URL('../node_modules/', import.meta.url);

function versionOf(name: string): string {
  const text = readFileSync(new URL(`${name}/package.json`, installed), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Lists the peers with their installed versions. */
export function peerVersions(): string {
  return peers.map((name) => `${name} ${versionOf(name)}`).join(', ');
}
