import {
  emptyRecord,
  gatherVariables,
  isSecretVariable,
  isSessionVariable,
  variablesFor,
} from '../src/session-variables.js';

const gathered = (...entries: [string, string][]) => ({ ...gatherVariables(entries) });

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
    expect({ ...variablesFor('user', named) }).toEqual({ 'x-hasura-role': 'user' });
  });

  it('have no prototype, so that nothing is found that is not there', () => {
    const variables = variablesFor('user', gatherVariables([['x-hasura-__proto__', 'a']]));
    expect(Object.getPrototypeOf(variables)).toBeNull();
    expect(variables['constructor']).toBeUndefined();
    expect(variables['x-hasura-__proto__']).toBe('a');
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(variablesFor('user', gatherVariables([])))).toBe(true);
  });
});

it('a record is empty, whatever stands in the prototype of all objects', () => {
  Object.defineProperty(Object.prototype, 'planted', { value: 'x', configurable: true });
  try {
    expect('planted' in emptyRecord()).toBe(false);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'planted');
  }
});
