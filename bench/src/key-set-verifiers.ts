import { createAuthenticator } from '@hasura-auth/core';
import { createVerifier } from 'fast-jwt';
import buildGetJwks from 'get-jwks';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import jwksRsa from 'jwks-rsa';
import type { Accepts } from './proof.js';

/** Verifies tokens with the keys at a URL, set up as in its manual and with its own defaults. */
export interface KeySetVerifier {
  readonly name: string;
  /** Makes a new verifier, which holds no key yet. */
  start(url: string): Accepts;
}

/** Without the cache of verified tokens: every token is new in these trials. */
const hasuraAuth: KeySetVerifier = {
  name: 'hasura-auth',
  start(url) {
    const { authenticate } = createAuthenticator({
      adminSecret: 'the-secret-of-the-benchmark',
      jwtSecret: { jwk_url: url },
      tokenCache: false,
      logger: { warn: () => undefined, error: () => undefined },
    });
    return async (token) => {
      await authenticate({ headers: { authorization: `Bearer ${token}` } });
      return true;
    };
  },
};

const jose: KeySetVerifier = {
  name: 'jose',
  start(url) {
    const keys = createRemoteJWKSet(new URL(url));
    return async (token) => {
      await jwtVerify(token, keys);
      return true;
    };
  },
};

const withJwksRsa: KeySetVerifier = {
  name: 'jwks-rsa, jsonwebtoken',
  start(url) {
    const client = jwksRsa({ jwksUri: url });
    const key: jsonwebtoken.GetPublicKeyOrSecret = ({ kid }, done) => {
      client.getSigningKey(kid).then(
        (found) => {
          done(null, found.getPublicKey());
        },
        (error: unknown) => {
          done(error as Error); // the client rejects with errors only
        },
      );
    };
    return (token) =>
      new Promise((resolve) => {
        jsonwebtoken.verify(token, key, { algorithms: ['RS256'] }, (error) => {
          resolve(error === null);
        });
      });
  },
};

const withGetJwks: KeySetVerifier = {
  name: 'get-jwks, fast-jwt',
  start(url) {
    const { origin, pathname } = new URL(url);
    const client = buildGetJwks({ jwksPath: pathname });
    const verify = createVerifier({
      algorithms: ['RS256'],
      key: ({ header: { alg = '', kid = '' } }: { header: Record<string, string> }) =>
        client.getPublicKey({ domain: origin, alg, kid }),
    });
    return async (token) => {
      await verify(token);
      return true;
    };
  },
};

/** The contenders. */
export const keySetVerifiers: readonly KeySetVerifier[] = [
  hasuraAuth,
  jose,
  withJwksRsa,
  withGetJwks,
];
