import { ConfigError } from '../errors.js';
import { isRecord, type Members } from '../json.js';
import {
  checkPastedMembers,
  kindOf,
  nonEmptyString,
  oneOf,
  stringList,
  withoutNulls,
  type Warn,
} from '../option-checks.js';
import { isSessionVariable, type VariableName } from '../session.js';
import { parseJsonPath, showJsonPath, type JsonPath } from './json-path.js';

/** The claim that names the roles a token allows. */
export const allowedRolesClaim = 'x-hasura-allowed-roles';
/** The claim that names the role of a request that asks for none. */
export const defaultRoleClaim = 'x-hasura-default-role';

/** How the claim that holds the session variables is written. */
export type ClaimsFormat = 'json' | 'stringified_json';

/** Where one session variable of a map comes from. */
export type MappedClaim =
  | {
      readonly kind: 'literal';
      readonly name: VariableName;
      readonly value: string | readonly string[];
    }
  | {
      readonly kind: 'path';
      readonly name: VariableName;
      readonly path: JsonPath;
      readonly byDefault: string | readonly string[] | undefined;
    };

/** Where the session variables of a token are, decided at start. */
export type ClaimsSource =
  | { readonly kind: 'namespace'; readonly namespace: string; readonly format: ClaimsFormat }
  | {
      readonly kind: 'path';
      readonly path: JsonPath;
      /** The path as the engine's messages show it. */
      readonly text: string;
      readonly format: ClaimsFormat;
    }
  | ClaimsMap;

/** Session variables one by one; the engine reads the two that name roles before the others. */
export interface ClaimsMap {
  readonly kind: 'map';
  readonly allowedRoles: MappedClaim;
  readonly defaultRole: MappedClaim;
  readonly others: readonly MappedClaim[];
}

function parseNamespace(secret: Members, option: string): ClaimsSource {
  const { claims_namespace, claims_namespace_path, claims_format } = secret;
  if (claims_namespace !== undefined && claims_namespace_path !== undefined)
    throw new ConfigError(
      option,
      'claims_namespace and claims_namespace_path cannot both be set; keep the one that fits the tokens',
    );
  const format = oneOf(
    claims_format,
    ['json', 'stringified_json'],
    `${option}.claims_format`,
    'json',
  );
  if (claims_namespace_path !== undefined) {
    const path = pathOption(claims_namespace_path, `${option}.claims_namespace_path`);
    return { kind: 'path', format, path, text: showJsonPath(path) };
  }
  const namespace = nonEmptyString(
    claims_namespace ?? 'https://hasura.io/jwt/claims',
    `${option}.claims_namespace`,
  );
  return { kind: 'namespace', format, namespace };
}

/**
 * Reads `claims_map`, `claims_namespace`, `claims_namespace_path` and `claims_format` of one JWT configuration, none of
 * whose members is null.
 */
export function parseClaimsSource(secret: Members, option: string, warn: Warn): ClaimsSource {
  const source = parseNamespace(secret, option);
  const { claims_map } = secret;
  if (claims_map === undefined) return source;
  for (const idle of ['claims_namespace', 'claims_namespace_path', 'claims_format'])
    if (secret[idle] !== undefined)
      warn(`${option}.${idle}`, 'it has no effect beside claims_map; remove it');
  return parseClaimsMap(claims_map, `${option}.claims_map`, warn);
}

function pathOption(value: unknown, option: string): JsonPath {
  const path = parseJsonPath(nonEmptyString(value, option));
  if (path !== undefined) return path;
  throw new ConfigError(
    option,
    'expected a JSON path of names, quoted names and indexes, such as $.hasura.claims, $["https://a.example/claims"] or $.roles[0]',
  );
}

function parseClaimsMap(map: unknown, option: string, warn: Warn): ClaimsMap {
  if (!isRecord(map))
    throw new ConfigError(option, `expected an object of session variables, got ${kindOf(map)}`);
  const claims = new Map<string, MappedClaim>();
  for (const [anyCase, entry] of Object.entries(withoutNulls(map))) {
    const name = anyCase.toLowerCase();
    const member = `${option}[${JSON.stringify(anyCase)}]`;
    if (!isSessionVariable(name))
      throw new ConfigError(member, 'expected a name that begins with x-hasura-');
    if (claims.has(name))
      throw new ConfigError(option, 'two names are the same in lower case; keep one of them');
    claims.set(name, parseMappedClaim(name, entry, { option: member, warn }));
  }
  const allowedRoles = takeClaim(claims, allowedRolesClaim, option);
  const defaultRole = takeClaim(claims, defaultRoleClaim, option);
  const parsed: ClaimsMap = {
    kind: 'map',
    allowedRoles,
    defaultRole,
    others: [...claims.values()],
  };
  warnOfRoles(parsed, option, warn);
  return parsed;
}

/** Warns of what makes a difference to no token, or rejects every token that requests no role. */
function warnOfRoles(
  { allowedRoles, defaultRole, others }: ClaimsMap,
  option: string,
  warn: Warn,
): void {
  if (others.some(({ name }) => name === 'x-hasura-role'))
    warn(
      `${option}["x-hasura-role"]`,
      `it has no effect: the role is the one that a request asks for, or ${defaultRoleClaim}; remove it`,
    );
  if (
    allowedRoles.kind === 'literal' &&
    defaultRole.kind === 'literal' &&
    !allowedRoles.value.includes(String(defaultRole.value))
  )
    warn(
      `${option}["${defaultRoleClaim}"]`,
      `it is not one of ${allowedRolesClaim}, so that every token is rejected unless its request asks for a role; add it to them`,
    );
}

function takeClaim(claims: Map<string, MappedClaim>, name: string, option: string): MappedClaim {
  const claim = claims.get(name);
  if (claim === undefined)
    throw new ConfigError(option, `${name} is missing; add it as a literal or as {"path": …}`);
  claims.delete(name);
  return claim;
}

/** What only a JSON path begins with. */
const looksLikePath = /^\$(?:[.[]|$)/;

function parseMappedClaim(
  name: VariableName,
  entry: unknown,
  { option, warn }: { readonly option: string; readonly warn: Warn },
): MappedClaim {
  if (!isRecord(entry)) {
    const value = literal(name, entry, option);
    if ([value].flat().some((text) => looksLikePath.test(text)))
      warn(
        option,
        'it is a literal text that looks like a JSON path, so that every token gets this very text; for the value at the path, write {"path": …}',
      );
    return { kind: 'literal', name, value };
  }
  const members = withoutNulls(entry);
  checkPastedMembers(members, ['path', 'default'], { option, warn });
  const path = pathOption(members['path'], `${option}.path`);
  const byDefault =
    members['default'] === undefined
      ? undefined
      : literal(name, members['default'], `${option}.default`);
  return { kind: 'path', name, path, byDefault };
}

function literal(name: string, value: unknown, option: string): string | readonly string[] {
  if (name === allowedRolesClaim) return stringList(value, option);
  if (name === defaultRoleClaim) return nonEmptyString(value, option);
  if (typeof value === 'string') return value;
  throw new ConfigError(option, `expected a string, got ${kindOf(value)}`);
}
