import { spreadText, type Spread } from './spread.js';

/** A cell of a table. */
export type Cell = string | number | Spread;

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'number' ? String(cell) : spreadText(cell);
}

/** Whether a measurement reaches its upper bound, as text. */
export function verdictOn({ low, median }: Spread, atMost: number, noiseCounts = false): string {
  if (median <= atMost) return 'reached';
  return noiseCounts && low <= atMost ? 'within noise' : 'not reached';
}

/** Writes Markdown and collects the acceptance lines. */
export class Report {
  readonly #write: (text: string) => void;
  readonly #accepted: string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  title(text: string): void {
    this.#write(`# ${text}\n`);
  }

  list(items: readonly string[]): void {
    this.#write(`\n${items.map((text) => `- ${text}\n`).join('')}`);
  }

  heading(title: string): void {
    this.#write(`\n## ${title}\n`);
  }

  paragraph(text: string): void {
    this.#write(`\n${text}\n`);
  }

  /** Writes a table; the first column is text, the others are figures. */
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
    const ruler = columns.map((_, index) => (index === 0 ? '---' : '---:'));
    const body = rows.map((row) => line(row.map(cellText)));
    this.#write(`\n${line(columns)}${line(ruler)}${body.join('')}`);
  }

  /**
   * Writes an acceptance line: a measurement, its upper bound, and whether it was reached. With `within noise counts`, a
   * measurement whose lower quartile is within the bound is reported as "within noise": for peers that are as close to
   * the limit.
   */
  accept(what: string, measured: Spread, atMost: number, noise?: 'within noise counts'): void {
    const verdict = verdictOn(measured, atMost, noise !== undefined);
    const text = `${what} ≤ ${String(Number(atMost.toFixed(3)))}: ${spreadText(measured)}, ${verdict}`;
    this.#accepted.push(text);
    this.paragraph(`Acceptance: ${text}`);
  }

  /** Writes every acceptance line again. */
  summary(): void {
    if (this.#accepted.length === 0) return;
    this.heading('Acceptance');
    this.list(this.#accepted);
  }
}
