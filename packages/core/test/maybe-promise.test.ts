import { andThen, isPromise } from '../src/maybe-promise.js';

it('a promise is distinguished from a value', () => {
  expect(isPromise(Promise.resolve(1))).toBe(true);
  expect(isPromise(1)).toBe(false);
  expect(isPromise(undefined)).toBe(false);
  expect(isPromise(null as never)).toBe(false);
});

it('goes by a callable then, so that a library’s promises and a replaced global Promise count', async () => {
  const { Promise: native } = globalThis;
  const made = native.resolve(1);
  globalThis.Promise = class Replaced {} as never;
  try {
    expect(isPromise(made)).toBe(true);
  } finally {
    globalThis.Promise = native;
  }
  const thenable = { then: (next: (value: number) => unknown) => next(1) };
  expect(isPromise<number>(thenable as never)).toBe(true);
  expect(isPromise({ then: 1 } as never)).toBe(false);
  expect(await andThen(Promise.resolve(1), () => thenable as never)).toBe(1);
});

it('goes on at once where the value is there', () => {
  expect(andThen(1, (value) => value + 1)).toBe(2);
});

it('goes on later where it is not', async () => {
  const later = andThen(Promise.resolve(1), (value) => value + 1);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(2);
  expect(await andThen(1, (value) => Promise.resolve(value + 1))).toBe(2);
});

it('goes on once, and never after a rejection, whatever the `then` of another library does', async () => {
  const next = jest.fn((value: number) => value);
  const twice = {
    then(resolve: (value: number) => void, reject: (error: unknown) => void) {
      resolve(1);
      resolve(2);
      reject(new Error('no'));
    },
  };
  expect(await andThen<number, number>(twice as never, next)).toBe(1);
  const both = {
    then(resolve: (value: number) => void, reject: (error: unknown) => void) {
      reject(new Error('no'));
      resolve(1);
    },
  };
  await expect(andThen<number, number>(both as never, next)).rejects.toThrow('no');
  expect(next).toHaveBeenCalledTimes(1);
});

it('does not go on after a rejection', async () => {
  const next = jest.fn();
  await expect(andThen(Promise.reject(new Error('no')), next)).rejects.toThrow('no');
  expect(next).not.toHaveBeenCalled();
});
