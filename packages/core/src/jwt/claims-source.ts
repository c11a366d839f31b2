import { ConfigError } from '../errors.js';
import { isRecord } from '../json.js';
import { isSessionVariable } from '../session-variables.js';
import { kindOf, nonEmptyString, oneOf, stringList } from '../option-checks.js';
import { parseJsonPath, type JsonPath } from './json-path.js';

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
      readonly text: string;
      readonly format: ClaimsFormat;
    }
  | { readonly kind: 'map'; readonly claims: readonly MappedClaim[] };

/** Reads `claims_map`, `claims_namespace`, `claims_namespace_path` and `claims_format` of one JWT configuration. */
export function parseClaimsSource(
  secret: Readonly<Record<string, unknown>>,
  option: string,
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
  const source: ClaimsSource =
    claims_namespace_path !== undefined
      ? {
          kind: 'path',
          format,
          ...pathOption(claims_namespace_path, `${option}.claims_namespace_path`),
        }
      : {
          kind: 'namespace',
          format,
          namespace: nonEmptyString(
            claims_namespace ?? 'https://hasura.io/jwt/claims',
            `${option}.claims_namespace`,
          ),
        };
  return claims_map === undefined ? source : parseClaimsMap(claims_map, `${option}.claims_map`);
}

function pathOption(value: unknown, option: string): { path: JsonPath; text: string } {
  const text = nonEmptyString(value, option);
  const path = parseJsonPath(text);
  if (path === undefined)
    throw new ConfigError(
      option,
      'expected a JSON path of names, quoted names and indexes, as $.hasura.claims, $["https://a.example/claims"] or $.roles[0]',
    );
  return { path, text };
}

function parseClaimsMap(map: unknown, option: string): ClaimsSource {
  if (!isRecord(map))
    throw new ConfigError(option, `expected an object of session variables, got ${kindOf(map)}`);
  const claims = Object.entries(map).map(([anyCase, entry]) => {
    const name = anyCase.toLowerCase();
    const member = `${option}[${JSON.stringify(anyCase)}]`;
    if (!isSessionVariable(name))
      throw new ConfigError(member, 'expected a name that begins with x-hasura-');
    return parseMappedClaim(name, entry, member);
  });
  const names = new Set(claims.map(({ name }) => name));
  if (names.size < claims.length)
    throw new ConfigError(option, 'two names are the same in lower case; keep one of them');
  for (const needed of [allowedRolesClaim, defaultRoleClaim])
    if (!names.has(needed))
      throw new ConfigError(option, `${needed} is missing; add it as a literal or as {"path": …}`);
  return { kind: 'map', claims };
}

function parseMappedClaim(name: string, entry: unknown, option: string): MappedClaim {
  if (!isRecord(entry)) return { kind: 'literal', name, value: literal(name, entry, option) };
  const stranger = Object.keys(entry).find((key) => key !== 'path' && key !== 'default');
  if (stranger !== undefined)
    throw new ConfigError(option, 'expected the members path and default, and no other');
  const { path } = pathOption(entry['path'], `${option}.path`);
  const byDefault =
    entry['default'] === undefined
      ? undefined
      : literal(name, entry['default'], `${option}.default`);
  return { kind: 'path', name, path, byDefault };
}

function literal(name: string, value: unknown, option: string): string | readonly string[] {
  if (name === allowedRolesClaim) return stringList(value, option);
  if (name === defaultRoleClaim) return nonEmptyString(value, option);
  if (typeof value === 'string') return value;
  throw new ConfigError(option, `expected a string, got ${kindOf(value)}`);
}
