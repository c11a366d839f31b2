import { benchRequest, type BenchRequest } from './tokens.js';

/** Up to a million tokens in a Buffer, where the garbage collector does not visit them. All have the same length. */
export class TokenStore {
  readonly capacity: number;
  readonly #length: number;
  readonly #bytes: Buffer;
  #count = 0;

  constructor(length: number, capacity: number) {
    this.capacity = capacity;
    this.#length = length;
    this.#bytes = Buffer.alloc(length * capacity);
  }

  add(tokens: readonly string[]): void {
    for (const token of tokens) {
      if (token.length !== this.#length) throw new Error('a token of another length');
      this.#bytes.write(token, this.#count++ * this.#length, 'latin1');
    }
  }

  token(index: number): string {
    const start = index * this.#length;
    return this.#bytes.toString('latin1', start, start + this.#length);
  }

  /** Makes requests with the first `among` tokens, in turn. */
  requests(among: number, count: number, from: number): BenchRequest[] {
    return Array.from({ length: count }, (_, index) =>
      benchRequest(this.token((from + index) % among)),
    );
  }
}
