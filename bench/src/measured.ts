import type { Contender } from './rounds.js';
import { benchRequests, type BenchRequest } from './tokens.js';
import type { TokenStore } from './token-store.js';
import type { Verifier } from './verifiers.js';

/** Tokens in turn: a list, or the first `among` tokens of a store. */
export type TokenSource =
  readonly string[] | { readonly store: TokenStore; readonly among: number };

const isStored = (tokens: TokenSource): tokens is Exclude<TokenSource, readonly string[]> =>
  'store' in tokens;

/** Makes a contender of a verifier: one verification after another, each of a new request object. */
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
        const result = verify(request);
        if (result instanceof Promise) await result;
      }
    },
  };
}
