import { parseRuntime } from '../src/runtime.js';
import type { AuthOptions } from '../src/config/options.js';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mistake } from './thrown.js';

const loose = (options: unknown) => parseRuntime(options as AuthOptions); // what JavaScript passes
const problem = (options: unknown): string => mistake(() => loose(options)).message;

it('the side effects are those that the options give', () => {
  const given = {
    logger: { warn: () => undefined, error: () => undefined },
    fetch: () => Promise.reject(new Error('no network')),
  };
  const setTimeout = (): undefined => undefined;
  const runtime = parseRuntime({ ...given, runtime: { now: () => 5, setTimeout } });
  expect(runtime).toMatchObject({ fetch: given.fetch, setTimeout });
  expect(runtime.now()).toBe(5);
});

describe('by default', () => {
  it('the clock is that of the machine', () => {
    const before = Date.now();
    const now = parseRuntime({}).now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('warnings and errors are warnings of the process', () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      const { logger } = parseRuntime({});
      logger.warn('a warning');
      logger.error('an error');
      expect(warned.mock.calls).toEqual([
        ['a warning', 'HasuraAuthWarning'],
        ['an error', 'HasuraAuthWarning'],
      ]);
    } finally {
      warned.mockRestore();
    }
  });

  it('warnings go nowhere in a runtime without warnings of the process', () => {
    const usual = Reflect.getOwnPropertyDescriptor(process, 'emitWarning') ?? {};
    Object.defineProperty(process, 'emitWarning', { ...usual, value: undefined });
    try {
      const { logger } = parseRuntime({});
      expect(() => {
        logger.warn('a warning');
      }).not.toThrow();
    } finally {
      Object.defineProperty(process, 'emitWarning', usual);
    }
  });

  it('timers run in a runtime whose timers are numbers', () => {
    const run = () => undefined;
    for (const timer of [7, {}]) {
      const started = jest.spyOn(globalThis, 'setTimeout').mockReturnValue(timer as never);
      try {
        expect(parseRuntime({}).setTimeout(run, 5)).toBe(timer);
        expect(started.mock.calls).toEqual([[run, 5]]);
      } finally {
        started.mockRestore();
      }
    }
  });

  it('timers run, and do not keep the process alive', async () => {
    const { setTimeout } = parseRuntime({});
    const timer = await new Promise((resolve) => {
      const made = setTimeout(() => resolve(made), 0);
    });
    expect((timer as NodeJS.Timeout).hasRef()).toBe(false);
  });

  it('fetch is the global one at the time of the call', async () => {
    const server = createServer((request, response) => void response.end(request.method));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const answer = await parseRuntime({}).fetch(`http://127.0.0.1:${String(port)}/`, {
        method: 'POST',
        headers: {},
        redirect: 'manual',
        signal: new AbortController().signal,
      });
      expect(await answer.text()).toBe('POST');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('a logger', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the disk is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the disk is full'))],
    [
      'returns an object whose `then` throws',
      () => ({
        get then() {
          throw new Error('the disk is full');
        },
      }),
    ],
    ['returns something falsy', () => null],
  ])('that %s harms nothing', async (_, write) => {
    const logger = { warn: write, error: write };
    const guarded = parseRuntime({ logger }).logger;
    guarded.warn('a warning');
    guarded.error('an error');
    // An unhandled rejection would fail the run: Node reports it before the next turn of the loop.
    await new Promise(setImmediate);
  });

  it('is called as a method with each message', () => {
    const lines: string[] = [];
    const logger = {
      lines,
      warn(message: string) {
        this.lines.push(`warn ${message}`);
      },
      error(message: string) {
        this.lines.push(`error ${message}`);
      },
    };
    const guarded = parseRuntime({ logger }).logger;
    guarded.warn('one');
    guarded.error('two');
    expect(lines).toEqual(['warn one', 'error two']);
  });
});

describe('the options are checked', () => {
  it.each<[unknown]>([
    [5],
    [{}],
    [{ warn: () => 1 }],
    [{ error: () => 1 }],
    [{ warn: 1, error: 1 }],
    [{ warn: () => 1, error: 1 }],
    [() => 1],
  ])('a logger is not %p', (logger) => {
    expect(problem({ logger })).toBe(
      'logger: expected an object with the functions warn and error',
    );
  });

  it('fetch is a function', () => {
    expect(problem({ fetch: 5 })).toBe('fetch: expected a function, got a number');
  });

  it.each(['now', 'setTimeout'])('runtime.%s is a function', (name) => {
    expect(problem({ runtime: { [name]: 5 } })).toBe(
      `runtime.${name}: expected a function, got a number`,
    );
  });

  it.each([[NaN], [Infinity], ['5'], [undefined], [null]])(
    'a clock that returns %p fails',
    (time) => {
      const { now } = parseRuntime({ runtime: { now: () => time as number } });
      expect(() => now()).toThrow('runtime.now: expected a finite number');
    },
  );
});
