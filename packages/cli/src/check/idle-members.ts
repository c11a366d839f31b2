import type { AuthOptions } from '@hasura-auth/core';
import { jwtSecretsOf } from '@hasura-auth/inspector/reading';
import { warning, type Finding } from './finding.js';

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/**
 * Finds members of options that have no effect beside others, which core does not warn of: an operator who sets them
 * believes that they do something. `nameOf` names an option by its path.
 */
export function checkIdleMembers(
  options: AuthOptions,
  nameOf: (path: string) => string,
): Finding[] {
  const findings: Finding[] = [];
  const idle = (name: string, because: string): void => {
    findings.push(warning(`${name}: it has no effect, since ${because}; remove it`));
  };
  for (const { option, members } of jwtSecretsOf(options))
    if (isSet(members.jwk_url) && isSet(members.type))
      idle(nameOf(`${option}.type`), 'the keys at jwk_url name their own algorithms');
  const { authHook } = options;
  if (typeof authHook === 'object' && isSet(authHook.sendRequestBody) && authHook.mode !== 'POST')
    idle(`${nameOf('authHook')}.sendRequestBody`, 'a GET hook is sent no body');
  return findings;
}
