/** `x-hasura-*` names in lower case with their string values; frozen, without a prototype. */
export type SessionVariables = Readonly<Record<string, string>>;

/** Session variables on their way into a session, which takes them over: without a prototype, never a secret. */
export type GatheredVariables = Record<string, string>;

const prefix = 'x-hasura-';
const roleVariable = 'x-hasura-role';
/** The engine strips these in every mode, so that no secret is ever handed on as a session variable. */
const secretVariables: ReadonlySet<string> = new Set([
  'x-hasura-admin-secret',
  'x-hasura-access-key',
]);

/** Whether a claim, header or hook member is a session variable, by its name in lower case. */
export function isSessionVariable(lowerCaseName: string): boolean {
  return lowerCaseName.startsWith(prefix);
}

/** Whether a session variable, by its name in lower case, holds a secret. */
export function isSecretVariable(lowerCaseName: string): boolean {
  return secretVariables.has(lowerCaseName);
}

/**
 * A record without a prototype, in which nothing is found that is not there. `Object.create(null)` makes a hash table, and
 * freezing one costs more than all else about it; an empty object without its prototype has a shape, as others do.
 */
export function emptyRecord<T>(): Record<string, T> {
  return Object.setPrototypeOf({}, null) as Record<string, T>; // has no member yet, of whatever type
}

/** Takes the session variables from names in any case, none of them spelled twice. */
export function gatherVariables(
  entries: Iterable<readonly [name: string, value: string]>,
): GatheredVariables {
  const gathered: GatheredVariables = emptyRecord();
  for (const [anyCase, value] of entries) {
    const name = anyCase.toLowerCase();
    if (isSessionVariable(name) && !isSecretVariable(name)) gathered[name] = value;
  }
  return gathered;
}

/** Makes gathered variables a session's: with its role, whatever role they named, and never changed again. */
export function variablesFor(role: string, gathered: GatheredVariables): SessionVariables {
  gathered[roleVariable] = role;
  return Object.freeze(gathered);
}
