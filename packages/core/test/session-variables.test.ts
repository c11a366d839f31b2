import { deepStrictEqual } from 'node:assert';
import {
  gatherVariables,
  isSecretVariable,
  isSessionVariable,
  variablesFor,
} from '../src/session-variables.js';

const gathered = (...entries: [string, string][]) => gatherVariables(entries);

it('session variables begin with x-hasura-', () => {
  expect(['x-hasura-a', 'x-hasura-', 'x-hasura-role'].every(isSessionVariable)).toBe(true);
  expect(['x-hasura', 'hasura-a', 'X-Hasura-A', 'a', ''].some(isSessionVariable)).toBe(false);
});

it('secrets among them are known by their names', () => {
  expect(['x-hasura-admin-secret', 'x-hasura-access-key'].every(isSecretVariable)).toBe(true);
  expect(['x-hasura-admin', 'x-hasura-role', ''].some(isSecretVariable)).toBe(false);
});

describe('gathered variables', () => {
  it('have names in lower case, and only those that are meant for it', () => {
    expect(gathered(['X-Hasura-User-Id', '1'], ['accept', '*/*'], ['x-hasurb-a', '2'])).toEqual({
      'x-hasura-user-id': '1',
    });
  });

  it('never hold a secret', () => {
    expect(
      gathered(
        ['x-hasura-admin-secret', 's'],
        ['X-Hasura-Admin-Secret', 's'],
        ['x-hasura-access-key', 's'],
        ['X-Hasura-Access-Key', 's'],
      ),
    ).toEqual({});
  });
});

describe('the variables of a session', () => {
  it('hold its role, whatever role they named', () => {
    const named = gatherVariables([
      ['x-hasura-role', 'admin'],
      ['X-Hasura-Role', 'admin'],
    ]);
    expect(variablesFor('user', named)).toStrictEqual({ 'x-hasura-role': 'user' });
  });

  it('are an ordinary object for comparisons and template strings', () => {
    const variables = variablesFor('user', gatherVariables([['x-hasura-user-id', '1']]));
    const expected = { 'x-hasura-role': 'user', 'x-hasura-user-id': '1' };
    expect(variables).toStrictEqual(expected);
    deepStrictEqual(variables, expected);
    expect(() => `${variables as unknown as string}`).not.toThrow();
    expect(structuredClone(variables)).toStrictEqual(expected);
  });

  it('have names of their own only, none of which changes an object', () => {
    const entries: [string, string][] = [
      ['__proto__', 'a'],
      ['constructor', 'a'],
      ['x-hasura-__proto__', 'a'],
      ['x-hasura-constructor', 'a'],
    ];
    const variables = variablesFor('user', gatherVariables(entries));
    expect(Object.keys(variables)).toEqual([
      'x-hasura-__proto__',
      'x-hasura-constructor',
      'x-hasura-role',
    ]);
    expect(Object.getPrototypeOf(variables)).toBe(Object.prototype);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(variablesFor('user', gatherVariables([])))).toBe(true);
  });
});
