import { ConfigError } from '@hasura-auth/core';

/** The page shows claims and lets its users sign tokens, so an app that runs for others must not start with it. */
export function refuseProduction(environment: string | undefined = process.env['NODE_ENV']): void {
  if (environment !== 'production') return;
  throw new ConfigError(
    'inspector',
    'it shows the claims of tokens, so it cannot be used with NODE_ENV=production; mount it only in development',
  );
}
