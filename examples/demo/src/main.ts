import { ConfigError } from '@hasura-auth/core';
import { startDemo } from './demo.js';
import { CannotStart } from './listen.js';
import { printout } from './printout.js';

// The end of the process closes every connection, kept-alive ones too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

try {
  const { configuration, urls } = await startDemo(process.env);
  process.stdout.write(printout(configuration, urls));
} catch (error) {
  // A mistake of the one who starts it is a sentence; anything else is ours and keeps its stack.
  if (!(error instanceof ConfigError || error instanceof CannotStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
