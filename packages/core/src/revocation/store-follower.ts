import { isRecord } from '../json.js';
import { revocationChannels } from '../observability/channels.js';
import { callHarmlessly, steadyClock, type Runtime } from '../runtime.js';
import type { RevocationListener, RevocationStore, TokensRevocation } from './store.js';

/** How many entries are taken from a store before requests get their turn. */
const takenAtOnce = 500;
/** The first and the longest wait before a store is read again that could not be read, in milliseconds. */
const firstRetryMs = 1000;
const longestRetryMs = 60_000;
/** After how many missed signs of life a warning is logged, and how often this is looked at, in milliseconds. */
const missedSigns = 3;
const leastWatchMs = 1000;

/** Why a store failed, for logs: its messages may quote an address with a password. */
export function failureOf(error: unknown): string {
  try {
    const code: unknown = isRecord(error) ? error['code'] : undefined;
    if (typeof code === 'string' && /^[\w-]{1,40}$/.test(code)) return code;
    return error instanceof Error && /^\w{1,40}$/.test(error.name) ? error.name : 'an error';
  } catch {
    return 'an error';
  }
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** What a store's entries go to. No function of it throws. */
export interface EntrySink {
  /** Takes an entry, unchecked, with the time at which it was added, if that is known. False if there was no room for it. */
  take(entry: unknown, addedAt?: unknown): boolean;
  /** How many entries there are. */
  entries(): number;
  /** The store is read from its beginning. */
  beginReading(): void;
  /** The entries in force that were not taken since then. Yields undefined now and then, for a pause. */
  unread(): Iterable<TokensRevocation | undefined>;
}

/**
 * Follows a store: subscribes, reads everything once, and again after each gap. Whatever the store does, nothing of it
 * throws and no request waits for it.
 */
export class StoreFollower {
  readonly #store: RevocationStore;
  readonly #runtime: Runtime;
  readonly #now: () => number;
  readonly #sink: EntrySink;
  #unsubscribe: (() => unknown) | undefined;
  /** The reading that is under way; resolves with what failed. */
  #loading: Promise<Error | undefined> | undefined;
  /** Whether a gap came while the store was being read. */
  #loadsAgain = false;
  #hasLoaded = false;
  /** Whether nothing was missed since the store was last read. */
  #isComplete = false;
  /** Whether an entry found no room since then. */
  #hasLeftOut = false;
  #currentAt = 0;
  #failures = 0;
  #isOutOfContact = false;
  #isClosed = false;

  constructor(store: RevocationStore, runtime: Runtime, sink: EntrySink) {
    this.#store = store;
    this.#runtime = runtime;
    this.#now = steadyClock(runtime.now);
    this.#sink = sink;
  }

  /** Begins. */
  start(): void {
    void this.#load();
    this.#watch();
  }

  /** Resolves when the store has been read once; rejects with what failed. */
  async ready(): Promise<void> {
    if (this.#hasLoaded) return;
    const failed = await this.#load();
    if (failed !== undefined) throw failed;
  }

  /**
   * For how long entries may have been missed, in milliseconds; Infinity if the store was never read. Throws what the clock
   * throws.
   */
  stalenessMs(): number {
    if (!this.#hasLoaded) return Infinity;
    if (this.#isComplete && this.#store.currentEveryMs === undefined) return 0;
    return Math.max(0, this.#now() - this.#currentAt);
  }

  /** Reads the store again: entries were missed. What is known stays. */
  reload(): void {
    if (this.#isClosed) return;
    this.#isComplete = false;
    if (this.#loading !== undefined) this.#loadsAgain = true;
    else void this.#load();
  }

  close(): void {
    this.#isClosed = true;
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    callHarmlessly(() => unsubscribe?.()); // also if a store returned no function
  }

  readonly #listener: RevocationListener = {
    onEntry: (entry, addedAt) => {
      if (!this.#isClosed && !this.#sink.take(entry, addedAt)) {
        this.#hasLeftOut = true;
        this.#isComplete = false;
      }
    },
    onGap: () => {
      if (revocationChannels.gap.hasSubscribers)
        revocationChannels.gap.publish({ entries: this.#sink.entries() });
      this.reload();
    },
    onCurrent: () => {
      if (this.#isComplete) this.#isCurrentAt(this.#time());
    },
  };

  /** The time; without a clock it stands still, and a request that asks for it gets an error. */
  #time(): number {
    try {
      return this.#now();
    } catch {
      return this.#currentAt;
    }
  }

  #isCurrentAt(time: number): void {
    this.#currentAt = Math.max(this.#currentAt, time);
    if (!this.#isOutOfContact) return;
    this.#isOutOfContact = false;
    this.#runtime.logger.warn('revocations: the store passes on entries again');
  }

  #load(): Promise<Error | undefined> {
    this.#loading ??= this.#read().then(
      (startedAt) => this.#hasRead(startedAt),
      (error: unknown) => this.#hasFailed(error),
    );
    return this.#loading;
  }

  /** Reads everything, a part of it in each turn. Returns when it began: later entries come by the subscription. */
  async #read(): Promise<number> {
    await Promise.resolve(); // so that a store that throws at once is a failed reading too
    if (this.#isClosed) throw new Error('revocations: the authenticator is closed'); // a subscription would stay
    const startedAt = this.#time();
    this.#hasLeftOut = false;
    this.#unsubscribe ??= this.#store.subscribe(this.#listener);
    this.#sink.beginReading();
    let taken = 0;
    for await (const entry of this.#store.load()) {
      if (this.#isClosed) break;
      if (!this.#sink.take(entry)) this.#hasLeftOut = true;
      if (++taken % takenAtOnce === 0) await nextTurn();
    }
    return startedAt;
  }

  #hasRead(startedAt: number): undefined {
    this.#loading = undefined;
    this.#hasLoaded = true;
    this.#failures = 0;
    if (this.#loadsAgain) {
      this.#loadsAgain = false;
      void this.#load();
    } else if (!this.#hasLeftOut) {
      this.#isComplete = true;
      this.#isCurrentAt(startedAt);
      this.#restore().catch((error: unknown) => {
        this.#runtime.logger.error(
          `revocations: entries that the store has lost could not be stored again (${failureOf(error)})`,
        );
      });
    }
  }

  /** Gives the store what it did not yield, although it is known here: it has lost it. */
  async #restore(): Promise<void> {
    if (this.#store.restore === undefined) return;
    const lost: TokensRevocation[] = [];
    for (const entry of this.#sink.unread())
      if (entry === undefined) await nextTurn();
      else lost.push(entry);
    if (lost.length > 0 && !this.#isClosed) await this.#store.restore(lost);
  }

  #hasFailed(error: unknown): Error {
    this.#loading = undefined;
    this.#loadsAgain = false;
    const reason = failureOf(error);
    if (!this.#isOutOfContact && !this.#isClosed) {
      this.#isOutOfContact = true;
      if (revocationChannels.stale.hasSubscribers)
        revocationChannels.stale.publish({
          stalenessMs: this.#hasLoaded ? this.#time() - this.#currentAt : Infinity,
        });
      this.#runtime.logger.error(
        `revocations: the store could not be read (${reason}); ${this.#hasLoaded ? 'known entries stay in force' : 'no entry is known yet'}, and it is read again`,
      );
    }
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures);
    const failures = ++this.#failures;
    this.#later(waitMs, () => {
      if (failures === this.#failures) void this.#load(); // not read meanwhile
    });
    return new Error(`revocations: the store could not be read: ${reason}`, { cause: error });
  }

  /** Logs when a store is silent that should call regularly. */
  #watch(): void {
    const { currentEveryMs } = this.#store;
    if (currentEveryMs === undefined) return;
    const watch = (): void => {
      const silentMs = this.#time() - this.#currentAt;
      if (this.#isComplete && !this.#isOutOfContact && silentMs > missedSigns * currentEveryMs) {
        this.#isOutOfContact = true;
        if (revocationChannels.stale.hasSubscribers)
          revocationChannels.stale.publish({ stalenessMs: silentMs });
        this.#runtime.logger.error(
          'revocations: the store has lost contact; known entries stay in force, and entries of other processes are missed',
        );
      }
      this.#later(Math.max(leastWatchMs, currentEveryMs), watch);
    };
    this.#later(Math.max(leastWatchMs, currentEveryMs), watch);
  }

  /** Without a timer nothing is done again; a gap or `ready` still reads the store. */
  #later(ms: number, run: () => void): void {
    callHarmlessly(() =>
      this.#runtime.setTimeout(() => {
        if (!this.#isClosed) run();
      }, ms),
    );
  }
}
