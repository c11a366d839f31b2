// The command `hasura-auth`, which `bin/` starts: a file that is there before the package is built, so that it can be linked.
import { processContext } from './process-context.js';
import { run } from './program.js';

const context = processContext();
await run(process.argv.slice(2), context);
process.exitCode = context.exitCode;
