/** 32 bits of a text that is as good as random (FNV-1a). */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * Remembers what came by once, in memory that never grows: a newer guest takes an older one's place. A mistake, once in
 * some 10,000 guests, only lets one in at first sight.
 */
export class Doorkeeper {
  readonly #seen: Uint32Array;

  /** Four places for each of so many guests: enough to remember most of them until they come again. */
  constructor(guests: number) {
    this.#seen = new Uint32Array(2 ** Math.ceil(Math.log2(guests * 4)));
  }

  /** Whether a guest was here before; from now on it was. */
  knows(guest: string): boolean {
    const print = fingerprint(guest);
    const place = print & (this.#seen.length - 1);
    if (this.#seen[place] === print) return true;
    this.#seen[place] = print;
    return false;
  }
}
