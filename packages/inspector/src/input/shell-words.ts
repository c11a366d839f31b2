import { InputError } from './input-error.js';

/** The characters that end a command where no quotes are around them: a pipe, a list, a redirection, a new line. */
const ends = /[|;&<>\n]/;
const blank = /[ \t\r]/;

/** The escapes of `$'…'`, which browsers write when they copy a request as a curl command. */
const named: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
};
const numbered = /(?:x[\dA-Fa-f]{1,2}|u[\dA-Fa-f]{1,4}|U[\dA-Fa-f]{1,8}|[0-7]{1,3})/y;

/** Reads the text of a shell from a place on; each method leaves the place behind what it has read. */
class ShellReader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  commands(): string[][] {
    const commands: string[][] = [];
    let words: string[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (blank.test(next) || this.#skipContinuation()) {
        if (blank.test(next)) this.#at += 1;
      } else if (ends.test(next)) {
        this.#at += 1;
        if (words.length > 0) commands.push(words);
        words = [];
      } else if (next === '#') this.#skipComment();
      else words.push(this.#word());
    }
    if (words.length > 0) commands.push(words);
    return commands;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  /** A backslash before the end of a line, which joins it with the next one. */
  #skipContinuation(): boolean {
    const found = /^\\\r?\n/.exec(this.#text.slice(this.#at, this.#at + 3));
    if (found !== null) this.#at += found[0].length;
    return found !== null;
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #word(): string {
    const parts: string[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (this.#skipContinuation()) continue;
      if (blank.test(next) || ends.test(next)) break;
      this.#at += 1;
      if (next === "'") parts.push(this.#until("'"));
      else if (next === '"') parts.push(this.#doubleQuoted());
      else if (next === '$' && this.#peek() === "'") {
        this.#at += 1;
        parts.push(this.#escaped());
      } else if (next === '\\') parts.push(this.#text[this.#at++] ?? '');
      else parts.push(next);
    }
    return parts.join('');
  }

  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at);
    if (end === -1) throw unclosed();
    const part = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return part;
  }

  #doubleQuoted(): string {
    const parts: string[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (this.#skipContinuation()) continue;
      this.#at += 1;
      if (next === '"') return parts.join('');
      const escaped = next === '\\' && /["\\$`]/.test(this.#peek() ?? '');
      parts.push(escaped ? (this.#text[this.#at++] ?? '') : next);
    }
    throw unclosed();
  }

  /** The text of `$'…'`. */
  #escaped(): string {
    const parts: string[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      this.#at += 1;
      if (next === "'") return parts.join('');
      parts.push(next === '\\' ? this.#escape() : next);
    }
    throw unclosed();
  }

  #escape(): string {
    numbered.lastIndex = this.#at;
    const number = numbered.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      const isOctal = /^[0-7]/.test(number);
      const code = isOctal ? parseInt(number, 8) : parseInt(number.slice(1), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
    }
    const letter = this.#text[this.#at++] ?? '';
    return Object.hasOwn(named, letter) ? (named[letter] ?? letter) : letter;
  }
}

function unclosed(): InputError {
  return new InputError(
    'a quote in the command is not closed; copy the whole command, with its last line',
  );
}

/**
 * The commands of a text as a POSIX shell reads it, each a list of words without their quotes. Nothing is expanded: a
 * variable stays as it is written. Throws an InputError if a quote is not closed.
 */
export function shellCommands(text: string): string[][] {
  return new ShellReader(text).commands();
}
