import { ConfigError } from '../errors.js';
import { isRecord } from '../json.js';
import { isSessionVariable } from '../session-variables.js';
import {
  checkPastedMembers,
  kindOf,
  nonEmptyString,
  oneOf,
  stringList,
  withoutNulls,
  type Warn,
} from '../option-checks.js';
import { parseJsonPath, showJsonPath, type JsonPath } from './json-path.js';

/** The claim that names the roles a token allows. */
export const allowedRolesClaim = 'x-hasura-allowed-roles';
/** The claim that names the role of a request that asks for none. */
export const defaultRoleClaim = 'x-hasura-default-role';

/** How the claim that holds the session variables is written. */
export type ClaimsFormat = 'json' | 'stringified_json';

/** Where one session variable of a map comes from. */
export type MappedClaim =
  | { readonly kind: 'literal'; readonly name: string; readonly value: string | readonly string[] }
  | {
      readonly kind: 'path';
      readonly name: string;
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
  | { readonly kind: 'map'; readonly claims: readonly MappedClaim[] };

/**
 * Reads `claims_map`, `claims_namespace`, `claims_namespace_path` and `claims_format` of one JWT configuration, none of
 * whose members is null.
 */
export function parseClaimsSource(
  secret: Readonly<Record<string, unknown>>,
  option: string,
  warn: Warn,
): ClaimsSource {
  const { claims_namespace, claims_namespace_path, claims_format, claims_map } = secret;
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
  const path =
    claims_namespace_path === undefined
      ? undefined
      : pathOption(claims_namespace_path, `${option}.claims_namespace_path`);
  const source: ClaimsSource =
    path !== undefined
      ? {
          kind: 'path',
          format,
          path,
          text: showJsonPath(path),
        }
      : {
          kind: 'namespace',
          format,
          namespace: nonEmptyString(
            claims_namespace ?? 'https://hasura.io/jwt/claims',
            `${option}.claims_namespace`,
          ),
        };
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

function parseClaimsMap(map: unknown, option: string, warn: Warn): ClaimsSource {
  if (!isRecord(map))
    throw new ConfigError(option, `expected an object of session variables, got ${kindOf(map)}`);
  const claims = Object.entries(withoutNulls(map)).map(([anyCase, entry]) => {
    const name = anyCase.toLowerCase();
    const member = `${option}[${JSON.stringify(anyCase)}]`;
    if (!isSessionVariable(name))
      throw new ConfigError(member, 'expected a name that begins with x-hasura-');
    return parseMappedClaim(name, entry, { option: member, warn });
  });
  const names = new Set(claims.map(({ name }) => name));
  if (names.size < claims.length)
    throw new ConfigError(option, 'two names are the same in lower case; keep one of them');
  for (const needed of [allowedRolesClaim, defaultRoleClaim])
    if (!names.has(needed))
      throw new ConfigError(option, `${needed} is missing; add it as a literal or as {"path": …}`);
  return { kind: 'map', claims };
}

function parseMappedClaim(
  name: string,
  entry: unknown,
  { option, warn }: { readonly option: string; readonly warn: Warn },
): MappedClaim {
  if (!isRecord(entry)) return { kind: 'literal', name, value: literal(name, entry, option) };
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
