import type { Writable } from 'node:stream';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { CommandContext, MaybeTerminal } from './context.js';

/** The styles that output uses. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Writes the results of a command, in colour if that is wanted. */
export interface Output {
  /** Writes a line. */
  line(text?: string): void;
  /** Writes a value as JSON, for programs. */
  json(value: unknown): void;
  /** Text in a style if the output is in colour, and as it is otherwise. */
  style(style: Style, text: string): string;
  /** Writes rows in columns, each as wide as its widest cell. A cell may be styled. */
  table(rows: readonly (readonly string[])[]): void;
}

/**
 * Characters that move a terminal's cursor, change its title or the direction of text. Tokens and responses come from
 * others and must not be able to.
 */
const control = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text from outside in one line that a terminal shows as it is: control characters are written as escapes. */
export function printable(text: string): string {
  return text.replaceAll(control, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** https://no-color.org; FORCE_COLOR is what Node itself reads. */
function isColoured(stream: MaybeTerminal<Writable>, env: CommandContext['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** JSON in which control characters are escaped, also those that JSON allows. */
function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(
    /[^\n\P{Cc}]|[\p{Cf}\u2028\u2029]/gu,
    printable,
  );
}

const width = (cell: string): number => stripVTControlCharacters(cell).length;

/** The output of a command on one of its streams. */
export function outputOn(
  stream: MaybeTerminal<Writable>,
  { env }: Pick<CommandContext, 'env'>,
): Output {
  const coloured = isColoured(stream, env);
  const line = (text = ''): void => {
    stream.write(`${text}\n`);
  };
  return {
    line,
    json: (value) => {
      line(printableJson(value));
    },
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    table(rows) {
      const columns = Math.max(0, ...rows.map((row) => row.length));
      const widths = Array.from({ length: columns }, (_, column) =>
        Math.max(...rows.map((row) => width(row[column] ?? ''))),
      );
      for (const row of rows)
        line(
          row
            .map((cell, column) =>
              column === row.length - 1
                ? cell
                : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
            )
            .join('  '),
        );
    },
  };
}
