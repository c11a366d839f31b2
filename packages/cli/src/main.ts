#!/usr/bin/env node
import { processContext } from './process-context.js';
import { run } from './program.js';

const context = processContext();
await run(process.argv.slice(2), context);
process.exitCode = context.exitCode;
