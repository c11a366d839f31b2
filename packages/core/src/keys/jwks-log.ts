import { quotedWord } from '../problem-log.js';
import type { Logger } from '../runtime.js';
import type { Remark } from './jwk-set.js';

function named({ kids, count }: Remark): string {
  if (kids.length === 0) return '';
  const quoted = kids.map(quotedWord).join(', ');
  return ` (kid ${quoted}${kids.length < count ? ' …' : ''})`;
}

/** Logs for the operator what happens to a key set: each thing once; of an outage, its beginning and its end. */
export class JwksLog {
  readonly #logger: Logger;
  readonly #about: string;
  readonly #logged = new Set<string>();
  #isInOutage = false;

  /** `shown` is the address without credentials and query. */
  constructor(shown: string, logger: Logger) {
    this.#logger = logger;
    this.#about = `the key set of ${shown}`;
  }

  failed(reason: Error, hasSet: boolean): void {
    if (this.#isInOutage) return;
    this.#isInOutage = true;
    const failure = `${this.#about} could not be fetched: ${reason.message};`;
    if (hasSet) this.#logger.warn(`${failure} the last good set stays in use`);
    else this.#logger.error(`${failure} tokens are rejected with 503 until it is fetched`);
  }

  fetched(): void {
    if (this.#isInOutage) this.#logger.warn(`${this.#about} could be fetched again`);
    this.#isInOutage = false;
  }

  /** The set is older than `keySets.maxStaleMs` allows. */
  ended(): void {
    this.#logger.error(
      `${this.#about} is older than keySets.maxStaleMs allows; tokens are rejected with 503 until it is fetched`,
    );
  }

  /** The error that `ready` rejects with. */
  notReady(reason: string): Error {
    return new Error(`${this.#about} is not available: ${reason}`);
  }

  remarks(remarks: readonly Remark[]): void {
    for (const remark of remarks)
      this.#once(
        remark.text,
        `${String(remark.count)} of its keys: ${remark.text}${named(remark)}`,
      );
  }

  noKeys(): void {
    this.#once('no keys', 'none of its keys can be used, so that every token is rejected');
  }

  tooManyCandidates(found: number, tried: number): void {
    this.#once(
      'candidates',
      `${String(found)} keys could have signed one token, and the first ${String(tried)} are tried; the provider should name the key of a token by kid`,
    );
  }

  /** The set was fetched early, since no key of it verified the signature of a token. */
  fetchedForSignature(hasOtherKeys: boolean): void {
    if (hasOtherKeys)
      this.#once(
        'rotated',
        'its keys were replaced without a new kid, so that the first tokens of the new keys were rejected with 401; the provider should give each key its own kid, or a shorter max-age to the set',
      );
    else
      this.#once(
        'signature',
        'none of its keys verified the signature of a token, and fetching it again brought no other keys; if this continues, the tokens come from another issuer or are forged',
      );
  }

  #once(what: string, message: string): void {
    if (this.#logged.has(what)) return;
    this.#logged.add(what);
    this.#logger.warn(`${this.#about}: ${message}`);
  }
}
