import { AuthError, ConfigError } from '../src/errors.js';

/** What `run` throws; an error of its own where it throws nothing. */
export function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** What a promise rejects with; an error of its own where it resolves. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was rejected');
}

function refusalFrom(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  throw new Error('what was thrown is no AuthError', { cause: error });
}

/** The AuthError that `run` throws. */
export function refusal(run: () => unknown): AuthError {
  return refusalFrom(thrown(run));
}

/** The AuthError that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<AuthError> {
  return refusalFrom(await rejected(promise));
}

/** The ConfigError that `run` throws. */
export function mistake(run: () => unknown): ConfigError {
  const error = thrown(run);
  if (error instanceof ConfigError) return error;
  throw new Error('what was thrown is no ConfigError', { cause: error });
}
