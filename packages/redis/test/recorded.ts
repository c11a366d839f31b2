import type { RevocationEntry, RevocationListener, RevocationStore } from '@hasura-auth/core';

/** A listener that keeps what it hears, and can be waited for. */
export interface Recorded extends RevocationListener {
  readonly entries: readonly RevocationEntry[];
  readonly gaps: () => number;
  /** Resolves as soon as the condition is true, which is looked at whenever something is heard. */
  until(condition: () => boolean): Promise<void>;
  /** Looks at the conditions, since something else has happened, such as a line of a log. */
  look(): void;
}

export function recorded(): Recorded {
  const entries: RevocationEntry[] = [];
  let gaps = 0;
  let waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];
  const heard = (): void => {
    const met = waiting.filter(({ condition }) => condition());
    waiting = waiting.filter((one) => !met.includes(one));
    for (const { resolve } of met) resolve();
  };
  return {
    entries,
    gaps: () => gaps,
    until: (condition) =>
      condition()
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ condition, resolve })),
    onEntry(entry) {
      entries.push(entry);
      heard();
    },
    onGap() {
      gaps++;
      heard();
    },
    onCurrent: heard,
    look: heard,
  };
}

/** All that a store holds. */
export async function loaded(store: RevocationStore): Promise<readonly RevocationEntry[]> {
  const entries: RevocationEntry[] = [];
  for await (const entry of store.load()) entries.push(entry);
  return entries;
}
