/** What a probe has seen since it was read last. */
export interface ProbeFigures {
  readonly microseconds: number;
  readonly requests: number;
}

/**
 * Measures how long requests stay between two points of an app. It means something only where nothing between them
 * waits: no other request can then come between. An authentication's cost is one part in forty of a request's, and the
 * processor's time for whole requests varies by more than that.
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

  /** The figures, which begin anew. */
  read(): ProbeFigures {
    const figures = { microseconds: this.#milliseconds * 1000, requests: this.#requests };
    this.#milliseconds = 0;
    this.#requests = 0;
    return figures;
  }
}
