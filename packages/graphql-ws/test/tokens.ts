import { SignJWT } from 'jose';

const key = 'a shared secret of more than thirty-two bytes';

export const jwtSecret = { type: 'HS256', key } as const;

/** A token of a user with the roles user (by default) and editor, that ends after so many milliseconds. */
export function userToken(id: string, endsAfterMs = 60_000, more: object = {}): Promise<string> {
  return new SignJWT({
    'https://hasura.io/jwt/claims': {
      'x-hasura-default-role': 'user',
      'x-hasura-allowed-roles': ['user', 'editor'],
      'x-hasura-user-id': id,
    },
    sub: id,
    exp: (Date.now() + endsAfterMs) / 1000,
    jti: String(Math.random()),
    ...more,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
}
