// For tests of types, which check that they compile: `@ts-expect-error` fails where there is no error.

/** True where two types are the same, and not only assignable to each other. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the type says `true`. */
export function proves<T extends true>(proof: T): void {
  expect(proof).toBe(true);
}

/** Code that is compiled and never called. */
export function unrun(code: () => unknown): void {
  expect(code).toBeInstanceOf(Function);
}
