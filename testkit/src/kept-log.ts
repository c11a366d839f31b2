/** A logger that keeps its lines, so that tests can ask for a warning and nothing reaches the console. */
export interface KeptLog {
  readonly lines: readonly string[];
  readonly logger: { warn(...parts: unknown[]): void; error(...parts: unknown[]): void };
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const keep = (...parts: unknown[]): void => {
    lines.push(
      parts.map((part) => (part instanceof Error ? String(part) : JSON.stringify(part))).join(' '),
    );
  };
  return { lines, logger: { warn: keep, error: keep } };
}
