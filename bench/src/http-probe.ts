/** Measurements of a probe since it was last read. */
export interface ProbeFigures {
  readonly microseconds: number;
  readonly requests: number;
}

/**
 * Measures the time that requests take between two points of an app. It is valid only if the code between these points
 * is synchronous, so that no other request runs in between. An authentication takes a fortieth of a whole request, and
 * the CPU time of whole requests varies by more than that.
 */
export class Probe {
  #entered = 0;
  #milliseconds = 0;
  #requests = 0;

  enter(): void {
    this.#entered = performance.now();
  }

  leave(): void {
    this.#milliseconds += performance.now() - this.#entered;
    this.#requests++;
  }

  /** Returns the measurements and resets them. */
  read(): ProbeFigures {
    const figures = { microseconds: this.#milliseconds * 1000, requests: this.#requests };
    this.#milliseconds = 0;
    this.#requests = 0;
    return figures;
  }
}
