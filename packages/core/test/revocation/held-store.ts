import type {
  RevocationEntry,
  RevocationListener,
  RevocationStore,
} from '../../src/revocation/store.js';

/** A store whose every step a test takes by itself. */
export interface HeldStore {
  readonly store: RevocationStore;
  /** What was added. */
  readonly added: RevocationEntry[];
  /** How often the store was read. */
  readonly loads: () => number;
  readonly listeners: ReadonlySet<RevocationListener>;
  /** What the next reading yields, or fails with. */
  kept: unknown[] | Error;
  /** What `add` does. */
  onAdd: (entry: RevocationEntry) => Promise<void>;
  /** Calls every listener. */
  tell(call: (listener: RevocationListener) => void): void;
  /** Passes on an entry, of whatever form. */
  pass(entry: unknown, addedAt?: number): void;
}

export function heldStore(currentEveryMs?: number): HeldStore {
  const listeners = new Set<RevocationListener>();
  const added: RevocationEntry[] = [];
  let loads = 0;
  const held: HeldStore = {
    store: {
      ...(currentEveryMs !== undefined && { currentEveryMs }),
      async *load() {
        loads++;
        if (held.kept instanceof Error) throw held.kept;
        yield* held.kept as RevocationEntry[]; // or what no store may pass on
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      add: (entry) => {
        added.push(entry);
        return held.onAdd(entry);
      },
    },
    added,
    loads: () => loads,
    listeners,
    kept: [],
    onAdd: () => Promise.resolve(),
    tell(call) {
      for (const listener of listeners) call(listener);
    },
    pass(entry, addedAt) {
      held.tell((listener) => listener.onEntry(entry as RevocationEntry, addedAt));
    },
  };
  return held;
}

/** Waits until what is under way without timers is done: readings of up to some thousand entries. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
