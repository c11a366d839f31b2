import { AuthError } from '../errors.js';
import { encountered, isRecord, type Members } from '../json.js';
import {
  isSecretVariable,
  isSessionVariable,
  type GatheredVariables,
  type VariableName,
} from '../session.js';
import {
  allowedRolesClaim,
  defaultRoleClaim,
  type ClaimsFormat,
  type ClaimsMap,
  type ClaimsSource,
  type MappedClaim,
} from './claims-source.js';
import { readJsonPath, type JsonPath } from './json-path.js';
import { registeredClaims } from './registered-claims.js';

/** The Hasura claims of a token. */
export interface HasuraClaims {
  readonly allowedRoles: readonly string[];
  readonly defaultRole: string;
  /** The session variables, without the two above; the first session takes them over. */
  readonly variables: GatheredVariables;
  /** What is wrong with a variable; thrown once the requested role is known to be allowed, as the engine does. */
  readonly problem: AuthError | undefined;
}

function invalid(detail: string): AuthError {
  return new AuthError('invalid-claims', { detail });
}

/** The payload without the registered claims: the namespace is looked for among the others only. */
function unregistered(payload: Members): Members {
  return Object.fromEntries(
    Object.entries(payload).filter(([claim]) => !registeredClaims.has(claim)),
  );
}

/** As in the engine, the message shows the value to the client that sent it; cut to 200 characters. */
function parseStringified(text: string, place: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // not kept as a cause: a parser's error quotes its input
  }
  throw new AuthError('invalid-claims', {
    detail: `expecting stringified json at: '${place}', but found: `,
    quoted: text.slice(0, 200),
  });
}

function claimsObject(value: unknown, format: ClaimsFormat, place: string): Members {
  switch (format) {
    case 'json':
      if (isRecord(value)) return value;
      throw invalid('expecting a json object when claims_format is json');
    case 'stringified_json':
      if (typeof value === 'string') return parseStringified(value, place);
      throw invalid('expecting a string when claims_format is stringified_json');
  }
}

/** Names that were read before: issuers use few, and looking one up takes a fifth of the time of reading it. */
const knownNames = new Map<string, VariableName | null>();
const mostNames = 200;

/** The session variable of a name in any case; null if it is the name of something else. */
function variableName(anyCase: string): VariableName | null {
  const known = knownNames.get(anyCase);
  if (known !== undefined) return known;
  const lowerCase = anyCase.toLowerCase();
  const name = isSessionVariable(lowerCase) ? lowerCase : null;
  if (knownNames.size < mostNames) knownNames.set(anyCase, name);
  return name;
}

/** The Hasura claims as they were found: names in lower case, values still of any type. */
class FoundClaims {
  allowedRoles: unknown;
  defaultRole: unknown;
  readonly variables: GatheredVariables = {};
  /** What is wrong with the first variable that is no text. */
  problem: AuthError | undefined;
  /** Names that are no variables, but must not be there twice either. */
  #others: Set<string> | undefined;

  has(name: VariableName): boolean {
    if (name === allowedRolesClaim) return this.allowedRoles !== undefined;
    if (name === defaultRoleClaim) return this.defaultRole !== undefined;
    return Object.hasOwn(this.variables, name) || this.#others?.has(name) === true;
  }

  set(name: VariableName, value: unknown): void {
    if (name === allowedRolesClaim) this.allowedRoles = value;
    else if (name === defaultRoleClaim) this.defaultRole = value;
    else this.setVariable(name, value);
  }

