/** A user whom the login page offers, and as whom tokens can be asked for by id alone. */
export interface DevelopmentUser {
  /** The user id, which is the `sub` claim and `x-hasura-user-id`. */
  readonly id: string;
  /** The roles that its tokens allow, the default role first. */
  readonly roles: readonly [string, ...string[]];
  /** Further session variables by name, in lower case. Default none. */
  readonly variables?: Readonly<Record<`x-hasura-${string}`, string>> | undefined;
}

/** The content of a form that cannot be read, as one sentence for the person who filled it in. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

const mostText = 200;
const mostRoles = 50;
const mostVariables = 50;
const reserved = ['x-hasura-role', 'x-hasura-default-role', 'x-hasura-allowed-roles'];

function checked(text: string, what: string): string {
  if (text === '') throw new IdentityError(`Enter ${what}.`);
  if (text.length > mostText)
    throw new IdentityError(`Enter ${what} of at most ${String(mostText)} characters.`);
  return text;
}

function readRoles(text: string): readonly [string, ...string[]] {
  const roles = text
    .split(/[,\s]+/)
    .filter((role) => role !== '')
    .map((role) => checked(role, 'a role'));
  const [first, ...others] = new Set(roles);
  if (first === undefined) throw new IdentityError('Enter at least one role.');
  if (roles.length > mostRoles)
    throw new IdentityError(`Enter at most ${String(mostRoles)} roles.`);
  return [first, ...others];
}

/** A name of a variable and its value, as `x-hasura-org-id: 3` or `x-hasura-org-id=3`. */
function readVariable(line: string): readonly [string, string] {
  const [, written = '', value = ''] = /^([^:=]*)[:=]([^]*)$/.exec(line) ?? [];
  const name = written.trim().toLowerCase();
  if (!/^x-hasura-[a-z0-9_-]+$/.test(name))
    throw new IdentityError('Enter each variable on a line of its own, as x-hasura-org-id: 3.');
  if (reserved.includes(name))
    throw new IdentityError(`${name} is not a variable: it comes from the roles.`);
  return [checked(name, 'a name'), checked(value.trim(), `a value for ${name}`)];
}

function readVariables(text: string): Record<`x-hasura-${string}`, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > mostVariables)
    throw new IdentityError(`Enter at most ${String(mostVariables)} variables.`);
  return Object.fromEntries(lines.map(readVariable));
}

/**
 * Reads whom a form asks to be: one of the known users by `user` alone, or any user with `roles` and `variables`. Each
 * field named `x-hasura-…` is a variable too. Without `user`, it is the first of the known users.
 */
export function readIdentity(
  form: URLSearchParams,
  users: readonly DevelopmentUser[],
): DevelopmentUser {
  const id = form.get('user')?.trim() ?? users[0]?.id ?? '1';
  const known = users.find((user) => user.id === checked(id, 'a user id'));
  const roles = form.get('roles');
  const single = [...form].filter(([name]) => name.toLowerCase().startsWith('x-hasura-'));
  const written = readVariables(
    [form.get('variables') ?? '', ...single.map(([name, value]) => `${name}: ${value}`)].join('\n'),
  );
  return {
    id,
    roles: roles === null && known !== undefined ? known.roles : readRoles(roles ?? 'user'),
    variables: form.has('variables') ? written : { ...known?.variables, ...written },
  };
}

const mostSeconds = 30 * 86_400;

/** Reads for how many seconds a token is asked for, negative for an expired one; undefined for the default. */
export function readSeconds(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || Math.abs(seconds) > mostSeconds)
    throw new IdentityError(`Enter a whole number of seconds, at most ${String(mostSeconds)}.`);
  return seconds;
}
