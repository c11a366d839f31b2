import type { Outside } from '../config/outside.js';
import type { KeySource } from './key-source.js';

/** Bounds of a fetched key set, each with its default filled in. */
export interface KeySetBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxStaleMs: number;
  readonly waitMs: number;
}

/** The keys that a provider publishes at an address. */
export function remoteJwks(url: string, bounds: KeySetBounds, outside: Outside): KeySource {
  throw new Error(`${url} ${String(bounds.waitMs)} ${String(outside.now())}`);
}
