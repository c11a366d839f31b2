import {
  allowedRolesClaim,
  defaultRoleClaim,
  type ClaimsFormat,
  type ClaimsSource,
  type MappedClaim,
} from './claims-source.js';
import { readJsonPath } from './json-path.js';
import { AuthError } from '../errors.js';
import { isRecord, jsonType } from '../json.js';
import {
  emptyRecord,
  isSecretVariable,
  isSessionVariable,
  type GatheredVariables,
} from '../session-variables.js';
import { registeredClaims } from './registered-claims.js';

/** What a token says for the engine. */
export interface HasuraClaims {
  readonly allowedRoles: readonly string[];
  readonly defaultRole: string;
  /** The session variables, without the two above; the first session takes them over. */
  readonly variables: GatheredVariables;
}

type Payload = Readonly<Record<string, unknown>>;

function invalid(detail: string): AuthError {
  return new AuthError('invalid-claims', { detail });
}

/** What a value is instead of what it should be, in the words of the engine's JSON library; never the value itself. */
function encountered(parser: string, expected: string, value: unknown): string {
  return `parsing ${parser} failed, expected ${expected}, but encountered ${jsonType(value)}`;
}

/** The payload without the registered claims: the namespace is looked for among the others only. */
function unregistered(payload: Payload): Payload {
  return Object.fromEntries(
    Object.entries(payload).filter(([claim]) => !registeredClaims.has(claim)),
  );
}

/** The message shows the value to its sender, as the engine's does; it is cut, so that it stays a message. */
function parseStringified(text: string, place: string): Payload {
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

function claimsObject(value: unknown, format: ClaimsFormat, place: string): Payload {
  switch (format) {
    case 'json':
      if (isRecord(value)) return value;
      throw invalid('expecting a json object when claims_format is json');
    case 'stringified_json':
      if (typeof value === 'string') return parseStringified(value, place);
      throw invalid('expecting a string when claims_format is stringified_json');
  }
}

/** What a claim is for the engine, by its name in any case. */
interface ClaimName {
  readonly lowerCase: string;
  readonly isForUs: boolean;
}

/** Issuers write few names: looking one up takes a fifth of the time of reading it. */
const knownNames = new Map<string, ClaimName>();
const mostNames = 200;

function claimName(anyCase: string): ClaimName {
  const known = knownNames.get(anyCase);
  if (known !== undefined) return known;
  const lowerCase = anyCase.toLowerCase();
  const name = { lowerCase, isForUs: isSessionVariable(lowerCase) };
  if (knownNames.size < mostNames) knownNames.set(anyCase, name);
  return name;
}

/** The claims that are for the engine, names in lower case, values still of any type. */
class FoundClaims {
  allowedRoles: unknown;
  defaultRole: unknown;
  readonly variables: GatheredVariables = emptyRecord();
  /** What is wrong with the first variable that is no text. */
  problem: AuthError | undefined;
  /** Names that are no variables, but must not be there twice either. */
  #others: Set<string> | undefined;

  has(name: string): boolean {
    if (name === allowedRolesClaim) return this.allowedRoles !== undefined;
    if (name === defaultRoleClaim) return this.defaultRole !== undefined;
    return name in this.variables || this.#others?.has(name) === true;
  }

  set(name: string, value: unknown): void {
    if (name === allowedRolesClaim) this.allowedRoles = value;
    else if (name === defaultRoleClaim) this.defaultRole = value;
    else this.#setVariable(name, value);
  }

  #setVariable(name: string, value: unknown): void {
    if (typeof value === 'string' && !isSecretVariable(name)) {
      this.variables[name] = value;
      return;
    }
    (this.#others ??= new Set()).add(name);
    if (typeof value !== 'string')
      this.problem ??= invalid(`x-hasura-* claims: ${encountered('Text', 'String', value)}`);
  }
}

function sessionClaims(object: Payload): FoundClaims {
  const claims = new FoundClaims();
  for (const anyCase of Object.keys(object)) {
    const { lowerCase, isForUs } = claimName(anyCase);
    if (!isForUs) continue;
    if (claims.has(lowerCase))
      throw invalid('x-hasura-* claims: two names are equal in lower case');
    claims.set(lowerCase, object[anyCase]);
  }
  return claims;
}

function mappedClaims(mapped: readonly MappedClaim[], payload: Payload): FoundClaims {
  const claims = new FoundClaims();
  for (const claim of mapped) claims.set(claim.name, mappedValue(claim, payload));
  return claims;
}

function mappedValue(claim: MappedClaim, payload: Payload): unknown {
  if (claim.kind === 'literal') return claim.value;
  const value = readJsonPath(payload, claim.path);
  if (value !== undefined) return value;
  if (claim.byDefault !== undefined) return claim.byDefault;
  if (claim.name === allowedRolesClaim || claim.name === defaultRoleClaim) return undefined;
  throw invalid(`JWT claim from claims_map, ${claim.name} not found`);
}

function findClaims(payload: Payload, source: ClaimsSource): FoundClaims {
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
      const value = readJsonPath(unregistered(payload), source.path);
      if (value === undefined)
        throw invalid(`claims not found at claims_namespace_path: '${source.text}'`);
      return sessionClaims(
        claimsObject(value, source.format, `claims_namespace_path ${source.text}`),
      );
    }
    case 'map':
      return mappedClaims(source.claims, payload);
  }
}

function readAllowedRoles(value: unknown): readonly string[] {
  if (value === undefined) throw new AuthError('missing-role-claim', { detail: allowedRolesClaim });
  const problem = `invalid ${allowedRolesClaim}; should be a list of roles: `;
  if (!Array.isArray(value)) throw invalid(problem + encountered('[]', 'Array', value));
  for (const role of value as unknown[]) checkRole(role, problem);
  return value as string[]; // each one was just checked
}

function readDefaultRole(value: unknown): string {
  if (value === undefined) throw new AuthError('missing-role-claim', { detail: defaultRoleClaim });
  checkRole(value, `invalid ${defaultRoleClaim}; should be a role: `);
  return value;
}

function checkRole(role: unknown, problem: string): asserts role is string {
  if (typeof role !== 'string') throw invalid(problem + encountered('Text', 'String', role));
  if (role === '') throw invalid(`${problem}empty string not allowed`);
}

/** Reads what a verified payload says for the engine, or throws the AuthError that says what is missing or wrong. */
export function readClaims(payload: Payload, source: ClaimsSource): HasuraClaims {
  const claims = findClaims(payload, source);
  const allowedRoles = readAllowedRoles(claims.allowedRoles);
  const defaultRole = readDefaultRole(claims.defaultRole);
  if (claims.problem !== undefined) throw claims.problem;
  return { allowedRoles, defaultRole, variables: claims.variables };
}
