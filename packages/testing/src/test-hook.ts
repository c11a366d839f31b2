import type { Fetch } from '@hasura-auth/core';

/** One call of the hook, as the middleware made it. */
export interface HookCall {
  readonly method: 'GET' | 'POST';
  /** The headers of the call, names in lower case. In GET mode they are the client's. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body of a POST: the client's headers and its GraphQL request. */
  readonly body: unknown;
}

/** An auth webhook for tests, which answers in the process and records its calls. */
export interface TestHook {
  /** The option `authHook`: `hasuraAuth({ authHook: hook.url, fetch: hook.fetch, … })`. */
  readonly url: string;
  /** Calls the hook without a network, for the option `fetch`. Rejects every other address. */
  readonly fetch: Fetch;
  /** The calls so far, oldest first. */
  readonly calls: readonly HookCall[];
  /** Answers with a role and session variables from now on. */
  answerAs(role: string, variables?: Readonly<Record<`x-hasura-${string}`, string>>): void;
  /** Answers with a status and a body of any kind from now on: 401 refuses, and others are failures. */
  answerWith(status: number, body?: unknown): void;
}

/**
 * Makes an auth webhook for tests. It refuses every request with 401 until it is given another answer.
 *
 * @example
 * ```ts
 * const hook = createTestHook();
 * app.use(hasuraAuth({ adminSecret: false, authHook: hook.url, fetch: hook.fetch }));
 * hook.answerAs('user', { 'x-hasura-user-id': '7' });
 * await request(app).get('/me').expect(200);
 * expect(hook.calls).toHaveLength(1);
 * ```
 */
export function createTestHook(): TestHook {
  const url = 'https://hook.invalid/auth';
  const calls: HookCall[] = [];
  let answer: { readonly status: number; readonly body: unknown } = { status: 401, body: {} };
  return {
    url,
    calls,
    async fetch(address, { method, headers, body, signal }) {
      signal.throwIfAborted();
      if (address !== url) throw new Error(`the test hook answers at ${url} only`);
      const names = Object.entries(headers).map(
        ([name, value]) => [name.toLowerCase(), value] as const,
      );
      calls.push({
        method,
        headers: Object.fromEntries(names),
        body: body === undefined ? undefined : (JSON.parse(body) as unknown),
      });
      return new Response(JSON.stringify(answer.body), { status: answer.status });
    },
    answerAs(role, variables = {}) {
      answer = { status: 200, body: { ...variables, 'x-hasura-role': role } };
    },
    answerWith(status, body = {}) {
      answer = { status, body };
    },
  };
}
