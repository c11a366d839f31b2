import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { InputError } from '@hasura-auth/inspector/reading';
import type { CommandContext } from './context.js';
import { outputOn, printable } from './output.js';

/** How much of a file or of standard input is read, in bytes. */
const mostBytes = 1_048_576;

async function readBounded(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer); // no encoding is set
    bytes += buffer.length;
    if (bytes > mostBytes) {
      stream.destroy();
      throw new InputError(`${name} is larger than 1 MiB, which no input of this command is`);
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions do not allow it',
};

/** The text of a file, or an InputError with its name. At most 1 MiB. */
export async function readTextFile(path: string, { cwd }: CommandContext): Promise<string> {
  const name = printable(path);
  try {
    return await readBounded(createReadStream(resolve(cwd, path)), name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = String((error as { code?: unknown }).code);
    throw new InputError(`${name} cannot be read: ${reasons[code] ?? code}`);
  }
}

/** The text of standard input, or an InputError. At most 1 MiB. A terminal is asked for it with a line on standard error. */
export async function readStandardInput(what: string, context: CommandContext): Promise<string> {
  if (context.stdin.isTTY === true)
    outputOn(context.stderr, context).line(`Paste ${what}, then press Ctrl-D on an empty line.`);
  return await readBounded(context.stdin, 'standard input');
}
