import type { PlacedToken } from './token-location.js';
import type { VerifiedToken } from './verified-token.js';

interface Verification {
  readonly at: PlacedToken['at'];
  readonly verified: Promise<VerifiedToken>;
}

/** Verifications that somebody waits for already, so that equal tokens that arrive together are verified once. */
export class UnderWay {
  readonly #verifications = new Map<string, Verification>();

  find({ at, text }: PlacedToken): Promise<VerifiedToken> | undefined {
    if (this.#verifications.size === 0) return undefined; // a Map hashes a whole token in 1 µs, even to find nothing
    const verification = this.#verifications.get(text);
    return verification?.at === at ? verification.verified : undefined;
  }

  /** Lets others join a verification until it has come to its end, whatever that is. */
  add({ at, text }: PlacedToken, verified: Promise<VerifiedToken>): Promise<VerifiedToken> {
    const verification = { at, verified };
    const ended = (): void => {
      if (this.#verifications.get(text) === verification) this.#verifications.delete(text);
    };
    this.#verifications.set(text, verification);
    verified.then(ended, ended);
    return verified;
  }
}
