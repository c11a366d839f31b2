/** Looks up a variable by its name; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

const reference =
  /\$(?:\$|(?<bare>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?-)(?<byDefault>[^}]*))?\})/g;

/**
 * A value of a compose file with its variables replaced, as Docker Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`,
 * `${NAME-default}`, and `$$` for a dollar sign. A variable that is not set and has no default stays as it is written, so
 * that the check of the configuration finds an unfilled placeholder.
 */
export function interpolated(value: string, lookup: Lookup): string {
  return value.replaceAll(reference, (whole: string, ...rest: unknown[]) => {
    if (whole === '$$') return '$';
    // With named groups, the last argument is the record of them.
    const { bare, name, operator, byDefault } = rest.at(-1) as Record<string, string | undefined>;
    const found = lookup(bare ?? name ?? '');
    const isAbsent = found === undefined || (operator === ':-' && found === '');
    return isAbsent ? (byDefault ?? whole) : found;
  });
}
