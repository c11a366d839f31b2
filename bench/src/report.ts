import { spreadText, type Spread } from './spread.js';

/** A cell of a table. */
export type Cell = string | number | Spread;

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'number' ? String(cell) : spreadText(cell);
}

function verdictOn({ low, median }: Spread, atMost: number, noiseCounts: boolean): string {
  if (median <= atMost) return 'reached';
  return noiseCounts && low <= atMost ? 'within noise' : 'not reached';
}

/** Writes Markdown, and remembers what the acceptance of the benchmark asks for. */
export class Report {
  readonly #write: (text: string) => void;
  readonly #accepted: string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  heading(title: string): void {
    this.#write(`\n## ${title}\n`);
  }

  say(text: string): void {
    this.#write(`\n${text}\n`);
  }

  /** A table; the first column is words, the others are figures. */
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
    const ruler = columns.map((_, index) => (index === 0 ? '---' : '---:'));
    const body = rows.map((row) => line(row.map(cellText)));
    this.#write(`\n${line(columns)}${line(ruler)}${body.join('')}`);
  }

  /**
   * One line of the acceptance: what was measured, and what it may be at most. Beside a peer that sits on the limit as
   * well, being within noise of it counts, and is said to be that.
   */
  accept(what: string, measured: Spread, atMost: number, noise?: 'within noise counts'): void {
    const verdict = verdictOn(measured, atMost, noise !== undefined);
    const text = `acceptance: ${what} ≤ ${String(atMost)}: ${spreadText(measured)}, ${verdict}`;
    this.#accepted.push(text);
    this.say(text);
  }

  /** Every acceptance line again, at the end. */
  summary(): void {
    if (this.#accepted.length === 0) return;
    this.heading('Acceptance');
    this.#write(`\n${this.#accepted.map((text) => `- ${text}\n`).join('')}`);
  }
}