  setVariable(name: VariableName, value: unknown): void {
    if (typeof value === 'string' && !isSecretVariable(name)) {
      this.variables[name] = value;
      return;
    }
    (this.#others ??= new Set()).add(name);
    if (typeof value !== 'string')
      this.problem ??= invalid(`x-hasura-* claims: ${encountered('Text', 'String', value)}`);
  }
}

function sessionClaims(object: Members): HasuraClaims {
  const claims = new FoundClaims();
  for (const anyCase of Object.keys(object)) {
    const name = variableName(anyCase);
    if (name === null) continue;
    if (claims.has(name)) throw invalid('x-hasura-* claims: two names are equal in lower case');
    claims.set(name, object[anyCase]);
  }
  const { variables, problem } = claims;
  const allowedRoles = readAllowedRoles(claims.allowedRoles);
  const defaultRole = readDefaultRole(claims.defaultRole, 'a single role name');
  return { allowedRoles, defaultRole, variables, problem };
}

function mappedClaims(
  { allowedRoles, defaultRole, others }: ClaimsMap,
  payload: Members,
): HasuraClaims {
  const roles = {
    allowedRoles: readAllowedRoles(mappedValue(allowedRoles, payload)),
    defaultRole: readDefaultRole(mappedValue(defaultRole, payload), 'a role'),
  };
  const claims = new FoundClaims();
  for (const claim of others) {
    const value = mappedValue(claim, payload);
    if (value === undefined) throw invalid(`JWT claim from claims_map, ${claim.name} not found`);
    claims.setVariable(claim.name, value);
  }
  const { variables, problem } = claims;
  return { ...roles, variables, problem };
}

/** Undefined if neither the token nor the configuration has a value. */
function mappedValue(claim: MappedClaim, payload: Members): unknown {
  if (claim.kind === 'literal') return claim.value;
  const value = readJsonPath(asEngineWrites(payload, claim.path), claim.path);
  return value === undefined ? claim.byDefault : value; // null is a value
}

/** The engine reads paths over claims that it wrote anew: there a list of one audience is the audience alone. */
function asEngineWrites(payload: Members, [first]: JsonPath): Members {
  const { aud } = payload;
  return first === 'aud' && Array.isArray(aud) && aud.length === 1
    ? { aud: (aud as unknown[])[0] }
    : payload;
}

function readAllowedRoles(value: unknown): readonly string[] {
  if (value === undefined) throw new AuthError('missing-role-claim', { detail: allowedRolesClaim });
  const problem = `invalid ${allowedRolesClaim}; should be a list of roles: `;
  if (!Array.isArray(value)) throw invalid(problem + encountered('[]', 'Array', value));
  for (const role of value as unknown[]) checkRole(role, problem);
  return value as string[]; // each one was just checked
}

function readDefaultRole(value: unknown, expected: 'a role' | 'a single role name'): string {
  if (value === undefined) throw new AuthError('missing-role-claim', { detail: defaultRoleClaim });
  checkRole(value, `invalid ${defaultRoleClaim}; should be ${expected}: `);
  return value;
}

function checkRole(role: unknown, problem: string): asserts role is string {
  if (typeof role !== 'string') throw invalid(problem + encountered('String', 'String', role));
  if (role === '') throw invalid(`${problem}empty string not allowed`);
}

/**
 * Reads the Hasura claims of a verified payload: the claims, the allowed roles, the default role, in this order. Throws
 * the AuthError that says which of them is missing or wrong; what is wrong with a variable is returned.
 */
export function readClaims(payload: Members, source: ClaimsSource): HasuraClaims {
  switch (source.kind) {
    case 'namespace': {
      const { namespace, format } = source;
      if (!Object.hasOwn(payload, namespace) || registeredClaims.has(namespace))
        throw invalid(`claims key: '${namespace}' not found`);
      return sessionClaims(
        claimsObject(payload[namespace], format, `claims_namespace ${namespace}`),
      );
    }
    case 'path': {
      const { path, text, format } = source;
      const value = readJsonPath(unregistered(payload), path);
      if (value === undefined)
        throw invalid(`claims not found at claims_namespace_path: '${text}'`);
      return sessionClaims(claimsObject(value, format, `claims_namespace_path ${text}`));
    }
    case 'map':
      return mappedClaims(source, payload);
  }
}
