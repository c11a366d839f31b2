import { detached } from './decode.js';
import { Doorkeeper } from './doorkeeper.js';
import { fingerprint, keyLength } from './fingerprint.js';
import { Presence } from './presence.js';
import type { PlacedToken } from './token-location.js';
import type { VerifiedToken } from './verified-token.js';

/** Bounds of the cache. */
export interface VerifiedTokensBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

interface Entry {
  readonly shelf: Shelf;
  readonly key: string;
  readonly print: number;
  readonly text: string;
  readonly verified: VerifiedToken;
  readonly bytes: number;
  readonly place: number;
  /** Whether it was found since the hand passed it last. */
  used: boolean;
}

/** The tokens of one location, each by the end of its signature; what is found by it is compared to its full length. */
type Shelf = Map<string, Entry>;

/** How many entries the hand passes for one newcomer, so that no request waits for a long walk. */
const longestWalk = 32;
/** What one entry takes beside the token's text and what was read from it, measured (`pnpm bench memory`). */
const entryBytes = 400;

/**
 * Verified tokens, bounded in number and in bytes. While there is room every token is kept. Then a newcomer is kept at
 * its second sight, and takes the place of one that was not used since the hand came by ("second chance"): tokens that
 * come once push nothing out, however many they are.
 */
export class TokenRing {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #shelves = new Map<PlacedToken['at'], Shelf>();
  readonly #ring: (Entry | undefined)[] = [];
  readonly #gaps: number[] = [];
  readonly #presence: Presence;
  #hand = 0;
  #bytes = 0;
  #doorkeeper: Doorkeeper | undefined;

  constructor({ maxEntries, maxBytes }: VerifiedTokensBounds) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#presence = new Presence(maxEntries);
  }

  /** How many bytes the entries take, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  find({ at, text }: PlacedToken): VerifiedToken | undefined {
    if (!this.#presence.mayHold(fingerprint(text))) return undefined;
    const entry = this.#shelves.get(at)?.get(text.slice(-keyLength));
    if (entry?.text !== text) return undefined;
    entry.used = true;
    return entry.verified;
  }

  /** Keeps a token, if it may stay. */
  keep({ at, text }: PlacedToken, verified: VerifiedToken): void {
    const print = fingerprint(text);
    const least = entryBytes + text.length;
    const atFirstSight = this.#hasRoom(4 * least);
    if (!atFirstSight && !this.#knows(print)) return; // a flood of tokens that come once ends here
    const shelf = this.#shelfAt(at);
    const key = text.slice(-keyLength);
    const earlier = shelf.get(key);
    if (earlier !== undefined) this.#remove(earlier);
    const bytes = least + verified.bytes;
    if (!this.#hasRoom(bytes) && (atFirstSight || !this.#makeRoom(bytes))) return;
    const place = this.#gaps.pop() ?? this.#ring.length;
    const entry = { shelf, key, print, text: detached(text), verified, bytes, place, used: false };
    this.#ring[place] = entry;
    this.#bytes += bytes;
    shelf.set(key, entry);
    this.#presence.add(print);
  }

  remove({ at, text }: PlacedToken): void {
    const entry = this.#shelves.get(at)?.get(text.slice(-keyLength));
    if (entry !== undefined) this.#remove(entry);
  }

  #shelfAt(at: PlacedToken['at']): Shelf {
    const known = this.#shelves.get(at);
    if (known !== undefined) return known;
    const shelf: Shelf = new Map();
    this.#shelves.set(at, shelf);
    return shelf;
  }

  #hasRoom(bytes: number): boolean {
    const entries = this.#ring.length - this.#gaps.length;
    return entries < this.#maxEntries && this.#bytes + bytes <= this.#maxBytes;
  }

  /** The doorkeeper comes when the ring is full for the first time, and is as large as the ring then is. */
  #knows(print: number): boolean {
    this.#doorkeeper ??= new Doorkeeper(this.#ring.length + 1);
    return this.#doorkeeper.knows(print);
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
    this.#presence.remove(entry.print);
    this.#ring[entry.place] = undefined;
    this.#gaps.push(entry.place);
    this.#bytes -= entry.bytes;
  }
}
