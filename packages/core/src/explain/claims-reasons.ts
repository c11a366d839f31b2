import { isRecord, type Members } from '../json.js';
import { allowedRolesClaim, defaultRoleClaim } from '../jwt/claims-source.js';
import { showJsonPath } from '../jwt/json-path.js';
import { registeredClaims } from '../jwt/registered-claims.js';
import { memberName, type RefusalReason, type KnownTokenDecision } from './known-decision.js';
import { listed, quoted } from './words.js';

/** How deep claims are looked for that stand elsewhere. */
const mostLevels = 4;
const mostMembers = 200;
/** How much of a path is shown. */
const longestPath = 200;

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
    if (path.length === 0 && registeredClaims.has(name)) continue; // no session variables are read there
    if (isStringified(member)) return { path: [...path, name], stringified: true };
    const found = isRecord(member) ? findVariables(member, [...path, name]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names under which providers write roles, alone or at the end of a longer name. */
const roleNames = /(?:^|[/:._-])(?:roles?|groups)$/i;

const isRoles = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((role) => typeof role === 'string');

/** Where in a payload a list is that may be one of roles. */
function findRoles(value: Members, path: readonly string[] = []): readonly string[] | undefined {
  for (const [name, member] of Object.entries(value).slice(0, mostMembers)) {
    const at = [...path, name];
    if (roleNames.test(name) && isRoles(member)) return at;
    const found = isRecord(member) && at.length < mostLevels ? findRoles(member, at) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A map to the claims that a token has, as a part of a sentence. */
function suggestedMap(payload: Members): string {
  const path = showJsonPath(findRoles(payload) ?? []);
  if (path === '$' || path.length > longestPath) return '';
  const map = {
    [allowedRolesClaim]: { path },
    [defaultRoleClaim]: { path: `${path}[0]` },
    ...('sub' in payload && { 'x-hasura-user-id': { path: '$.sub' } }),
  };
  return `, such as ${JSON.stringify(map)}`;
}

function namesOf(payload: Members): string {
  const names = Object.keys(payload);
  return names.length === 0 ? 'it has no claims at all' : `it has the claims ${listed(names)}`;
}

/** How to configure the place where the claims are. */
function configured({ path, stringified }: FoundClaims, known: KnownTokenDecision): string {
  const [name, ...deeper] = path;
  const format = stringified
    ? ` and ${memberName(known, 'claims_format')} to stringified_json`
    : '';
  const member =
    name !== undefined && deeper.length === 0
      ? `${memberName(known, 'claims_namespace')} to ${quoted(name)}`
      : `${memberName(known, 'claims_namespace_path')} to ${shownPath(path)}`;
  return `set ${member}${format}`;
}

function shownPath(path: readonly string[]): string {
  return showJsonPath(path).slice(0, longestPath);
}

/** The place of the Hasura claims, and what to add there. */
interface ClaimsPlace {
  readonly name: string;
  /** What the token has instead, as a part of a sentence. */
  readonly absent: string;
  readonly toAdd: string;
}

/** The reason of the AuthError names the claim or the path, in single quotes. */
function claimsPlace(reason: string): ClaimsPlace {
  const named = reason.slice(reason.indexOf("'") + 1, reason.lastIndexOf("'"));
  if (reason.startsWith('claims key:')) {
    const name = `the claim ${quoted(named)}`;
    return {
      name,
      absent: `no claim ${quoted(named)}`,
      toAdd: `${name} with an object such as ${example}`,
    };
  }
  const name = `the path ${named.slice(0, longestPath)}`;
  return {
    name,
    absent: `nothing at ${name}`,
    toAdd: `an object such as ${example} at ${name}`,
  };
}

/** The Hasura claims are missing: add them at the provider, or read them where they are. */
function missingClaims(reason: string, known: KnownTokenDecision): RefusalReason {
  const { payload } = known;
  const { name, absent, toAdd } = claimsPlace(reason);
  const found = findVariables(payload);
  if (found !== undefined)
    return {
      cause: `The Hasura claims of the token are not where the configuration looks for them (${name}), but at ${shownPath(found.path)}`,
      remedy: `To read them there, ${configured(found, known)}; or let the provider write them to ${name}`,
    };
  return {
    cause: `The token is verified, but Hasura claims are not found in it: it has ${absent}; ${namesOf(payload)}`,
    remedy: `At the identity provider, add ${toAdd} to the token that the client sends (providers have separate settings for access tokens and ID tokens). Or set ${memberName(known, 'claims_map')}, to read the roles from claims that the token has${suggestedMap(payload)}`,
  };
}

/** A role claim is missing inside of claims that were found. */
export function missingRoleClaim(reason: string, known: KnownTokenDecision): RefusalReason {
  const name = reason.includes(defaultRoleClaim) ? defaultRoleClaim : allowedRolesClaim;
  const value =
    name === allowedRolesClaim ? 'the list of roles, such as ["user"]' : 'one role, such as "user"';
  if (known.config.claims.kind === 'map')
    return {
      cause: `The token has nothing at the path of ${name} in claims_map; ${namesOf(known.payload)}`,
      remedy: `Correct the path of ${name} in ${memberName(known, 'claims_map')}, give it a default, or let the provider add the claim`,
    };
  return {
    cause: `The Hasura claims of the token have no ${name}`,
    remedy: `At the identity provider, add ${name} to the Hasura claims: ${value}; both ${allowedRolesClaim} and ${defaultRoleClaim} are needed`,
  };
}

function wrongRoles(known: KnownTokenDecision): RefusalReason {
  const isMap = known.config.claims.kind === 'map';
  return {
    cause: `The claim ${allowedRolesClaim} of the token is not a list of roles`,
    remedy: isMap
      ? `Let the path of ${allowedRolesClaim} in ${memberName(known, 'claims_map')} lead to a list of strings that are not empty`
      : `Let the provider write ${allowedRolesClaim} as a list of strings that are not empty, for one role too: ["user"]`,
  };
}

function wrongDefaultRole(known: KnownTokenDecision): RefusalReason {
  const isMap = known.config.claims.kind === 'map';
  return {
    cause: `The claim ${defaultRoleClaim} of the token is not the name of one role`,
    remedy: isMap
      ? `Let the path of ${defaultRoleClaim} in ${memberName(known, 'claims_map')} lead to one string: [0] at its end takes the first of a list`
      : `Let the provider write ${defaultRoleClaim} as one string that is not empty, such as "user"`,
  };
}

/** Why the claims of a token are rejected, by the reason of the AuthError `invalid-claims`. */
export function claimsReason(reason: string, known: KnownTokenDecision): RefusalReason {
  const format = memberName(known, 'claims_format');
  if (reason.startsWith('claims key:') || reason.startsWith('claims not found'))
    return missingClaims(reason, known);
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
      cause: `The token has nothing at the path of ${quoted(unmapped)} in claims_map; ${namesOf(known.payload)}`,
      remedy: `Correct the path of ${quoted(unmapped)} in ${memberName(known, 'claims_map')}, give it a default, or let the provider add the claim`,
    };
  if (reason.includes(allowedRolesClaim)) return wrongRoles(known);
  if (reason.includes(defaultRoleClaim)) return wrongDefaultRole(known);
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
