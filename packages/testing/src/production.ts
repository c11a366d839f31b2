import { ConfigError } from '@hasura-auth/core';

/** Its keys sign any role for any importer, so a server that imports it by mistake must be warned. */
export function warnInProduction(environment: string | undefined = process.env['NODE_ENV']): void {
  if (environment !== 'production') return;
  process.emitWarning(
    '@hasura-auth/testing was imported with NODE_ENV=production; it signs tokens for tests and belongs in devDependencies',
    'HasuraAuthWarning',
  );
}

/** A development issuer logs in everyone who asks, so it does not start in production at all. */
export function refuseInProduction(
  environment: string | undefined = process.env['NODE_ENV'],
): void {
  if (environment !== 'production') return;
  throw new ConfigError(
    'createDevelopmentIssuer',
    'it signs tokens for every user and role without a password, so it does not start with NODE_ENV=production',
  );
}
