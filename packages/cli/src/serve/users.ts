import { InputError } from '@hasura-auth/inspector/reading';
import type { DevelopmentUser } from '@hasura-auth/testing/development-issuer';

type Variable = readonly [`x-hasura-${string}`, string];

const expected =
  '--user: expected an id and roles, such as 7:user,editor or 7:user:x-hasura-org-id=3';

function variableOf(text: string): Variable {
  const [, suffix = '', value = ''] = /^x-hasura-([a-z0-9_-]+)=(.+)$/.exec(text) ?? [];
  if (suffix === '' || /^(?:role|default-role|allowed-roles)$/.test(suffix))
    throw new InputError(expected);
  return [`x-hasura-${suffix}`, value];
}

/**
 * Reads a user of the command line: an id, its roles with the default role first, and its session variables, with colons
 * between them.
 *
 * @example
 * readUser('7:user,editor:x-hasura-org-id=3');
 */
export function readUser(text: string): DevelopmentUser {
  const [id = '', list = '', ...variables] = text.split(/:(?=x-hasura-)|(?<!:.*):/);
  const [first, ...others] = list.split(',').map((role) => role.trim());
  if (id === '' || id.length > 200 || first === undefined || [first, ...others].includes(''))
    throw new InputError(expected);
  return {
    id,
    roles: [first, ...others],
    variables: Object.fromEntries(variables.map(variableOf)),
  };
}
