import { createAuthenticator, optionsFromEnv, type Session } from '@hasura-auth/core';
export async function role(): Promise<string> {
  const authenticator = createAuthenticator({ ...optionsFromEnv(), adminSecret: 's' });
  const session: Session = await authenticator.authenticate({ headers: new Headers() });
  return session.role;
}
// @ts-expect-error a secret is a string
createAuthenticator({ adminSecret: 1 });
