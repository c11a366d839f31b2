import type { SetTimeout } from '../config/options.js';

/** A wait that can be cut short. */
export class Pause {
  /** Resolves when the time is over, or when it was cut short. */
  readonly over: Promise<void>;
  #stop: () => void = () => undefined;

  constructor(ms: number, setTimeout: SetTimeout) {
    this.over = new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#stop = () => {
        clearTimeout(timer as NodeJS.Timeout); // a timer of another make is left alone, and finds nothing to do
        resolve();
      };
    });
  }

  /** Cuts it short. */
  stop(): void {
    this.#stop();
  }
}
