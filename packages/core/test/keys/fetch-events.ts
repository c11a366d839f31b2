import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { KeyFetchEvent } from '../../src/events.js';

/** The key set fetches of one origin that are over. */
export interface FetchEvents {
  readonly events: readonly KeyFetchEvent[];
  /** Resolves when so many, in all, are over. */
  over(count: number): Promise<void>;
}

const listeners: ((message: unknown) => void)[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) unsubscribe('hasura-auth:key-fetch', listener);
});

/** Listens to the fetches of a key set until the test ends. */
export function fetchEvents(url: string): FetchEvents {
  const { origin } = new URL(url);
  const events: KeyFetchEvent[] = [];
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  const listener = (message: unknown): void => {
    const event = message as KeyFetchEvent; // what is published on that channel
    if (event.origin !== origin) return;
    events.push(event);
    for (const one of waiting)
      if (events.length >= one.count) {
        waiting.delete(one);
        one.resolve();
      }
  };
  subscribe('hasura-auth:key-fetch', listener);
  listeners.push(listener);
  return {
    events,
    over: (count) =>
      events.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.add({ count, resolve })),
  };
}
