import type { Logger } from '../runtime.js';

/** How many `kid`s a message names, and how much of each: they are as long as their publisher makes them. */
const mostKids = 5;
const longestKid = 60;

function named(kids: readonly (string | undefined)[]): string {
  const known = kids.filter((kid) => kid !== undefined).slice(0, mostKids);
  if (known.length === 0) return '';
  const quoted = known.map((kid) => JSON.stringify(kid.slice(0, longestKid))).join(', ');
  return ` (kid ${quoted}${known.length < kids.length ? ' …' : ''})`;
}

/** Tells an operator what happens to a key set: each thing once; of an outage, that it began and that it is over. */
export class KeySetLog {
  readonly #logger: Logger;
  readonly #about: string;
  readonly #said = new Set<string>();
  #inOutage = false;

  /** `shown` is the address without credentials and query. */
  constructor(shown: string, logger: Logger) {
    this.#logger = logger;
    this.#about = `the key set of ${shown}`;
  }

  failed(reason: Error, keptSet: boolean): void {
    if (this.#inOutage) return;
    this.#inOutage = true;
    const failure = `${this.#about} could not be fetched: ${reason.message};`;
    if (keptSet) this.#logger.warn(`${failure} the last good one stays in use`);
    else this.#logger.error(`${failure} tokens are refused with 503 until it is there`);
  }

  fetched(): void {
    if (this.#inOutage) this.#logger.warn(`${this.#about} is fetched again`);
    this.#inOutage = false;
  }

  /** The set is older than `keySets.maxStaleMs` allows. */
  ended(): void {
    this.#logger.error(
      `${this.#about} is older than keySets.maxStaleMs allows; tokens are refused with 503 until it is fetched`,
    );
  }

  /** What `ready` rejects with. */
  notReady(reason: string): Error {
    return new Error(`${this.#about} is not there: ${reason}`);
  }

  /** What reading the set showed, with the keys of which it is true. */
  remarks(remarks: ReadonlyMap<string, readonly (string | undefined)[]>): void {
    for (const [remark, kids] of remarks)
      this.#once(remark, `${String(kids.length)} of its keys: ${remark}${named(kids)}`);
  }

  noKeys(): void {
    this.#once('no keys', 'none of its keys can be used, so that every token is refused');
  }

  tooManyCandidates(found: number, tried: number): void {
    this.#once(
      'candidates',
      `${String(found)} keys could have signed one token, and ${String(tried)} are tried; the provider should name them by kid`,
    );
  }

  #once(what: string, message: string): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#logger.warn(`${this.#about}: ${message}`);
  }
}
