/**
 * Remembers what came by once, in memory that never grows: a newer guest takes an older one's place. A mistake, once in
 * some 10,000 guests, only lets one in at first sight.
 */
export class Doorkeeper {
  readonly #seen: Uint32Array;

  /**
   * A place or two for each of so many guests: a third to a half of them are remembered until as many others have come. With more
   * places, a flood that repeats itself after ten times as many would be let in in part, and pay for it.
   */
  constructor(guests: number) {
    this.#seen = new Uint32Array(2 ** Math.ceil(Math.log2(guests)));
  }

  /** Whether a guest was here before, by a fingerprint; from now on it was. */
  knows(print: number): boolean {
    const place = print & (this.#seen.length - 1);
    if (this.#seen[place] === print) return true;
    this.#seen[place] = print;
    return false;
  }
}
