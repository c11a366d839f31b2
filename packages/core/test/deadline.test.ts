import { DeadlineError, withDeadline } from '../src/http-request.js';
import { rejected } from './thrown.js';

describe('a deadline', () => {
  let fire: () => void;
  let waited: number | undefined;
  const setTimeout = (run: () => void, ms: number): unknown => {
    [fire, waited] = [run, ms];
    return {};
  };

  it('gives what was done in time, and leaves the signal alone', async () => {
    let seen: AbortSignal | undefined;
    const done = withDeadline(5, setTimeout, (signal) => {
      seen = signal;
      return Promise.resolve('done');
    });
    await expect(done).resolves.toBe('done');
    fire();
    expect(waited).toBe(5);
    expect(seen).toBeInstanceOf(AbortSignal);
  });

  it('gives what failed in time', async () => {
    const failed = new Error('failed');
    await expect(withDeadline(5, setTimeout, () => Promise.reject(failed))).rejects.toBe(failed);
  });

  it('rejects when the time is up, whether or not what runs listens, and aborts it', async () => {
    let reason: unknown;
    const never = withDeadline(5, setTimeout, (signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason));
      return new Promise(() => undefined);
    });
    fire();
    const error = await rejected(never);
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ name: 'DeadlineError', message: 'not done within 5 ms' });
    expect(reason).toBe(error);
  });

  it('stops its timer when it is not needed any more', async () => {
    const stop = jest.spyOn(globalThis, 'clearTimeout');
    const real = (run: () => void, ms: number): unknown => globalThis.setTimeout(run, ms).unref();
    await withDeadline(60_000, real, () => Promise.resolve());
    await rejected(withDeadline(60_000, real, () => Promise.reject(new Error('failed'))));
    expect(stop).toHaveBeenCalledTimes(2);
    stop.mockRestore();
  });

  it('never waits longer than Node’s timers can', async () => {
    await withDeadline(Number.MAX_SAFE_INTEGER, setTimeout, () => Promise.resolve());
    expect(waited).toBe(2_147_483_647);
  });
});
