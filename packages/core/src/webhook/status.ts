import type { HookHealth } from '../observability/health.js';
import type { RefusalKind } from '../refusals.js';

/** How the calls of one hook are doing. */
export class HookStatus {
  /** How many calls are in progress. */
  inProgress = 0;
  #failures = 0;
  #lastFailure: HookHealth['lastFailure'];

  /** The hook sent a usable response, also if it rejects the client. */
  answered(): void {
    this.#failures = 0;
    this.#lastFailure = undefined;
  }

  failed(kind: RefusalKind, at: number): void {
    this.#failures += 1;
    this.#lastFailure = { at, kind };
  }

  /** For a probe. `origin` is that of the hook's address. */
  health(origin: string): HookHealth {
    return {
      origin,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
      inProgress: this.inProgress,
    };
  }
}
