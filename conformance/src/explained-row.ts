import {
  isAuthError,
  type Authenticator,
  type AuthRequest,
  type Explanation,
} from '@hasura-auth/core';

/** What `authenticate` said of a request: a session, or the AuthError. */
export type Authenticated = Awaited<ReturnType<Authenticator['authenticate']>> | Error;

/** A whole sentence: it begins with a capital letter, ends with a full stop, and nothing in it is unfilled. */
const wholeSentence =
  /^[A-Z](?!.*(?:\bundefined\b(?!")|\[object|NaN|\$\{|\s\s|\.\.)).*[^.\s:;,]\.$/s;

/**
 * Compares the explanation of a request with what `authenticate` said of it: the same session or the same refusal, and
 * sentences for both.
 */
export function expectExplanation(
  explained: Explanation,
  said: Authenticated,
  isForwarded: boolean,
): void {
  const { outcome, session, refusal, response, cause, remedy, steps, token } = explained;
  expect(cause).toMatch(wholeSentence);
  if (isAuthError(said)) {
    const { kind, code, message, reason, status, engineStatus } = said;
    expect({ outcome, session, refusal }).toEqual({
      outcome: 'refused',
      session: undefined,
      refusal: { kind, code, message, reason, status, engineStatus },
    });
    expect(remedy).toMatch(wholeSentence);
    expect(response === undefined).toBe(isForwarded);
    expect(steps.at(-1)?.therefore).toContain('rejected');
  } else {
    expect({ outcome, session, refusal, response }).toEqual({
      outcome: 'accepted',
      session: said,
      refusal: undefined,
      response: undefined,
    });
    expect(remedy === undefined).toBe(session?.method !== 'unauthenticated');
  }
  expect(token?.isVerified ?? false).toBe(
    steps.some(({ step, found }) => step === 'verify' && found.startsWith('it was made')),
  );
}

/** Explains a request, and compares that with what `authenticate` said of it. */
export async function explainRow(
  authenticator: Authenticator,
  request: AuthRequest,
  said: Authenticated,
): Promise<Explanation> {
  const explained = await authenticator.explain(request);
  expectExplanation(explained, said, authenticator.errorResponse === 'forward');
  return explained;
}

/** Depends on the moment at which the rows run. */
const someTime = /\d+ (?:second|minute|hour|day)s?\b/g;

/** The sentences of all explanations, each with the rows that it explains, for people to read. */
export class Sentences {
  readonly #rows = new Map<string, Set<string>>();

  add(id: string, { outcome, cause, remedy }: Explanation): void {
    if (outcome === 'accepted' && remedy === undefined) return; // nothing to change
    const text = `${cause}\n  ${remedy ?? ''}`.replaceAll(someTime, 'SOME TIME');
    const rows = this.#rows.get(text) ?? new Set();
    this.#rows.set(text, rows.add(id));
  }

  get text(): string {
    const each = [...this.#rows].map(([text, rows]) => `${text}\n  (${[...rows].join(', ')})`);
    return each.sort().join('\n\n');
  }
}
