import { mintToken, type TokenRecipe, privatePem, testKey, type Json } from '@hasura-auth/testkit';

export { mintToken, privatePem, testKey, type Json, type TokenRecipe };

/** The claims of a token that every default configuration accepts. */
export const goodClaims = {
  sub: 'user-1',
  'https://hasura.io/jwt/claims': {
    'x-hasura-allowed-roles': ['user', 'editor'],
    'x-hasura-default-role': 'user',
    'x-hasura-user-id': '1',
  },
} as const;

/** A token signed with RS256 and the key `rsa`; further claims beside the good ones. */
export function goodToken(more: { readonly [claim: string]: Json } = {}): Promise<string> {
  return mintToken({ sign: { key: 'rsa', alg: 'RS256' }, claims: { ...goodClaims, ...more } });
}

/** The PEM text of a test key's public half. */
export function spki(name: string): string {
  const { spki } = testKey(name);
  if (spki === undefined) throw new Error(`${name} has no SPKI PEM`);
  return spki;
}

/** The text of a test key that is a shared secret. */
export function secretText(name: string): string {
  const { secret } = testKey(name);
  if (secret === undefined) throw new Error(`${name} is no secret`);
  return secret;
}

/** A part of a token by hand: bytes, text, or a value as JSON. */
export function part(content: unknown): string {
  if (content instanceof Uint8Array) return Buffer.from(content).toString('base64url');
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return Buffer.from(text).toString('base64url');
}
