import { parseJsonPath } from '@hasura-auth/core/adapter';
import type { ReadJwtSecret } from '@hasura-auth/inspector/reading';

/** Claims by name. */
export type Claims = Record<string, unknown>;

/** What a development token says of its user. */
export interface TokenContents {
  readonly role: string;
  /** The allowed roles, `role` first. */
  readonly roles: readonly string[];
  /** Session variables by their names in lower case. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The names on a JSON path; undefined if it has an index, or is none. */
function namesOf(path: unknown): readonly string[] | undefined {
  const steps = typeof path === 'string' ? parseJsonPath(path) : undefined;
  return steps?.every((step) => typeof step === 'string') === true ? steps : undefined;
}

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets a claim at a path of names; a member on the way that is no object is replaced. */
function setAt(claims: Claims, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined) return;
  const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
  let member = value;
  if (rest.length > 0) {
    const object = isRecord(inner) ? inner : {};
    setAt(object, rest, value);
    member = object;
  }
  // Not by assignment, which changes the prototype if the name is __proto__.
  Object.defineProperty(claims, name, {
    value: member,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** The session variables where a `claims_map` reads them; literals need no claim, and an index is filled by its list. */
function mappedClaims(map: Readonly<Record<string, unknown>>, contents: TokenContents): Claims {
  const { role, roles, variables } = contents;
  const values: Readonly<Record<string, unknown>> = {
    ...variables,
    'x-hasura-default-role': role,
    'x-hasura-allowed-roles': roles,
  };
  const claims: Claims = {};
  for (const [name, entry] of Object.entries(map)) {
    const names = isRecord(entry) ? namesOf(entry['path']) : undefined;
    const value = values[name.toLowerCase()];
    if (names !== undefined && value !== undefined) setAt(claims, names, value);
  }
  return claims;
}

/** The claims that hold the session variables, where a JWT configuration reads them. */
export function sessionClaims(
  { claims_map, claims_namespace, claims_namespace_path, claims_format }: ReadJwtSecret['members'],
  contents: TokenContents,
): Claims {
  if (isRecord(claims_map)) return mappedClaims(claims_map, contents);
  const object = {
    'x-hasura-default-role': contents.role,
    'x-hasura-allowed-roles': contents.roles,
    ...contents.variables,
  };
  const value = claims_format === 'stringified_json' ? JSON.stringify(object) : object;
  const path = namesOf(claims_namespace_path);
  if (path?.length === 0) return object;
  const namespace =
    typeof claims_namespace === 'string' ? claims_namespace : 'https://hasura.io/jwt/claims';
  const claims: Claims = {};
  setAt(claims, path ?? [namespace], value);
  return claims;
}
