import { ConfigError } from '@hasura-auth/core';
import { startDemo } from './demo.js';
import { CannotStart } from './listen.js';
import { printout } from './printout.js';

// Exiting closes all connections, including those that are kept alive.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

try {
  const { configuration, urls } = await startDemo(process.env);
  process.stdout.write(printout(configuration, urls));
} catch (error) {
  // The mistakes of a user are printed as one sentence; other errors are bugs and keep their stack.
  if (!(error instanceof ConfigError || error instanceof CannotStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
