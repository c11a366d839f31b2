import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { KeySetContext } from '../../src/observability/channels.js';

const channel = 'tracing:hasura-auth.key-set:asyncEnd';

/** One fetch of a key set that is over. */
export interface KeyFetchEvent {
  readonly origin: string;
  readonly outcome: 'ok' | 'failed';
  /** How many keys of the set can be used; absent if the fetch failed. */
  readonly keys?: number;
  readonly durationMs: number;
}

function eventOf({ origin, keys, failure, durationMs = NaN }: KeySetContext): KeyFetchEvent {
  return failure === undefined && keys !== undefined
    ? { origin, outcome: 'ok', keys, durationMs }
    : { origin, outcome: 'failed', durationMs };
}

/** The key set fetches of one origin that are over. */
export interface FetchEvents {
  readonly events: readonly KeyFetchEvent[];
  /** Resolves when so many, in all, are over. */
  over(count: number): Promise<void>;
}

const listeners: ((message: unknown) => void)[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) unsubscribe(channel, listener);
});

/** Listens to the fetches of a key set until the test ends. */
export function fetchEvents(url: string): FetchEvents {
  const { origin } = new URL(url);
  const events: KeyFetchEvent[] = [];
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  const listener = (message: unknown): void => {
    const event = eventOf(message as KeySetContext); // what is published on that channel
    if (event.origin !== origin) return;
    events.push(event);
    for (const one of waiting)
      if (events.length >= one.count) {
        waiting.delete(one);
        one.resolve();
      }
  };
  subscribe(channel, listener);
  listeners.push(listener);
  return {
    events,
    over: (count) =>
      events.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.add({ count, resolve })),
  };
}
