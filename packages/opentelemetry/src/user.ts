import { createHmac } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import { ConfigError, type Session } from '@hasura-auth/core';

/** Which session variable identifies the user in `user.hash`, and the key of the hash. */
export interface UserHash {
  /** The name of the session variable, such as `x-hasura-user-id`. */
  readonly variable: string;
  /** A secret of at least 32 characters. Without it, ids could be found by hashing all that are possible. */
  readonly key: string;
}

/** How the user of a request is named on its span. Default: not at all. */
export interface UserOptions {
  /**
   * The session variable whose value becomes `user.id`, such as `x-hasura-user-id`. It is personal data in every system that
   * receives your traces: `userHash` is the safer choice.
   */
  readonly userId?: string | undefined;
  /** Adds `user.hash`: an HMAC-SHA256 of a session variable, which correlates the requests of a user without their id. */
  readonly userHash?: UserHash | undefined;
}

/** The attributes of a session's user. */
export type UserAttributes = (session: Session) => Attributes;

const leastKeyLength = 32;

function variableName(value: unknown, option: string): `x-hasura-${string}` {
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  if (name.startsWith('x-hasura-') && name.length > 'x-hasura-'.length)
    return name as `x-hasura-${string}`; // as just checked
  throw new ConfigError(
    option,
    'expected the name of a session variable, such as x-hasura-user-id',
  );
}

function parseHash(value: unknown): { variable: `x-hasura-${string}`; key: string } | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null)
    throw new ConfigError('userHash', 'expected an object with variable and key');
  const { variable, key } = value as Partial<Record<keyof UserHash, unknown>>; // each is checked
  const name = variableName(variable, 'userHash.variable');
  if (typeof key !== 'string' || key.length < leastKeyLength)
    throw new ConfigError(
      'userHash.key',
      `expected a secret of at least ${String(leastKeyLength)} characters`,
    );
  return { variable: name, key };
}

/** Reads `userId` and `userHash`; undefined if neither is set. Throws a ConfigError. */
export function parseUser({ userId, userHash }: UserOptions): UserAttributes | undefined {
  const named = userId === undefined ? undefined : variableName(userId, 'userId');
  const hashed = parseHash(userHash);
  if (named === undefined && hashed === undefined) return undefined;
  return ({ sessionVariables }) => {
    const attributes: Attributes = {};
    const id = named === undefined ? undefined : sessionVariables[named];
    if (id !== undefined) attributes['user.id'] = id;
    const value = hashed === undefined ? undefined : sessionVariables[hashed.variable];
    if (hashed !== undefined && value !== undefined)
      attributes['user.hash'] = createHmac('sha256', hashed.key).update(value).digest('hex');
    return attributes;
  };
}
