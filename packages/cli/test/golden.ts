import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran } from './run.js';

const folder = join(__dirname, 'golden');

/** How an argument is written in a shell. */
const quoted = (argument: string): string =>
  /^[\w./:@=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** A command and all that it wrote, as one text. */
function transcript(args: readonly string[], { stdout, stderr, exitCode }: Ran): string {
  const command = `$ ${['hasura-auth', ...args].map(quoted).join(' ')}\n`;
  const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
  return `${command}${stdout}${errors}--- exit code ${String(exitCode)}\n`;
}

/**
 * Compares a command and all that it wrote with a committed file, as a whole. `UPDATE_GOLDEN=1` writes the file instead,
 * and its difference is then read before it is committed.
 */
export function expectGolden(name: string, args: readonly string[], ran: Ran): void {
  const file = join(folder, `${name}.txt`);
  const text = transcript(args, ran);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(existsSync(file)).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
