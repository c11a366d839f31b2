import { createHmac } from 'node:crypto';

const key = 'a shared secret of more than thirty-two bytes';

export const jwtSecret = { type: 'HS256', key } as const;

/** Makes a token that expires at `endsAt`, in milliseconds since the epoch. */
export function tokenUntil(endsAt: number, user: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    'x-hasura-default-role': 'user',
    'x-hasura-allowed-roles': ['user'],
    'x-hasura-user-id': String(user),
  };
  const payload = { sub: String(user), exp: endsAt / 1000, 'https://hasura.io/jwt/claims': claims };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** The context that graphql-ws passes to its options, with a socket that only records that it was closed. */
export interface ConnectionDouble {
  connectionInitReceived: boolean;
  acknowledged: boolean;
  readonly connectionParams: { readonly headers: { readonly authorization: string } };
  readonly subscriptions: Record<string, never>;
  readonly extra: {
    readonly socket: { close(): void };
    readonly request: { readonly headers: Record<string, string> };
  };
}

export function connectionDouble(token: string, closed: () => void): ConnectionDouble {
  return {
    connectionInitReceived: true,
    acknowledged: false,
    connectionParams: { headers: { authorization: `Bearer ${token}` } },
    subscriptions: {},
    extra: { socket: { close: closed }, request: { headers: { host: 'localhost' } } },
  };
}
