/** The name of a session variable: `x-hasura-` and more, in lower case. */
export type VariableName = `x-hasura-${string}`;

/**
 * The session variables of a request: names that begin with `x-hasura-`, in lower case, with string values. An ordinary
 * frozen object. It always holds `x-hasura-role`; any other name may be absent, and is typed so.
 *
 * @example
 * const userId = session.sessionVariables['x-hasura-user-id']; // string | undefined
 */
export type SessionVariables = {
  readonly 'x-hasura-role': string;
  readonly [name: VariableName]: string | undefined;
};

/** Session variables on their way into a session, which takes them over: never a secret. No name of theirs is `__proto__`. */
export type GatheredVariables = Record<VariableName, string>;

const prefix = 'x-hasura-';
/** The engine leaves these out in every mode, so that no secret is ever passed on as a session variable. */
const secretVariables: ReadonlySet<string> = new Set([
  'x-hasura-admin-secret',
  'x-hasura-access-key',
]);

/** Whether a claim, header or hook member is a session variable, by its name in lower case. */
export function isSessionVariable(lowerCaseName: string): lowerCaseName is VariableName {
  return lowerCaseName.startsWith(prefix);
}

/** Whether a session variable, by its name in lower case, holds a secret. */
export function isSecretVariable(lowerCaseName: string): boolean {
  return secretVariables.has(lowerCaseName);
}

/** Takes the session variables from names in any case, none of them spelled twice. */
export function gatherVariables(
  entries: Iterable<readonly [name: string, value: string]>,
): GatheredVariables {
  const gathered: GatheredVariables = {};
  for (const [anyCase, value] of entries) {
    const name = anyCase.toLowerCase();
    if (isSessionVariable(name) && !isSecretVariable(name)) gathered[name] = value;
  }
  return gathered;
}

/** Makes gathered variables a session's: with its role, also if they named another, and never changed again. */
export function variablesFor(role: string, gathered: GatheredVariables): SessionVariables {
  gathered['x-hasura-role'] = role;
  return Object.freeze(gathered as GatheredVariables & { 'x-hasura-role': string }); // as just written
}
