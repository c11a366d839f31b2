import type { AuthError, Session } from '@hasura-auth/core';
import { resolve, type JsonObject } from '@hasura-auth/testkit';

import type { ExpectedError, ExpectedSession } from './vectors.js';

/** The message as a row gives it: whole, or how it begins. */
export function expectedMessage({ message, messagePrefix }: ExpectedError): unknown {
  if (message !== undefined) return message;
  if (messagePrefix === undefined) return expect.any(String);
  const text = messagePrefix.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return expect.stringMatching(new RegExp(`^${text}`));
}

/** Compares the members that the row names; null = the session has no such member. */
export function expectSession(actual: unknown, expected: ExpectedSession, now: number): void {
  const members = actual as JsonObject; // JSON, or a Session, whose members are JSON too
  const names = Object.keys(expected);
  const found = Object.fromEntries(names.map((name) => [name, members[name] ?? null]));
  expect(found).toEqual(resolve(expected, now));
}

function isDeeplyFrozen(value: unknown): boolean {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Object.isFrozen(next)) return false;
    pending.push(...Object.values(next));
  }
  return true;
}

/** Compares what holds for every session, whatever made it; a list, since one comparison is quicker than ten. */
export function expectSoundSession(session: Session): void {
  const { sessionVariables } = session;
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(what);
  };
  must(
    Object.getPrototypeOf(sessionVariables) === Object.prototype,
    'the variables are no ordinary object',
  );
  must(isDeeplyFrozen(session), 'not deeply frozen');
  must(sessionVariables['x-hasura-role'] === session.role, 'x-hasura-role is not the role');
  for (const [name, value] of Object.entries(sessionVariables)) {
    must(/^x-hasura-[^A-Z]*$/.test(name), `${name} is no name of a session variable`);
    must(typeof value === 'string', `${name} is no text`);
  }
  for (const secret of ['x-hasura-admin-secret', 'x-hasura-access-key'])
    must(!(secret in sessionVariables), `${secret} is a variable`);
  const byToken = session.method === 'jwt';
  must('claims' in session === byToken, 'claims are for tokens');
  must('allowedRoles' in session === byToken, 'allowed roles are for tokens');
  expect(wrong).toEqual([]);
}

/** The refusal with all its faces: programs, GraphQL clients and three frameworks each read another one. */
export function expectRefusal(error: AuthError, expected: ExpectedError): void {
  expect({
    code: error.code,
    message: error.message,
    path: error.path,
    status: error.status,
    statusCode: error.statusCode,
    engineStatus: error.engineStatus,
    expose: error.expose,
  }).toEqual({
    code: expected.code,
    message: expectedMessage(expected),
    path: '$',
    status: expected.httpStatus,
    statusCode: expected.httpStatus,
    engineStatus: expected.engineStatus,
    expose: expected.httpStatus < 500,
  });
  expect(error.toJSON()).toEqual({
    extensions: { path: '$', code: error.code },
    message: error.message,
  });
}
