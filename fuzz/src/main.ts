import { parseArgs } from 'node:util';
import { httpPart } from './http.js';
import { issuerPart } from './issuer.js';
import { runPart, type Part } from './part.js';
import { readersPart } from './readers.js';
import { socketsPart } from './sockets.js';
import { tokensPart } from './tokens.js';

const help = `Feeds hostile input to every part that reads what others wrote.

  pnpm fuzz                     30 seconds, shared by the parts
  pnpm fuzz --seconds 3600      an hour
  pnpm fuzz --only tokens       one part: http, sockets, tokens, readers or issuer
  pnpm fuzz --seed 42           the inputs of an earlier run

Exit code 1 if an input led to an uncaught exception, an unhandled rejection, a handler without a session, a
difference from another library that is not in the table, or a connection that stayed registered.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    only: { type: 'string' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const all: readonly Part[] = [httpPart, socketsPart, tokensPart, readersPart, issuerPart];
const parts = all.filter(({ name }) => values.only === undefined || values.only === name);
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);

async function run(): Promise<void> {
  if (parts.length === 0 || !(seconds > 0) || !Number.isInteger(seed)) throw new Error(help);
  process.stdout.write(`seed ${String(seed)}\n`);
  let findings = 0;
  for (const part of parts) {
    const { name, inputs, finding } = await runPart(part, (seconds * 1000) / parts.length, seed);
    process.stdout.write(
      `${name}: ${String(inputs)} inputs, ${finding === undefined ? 'nothing found' : 'FOUND'}\n`,
    );
    if (finding === undefined) continue;
    findings += 1;
    process.stdout.write(`${finding}\n`);
  }
  process.exitCode = findings === 0 ? 0 : 1;
}

if (values.help) process.stdout.write(`${help}\n`);
else
  run().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
