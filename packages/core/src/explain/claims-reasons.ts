import { isRecord, type Members } from '../json.js';
import { allowedRolesClaim, defaultRoleClaim } from '../jwt/claims-source.js';
import { showJsonPath } from '../jwt/json-path.js';
import { memberName, type RefusalReason, type Told } from './told.js';
import { listed, quoted } from './words.js';

/** How deep claims are looked for that stand elsewhere. */
const mostLevels = 4;
const mostMembers = 200;

const example = `{"${allowedRolesClaim}": ["user"], "${defaultRoleClaim}": "user", "x-hasura-user-id": "…"}`;

function holdsVariables(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((name) => /^x-hasura-/i.test(name));
}

/** Whether a text is JSON that holds session variables. */
function isStringified(value: unknown): boolean {
  if (typeof value !== 'string' || !value.includes('{')) return false;
  try {
    return holdsVariables(JSON.parse(value));
  } catch {
    return false;
  }
}

interface FoundClaims {
  readonly path: readonly string[];
  readonly stringified: boolean;
}

/** Where in a payload session variables are, other than where the configuration looks for them. */
function findVariables(value: Members, path: readonly string[] = []): FoundClaims | undefined {
  if (holdsVariables(value)) return { path, stringified: false };
  if (path.length >= mostLevels) return undefined;
  for (const [name, member] of Object.entries(value).slice(0, mostMembers)) {
    if (isStringified(member)) return { path: [...path, name], stringified: true };
    const found = isRecord(member) ? findVariables(member, [...path, name]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function payloadOf({ token }: Told): Members {
  return isRecord(token?.payload) ? token.payload : {};
}

function namesOf(payload: Members): string {
  const names = Object.keys(payload);
  return names.length === 0 ? 'it has no claims' : `its claims are ${listed(names)}`;
}

/** How to configure the place where the claims are. */
function configured({ path, stringified }: FoundClaims, told: Told): string {
  const [name, ...deeper] = path;
  const format = stringified ? ` and ${memberName(told, 'claims_format')} to stringified_json` : '';
  const member =
    name !== undefined && deeper.length === 0
      ? `${memberName(told, 'claims_namespace')} to ${quoted(name)}`
      : `${memberName(told, 'claims_namespace_path')} to ${quotedPath(path)}`;
  return `set ${member}${format}`;
}

function quotedPath(path: readonly string[]): string {
  return showJsonPath(path).slice(0, 200);
}

/** The claim is missing: add it at the provider, or read it where it is. */
function missingNamespace(place: string, toAdd: string, told: Told): RefusalReason {
  const payload = payloadOf(told);
  const found = findVariables(payload);
  if (found !== undefined)
    return {
      cause: `The Hasura claims are not where the configuration looks for them (${place}), but at ${quotedPath(found.path)} of the token`,
      remedy: `To read them there, ${configured(found, told)}; or let the provider write them to ${place}`,
    };
  return {
    cause: `The token is valid, but it has no Hasura claims: there is nothing at ${place}; ${namesOf(payload)}`,
    remedy: `At the identity provider, add ${toAdd} to the token that the client sends (an access token and an ID token are set up apart); or map claims that the token has with ${memberName(told, 'claims_map')}`,
  };
}

function missingClaims(told: Told): RefusalReason {
  const source = told.config?.claims;
  if (source?.kind === 'path')
    return missingNamespace(
      `the path ${quotedPath(source.path.map(String))}`,
      `an object such as ${example} at this path`,
      told,
    );
  const namespace = source?.kind === 'namespace' ? source.namespace : '';
  return missingNamespace(
    `the claim ${quoted(namespace)}`,
    `the claim ${quoted(namespace)} with an object such as ${example}`,
    told,
  );
}

/** A role claim is missing inside of claims that were found. */
export function missingRoleClaim(reason: string, told: Told): RefusalReason {
  const name = reason.includes(defaultRoleClaim) ? defaultRoleClaim : allowedRolesClaim;
  const value =
    name === allowedRolesClaim ? 'the list of roles, such as ["user"]' : 'one role, such as "user"';
  if (told.config?.claims.kind === 'map')
    return {
      cause: `The token has nothing at the path of ${name} in claims_map; ${namesOf(payloadOf(told))}`,
      remedy: `Correct the path of ${name} in ${memberName(told, 'claims_map')}, give it a default, or let the provider add the claim`,
    };
  return {
    cause: `The Hasura claims of the token have no ${name}`,
    remedy: `At the identity provider, add ${name} to the Hasura claims: ${value}; both ${allowedRolesClaim} and ${defaultRoleClaim} are needed`,
  };
}

function wrongRoles(told: Told): RefusalReason {
  const isMap = told.config?.claims.kind === 'map';
  return {
    cause: `The claim ${allowedRolesClaim} of the token is not a list of roles`,
    remedy: isMap
      ? `Let the path of ${allowedRolesClaim} in ${memberName(told, 'claims_map')} lead to a list of strings that are not empty`
      : `Let the provider write ${allowedRolesClaim} as a list of strings that are not empty, for one role too: ["user"]`,
  };
}

function wrongDefaultRole(told: Told): RefusalReason {
  const isMap = told.config?.claims.kind === 'map';
  return {
    cause: `The claim ${defaultRoleClaim} of the token is not the name of one role`,
    remedy: isMap
      ? `Let the path of ${defaultRoleClaim} in ${memberName(told, 'claims_map')} lead to one string: [0] at its end takes the first of a list`
      : `Let the provider write ${defaultRoleClaim} as one string that is not empty, such as "user"`,
  };
}

/** Why the claims of a token are rejected, by the reason of the AuthError `invalid-claims`. */
export function claimsReason(reason: string, told: Told): RefusalReason {
  const format = memberName(told, 'claims_format');
  if (reason.startsWith('claims key:') || reason.startsWith('claims not found'))
    return missingClaims(told);
  if (reason.startsWith('expecting a json object'))
    return {
      cause: 'The claim with the session variables is not an object, and claims_format is json',
      remedy: `If the provider writes it as a string of JSON, set ${format} to stringified_json; if not, let it write an object`,
    };
  if (reason.startsWith('expecting a string'))
    return {
      cause:
        'The claim with the session variables is not a string, and claims_format is stringified_json',
      remedy: `Remove ${format}, so that an object is read, or let the provider write a string of JSON`,
    };
  if (reason.startsWith('expecting stringified json'))
    return {
      cause: 'The claim with the session variables is a string, but not one of a JSON object',
      remedy: `Let the provider write JSON.stringify of an object, or remove ${format} and write the object itself`,
    };
  const unmapped = /^JWT claim from claims_map, (.*) not found$/s.exec(reason)?.[1];
  if (unmapped !== undefined)
    return {
      cause: `The token has nothing at the path of ${quoted(unmapped)} in claims_map; ${namesOf(payloadOf(told))}`,
      remedy: `Correct the path of ${quoted(unmapped)} in ${memberName(told, 'claims_map')}, give it a default, or let the provider add the claim`,
    };
  if (reason.includes(allowedRolesClaim)) return wrongRoles(told);
  if (reason.includes(defaultRoleClaim)) return wrongDefaultRole(told);
  return reason.includes('two names')
    ? {
        cause:
          'Two session variables of the token have names that differ only in upper and lower case',
        remedy: 'Let the provider write each x-hasura-* claim once, in lower case',
      }
    : {
        cause: 'A session variable of the token is not a string',
        remedy:
          'Let the provider write each x-hasura-* claim as a string, a number too ("7"), and a list in Postgres form ("{1,2}")',
      };
}
