import type { Verifier } from './verifiers.js';

/** The name of the contender that does the app's work and verifies nothing. */
export const workAlone = 'the work alone';

const liveBytes = 100 * 1_048_576;
/** Every eighth parsed object replaces a live one; the others become garbage at once. */
const replacesOneIn = 8;

/** Texts of some 700 bytes, in the form of a GraphQL request. */
const texts: readonly string[] = Array.from({ length: 64 }, (_, index) =>
  JSON.stringify({
    operationName: 'orders',
    query:
      'query orders($after: Int!, $status: [String!]) { orders(where: {id: {_gt: $after}, status: {_in: $status}}) { id total lines { sku count } } }',
    variables: {
      after: index * 1000,
      status: ['open', 'paid', `since-${String(index)}`],
      lines: Array.from({ length: 8 }, (__, line) => ({
        sku: `sku-${String(index)}-${String(line)}`,
        count: line + 1,
        price: line * 1.25,
      })),
    },
  }),
);

/**
 * The work of an app between two verifications: it parses a request body, and some of the results replace older ones among
 * 100 MiB of objects that live long.
 */
export class AppWork {
  readonly #live: unknown[] = [];
  #turn = 0;

  /** Fills the heap. `bytes` is smaller only where figures do not matter. */
  constructor(bytes: number = liveBytes) {
    const before = process.memoryUsage().heapUsed;
    while (process.memoryUsage().heapUsed - before < bytes)
      for (let count = 0; count < 100; count++) this.#live.push(this.#parsed());
  }

  #parsed(): unknown {
    return JSON.parse(texts[this.#turn++ % texts.length] ?? '');
  }

  /** Does the work of one operation. */
  once(): void {
    const parsed = this.#parsed();
    if (this.#turn % replacesOneIn === 0)
      this.#live[Math.floor(Math.random() * this.#live.length)] = parsed;
  }

  /** Returns a verifier that does the work before each verification. */
  beside({ name, verify }: Verifier): Verifier {
    return {
      name,
      verify: (request) => {
        this.once();
        return verify(request);
      },
    };
  }

  /** Returns a verifier that does the work and verifies nothing. */
  alone(): Verifier {
    return { name: workAlone, verify: () => this.once() };
  }
}
