import type { Contender } from './rounds.js';
import { benchRequests, type BenchRequest } from './tokens.js';
import type { TokenStore } from './token-store.js';
import type { Verifier } from './verifiers.js';

/** Tokens in turn: a list, or the first so many of a store. */
export type TokenSource =
  readonly string[] | { readonly store: TokenStore; readonly among: number };

const isStored = (tokens: TokenSource): tokens is Exclude<TokenSource, readonly string[]> =>
  'store' in tokens;

/** A verifier as a contender: one verification after another, each of a request that was never seen before. */
export function measured({ name, verify }: Verifier, tokens: TokenSource): Contender {
  let requests: readonly BenchRequest[] = [];
  let from = 0;
  return {
    name,
    prepare(operations) {
      requests = isStored(tokens)
        ? tokens.store.requests(tokens.among, operations, from)
        : benchRequests(tokens, operations, from);
      from += operations;
    },
    async run() {
      for (const request of requests) {
        const answer = verify(request);
        if (answer instanceof Promise) await answer;
      }
    },
  };
}
