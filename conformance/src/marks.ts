import { inspect } from 'node:util';

/** Stands in every secret, token and claim of the marked cases, and nowhere else. */
const mark = 'mrk7';

/** A marked value; the name says in a failing test which one came out. */
export function marked(name: string): string {
  return `${mark}-${name}-${mark}`;
}

/** How much of an encoded token gives it away. */
const windowLength = 16;
/** The characters of encoded tokens and keys: only words of them are compared with what is hidden. */
const encoded = /[\w+/=-]{16,}/g;

function* windows(text: string, step: number): Generator<string> {
  for (let at = 0; at + windowLength <= text.length; at += step)
    yield text.slice(at, at + windowLength);
}

function* causes(error: unknown): Generator<unknown> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    yield cause.message;
    yield cause.stack;
  }
}

/** Collects what a program publishes, logs and sends, and reports in which of it something marked is. */
export class Watch {
  readonly #seen: { readonly where: string; readonly text: string }[] = [];
  readonly #hidden = new Set<string>();
  /** The same of parts that are not encoded, such as those of a token that is none. */
  readonly #hiddenTexts = new Set<string>();

  /** A token whose parts must not be seen, encoded as they are. */
  hide(token: string): string {
    for (const part of token.split('.'))
      for (const window of windows(part, windowLength / 2))
        (window.search(encoded) === 0 ? this.#hidden : this.#hiddenTexts).add(window);
    return token;
  }

  /** Something that can be seen: a text, or a value as programs and people look at it. */
  see(where: string, value: unknown): void {
    const views =
      typeof value === 'string'
        ? [value]
        : [
            inspect(value, { depth: Infinity, showHidden: true, getters: true }),
            String(value),
            JSON.stringify(value) ?? '',
            ...causes(value),
          ];
    this.#seen.push({ where, text: views.join('\n') });
  }

  get size(): number {
    return this.#seen.length;
  }

  /** Every place where a mark or a part of a hidden token is seen. */
  leaks(): readonly string[] {
    return this.#seen.flatMap(({ where, text }) => {
      const found = this.#secretIn(text);
      return found === undefined ? [] : [`${where}: ${found} in ${text.slice(0, 2000)}`];
    });
  }

  /** Every place where one of these secrets, or a part of a hidden token, is seen; other marks may be there. */
  leaksOf(secrets: readonly string[]): readonly string[] {
    return this.#seen.flatMap(({ where, text }) => {
      const found = secrets.find((secret) => text.includes(secret)) ?? this.#hiddenIn(text);
      return found === undefined ? [] : [`${where}: ${found} in ${text.slice(0, 2000)}`];
    });
  }

  #secretIn(text: string): string | undefined {
    return text.toLowerCase().includes(mark) ? mark : this.#hiddenIn(text);
  }

  #hiddenIn(text: string): string | undefined {
    for (const [word] of text.matchAll(encoded))
      for (const window of windows(word, 1)) if (this.#hidden.has(window)) return window;
    return [...this.#hiddenTexts].find((window) => text.includes(window));
  }
}
