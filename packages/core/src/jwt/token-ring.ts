import { Doorkeeper } from './doorkeeper.js';
import type { LocationConfigs } from './jwt-config.js';
import type { VerifiedToken } from './verified-token.js';

/** Bounds of the cache. */
export interface VerifiedTokensBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

interface Entry {
  readonly shelf: Shelf;
  readonly key: string;
  readonly text: string;
  readonly verified: VerifiedToken;
  readonly bytes: number;
  readonly place: number;
  /** Whether it was found since the hand passed it last. */
  used: boolean;
}

/** The tokens of one location, each by the end of its signature. */
type Shelf = Map<string, Entry>;

/**
 * The end of the signature is as good as random, and a Map hashes these few characters in 0.05 µs, where it takes 1 µs
 * for the whole token. What is found by it is compared to its full length.
 */
const keyLength = 12;
/** How many entries the hand passes for one newcomer, so that no request waits for a long walk. */
const longestWalk = 32;
/** What one entry takes beside the token's text and what was read from it, measured (`pnpm bench memory`). */
const entryBytes = 400;

/** A string of its own: a part of a header would keep the whole header in memory. */
function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/**
 * Verified tokens, bounded in number and in bytes. While there is room every token is kept. Then a newcomer is kept at
 * its second sight, and takes the place of one that was not used since the hand came by ("second chance"): tokens that
 * come once push nothing out, however many they are.
 */
export class TokenRing {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #shelves = new Map<LocationConfigs, Shelf>();
  #ring: (Entry | undefined)[] = [];
  #gaps: number[] = [];
  #hand = 0;
  #bytes = 0;
  #doorkeeper: Doorkeeper | undefined;

  constructor({ maxEntries, maxBytes }: VerifiedTokensBounds) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** How many bytes the entries take, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  find(at: LocationConfigs, text: string): VerifiedToken | undefined {
    const entry = this.#shelves.get(at)?.get(text.slice(-keyLength));
    if (entry?.text !== text) return undefined;
    entry.used = true;
    return entry.verified;
  }

  /** Keeps a token, if it may stay. */
  keep(at: LocationConfigs, text: string, verified: VerifiedToken): void {
    const key = detached(text.slice(-keyLength));
    const shelf = this.#shelfAt(at);
    const earlier = shelf.get(key);
    if (earlier !== undefined) this.#remove(earlier);
    const least = entryBytes + text.length;
    const atFirstSight = this.#hasRoom(4 * least);
    if (!atFirstSight && !this.#knows(key)) return; // a flood of tokens that come once ends here
    const bytes = least + verified.bytes;
    if (!this.#hasRoom(bytes) && (atFirstSight || !this.#makeRoom(bytes))) return;
    const place = this.#gaps.pop() ?? this.#ring.length;
    const entry = { shelf, key, text: detached(text), verified, bytes, place, used: false };
    this.#ring[place] = entry;
    this.#bytes += bytes;
    shelf.set(key, entry);
  }

  remove(at: LocationConfigs, text: string): void {
    const entry = this.#shelves.get(at)?.get(text.slice(-keyLength));
    if (entry !== undefined) this.#remove(entry);
  }

  clear(): void {
    this.#shelves = new Map();
    this.#ring = [];
    this.#gaps = [];
    this.#hand = 0;
    this.#bytes = 0;
    this.#doorkeeper = undefined;
  }

  #shelfAt(at: LocationConfigs): Shelf {
    const shelf = this.#shelves.get(at) ?? new Map<string, Entry>();
    this.#shelves.set(at, shelf);
    return shelf;
  }

  #hasRoom(bytes: number): boolean {
    const entries = this.#ring.length - this.#gaps.length;
    return entries < this.#maxEntries && this.#bytes + bytes <= this.#maxBytes;
  }

  /** The doorkeeper comes when the ring is full for the first time, and is as large as the ring then is. */
  #knows(key: string): boolean {
    this.#doorkeeper ??= new Doorkeeper(this.#ring.length + 1);
    return this.#doorkeeper.knows(key);
  }

  #makeRoom(bytes: number): boolean {
    for (let step = 0; step < longestWalk; step++) {
      const entry = this.#ring[this.#hand];
      if (entry?.used === false) this.#remove(entry);
      else if (entry !== undefined) entry.used = false;
      this.#hand = (this.#hand + 1) % Math.max(1, this.#ring.length);
      if (this.#hasRoom(bytes)) return true;
    }
    return false;
  }

  #remove(entry: Entry): void {
    entry.shelf.delete(entry.key);
    this.#ring[entry.place] = undefined;
    this.#gaps.push(entry.place);
    this.#bytes -= entry.bytes;
  }
}
