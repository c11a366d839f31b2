import { ConfigError } from './errors.js';
import { isRecord } from './json.js';
import { functionOr, recordOf } from './option-checks.js';

/** What warnings and failures are logged with, such as pino or the console. No message contains a secret, a token or a claim. */
export interface Logger {
  /** Logs what the operator should look at, such as a weak secret. What it throws is ignored. */
  warn(message: string): void;
  /** Logs a failure, such as a key set that cannot be fetched. What it throws is ignored. */
  error(message: string): void;
}

/** The part of `fetch` that is used; Node's own fits. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'POST';
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** The longest that Node's timers wait, in milliseconds; beyond it they would fire at once. */
export const longestTimerMs = 2_147_483_647;

/** A timer that can be stopped and that does not keep the process alive. */
export type SetTimeout = (run: () => void, ms: number) => unknown;

/** Stops a timer. One that another implementation made stays as it is, and finds nothing to do when it fires. */
export function stopTimer(timer: unknown): void {
  try {
    clearTimeout(timer as NodeJS.Timeout | undefined); // Node ignores what is no timer of its own
  } catch {
    // a replaced clearTimeout may not take it
  }
}

/**
 * A clock that never runs backwards, made of one that may: if the operator's clock is set back, this one continues from its
 * last time. Deadlines are then reached in time, so that nothing is kept until a wrong future, and nothing is fetched again
 * and again. If the clock is set forward, deadlines merely come early.
 */
export function steadyClock(now: () => number): () => number {
  let latest = -Infinity;
  let ahead = 0;
  return () => {
    const time = now() + ahead;
    if (time < latest) {
      ahead += latest - time;
      return latest;
    }
    latest = time;
    return time;
  };
}

/** Clock and timers that replace those of the process: for tests, and for hosts that have others. */
export interface RuntimeOptions {
  /** The clock, in milliseconds since the epoch; must return a finite number. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Timers. Default: Node's, unreferenced, so that they do not keep the process alive. */
  readonly setTimeout?: SetTimeout | undefined;
}

/** The options from which the side effects are read. */
export interface SideEffectOptions {
  readonly fetch?: Fetch | undefined;
  readonly logger?: Logger | undefined;
  readonly runtime?: RuntimeOptions | undefined;
}

/** Injectable side effects: fetch, logger, clock and timers. */
export interface Runtime {
  readonly fetch: Fetch;
  readonly logger: Logger;
  readonly now: () => number;
  readonly setTimeout: SetTimeout;
}

/** A warning of the process, in a runtime that has them: Node, Bun and Deno do, Cloudflare's may not. */
function warnProcess(message: string): void {
  const { emitWarning } = process as {
    emitWarning?: (message: string, type: string) => void; // one of Node's overloads, which some runtimes leave out
  };
  emitWarning?.call(process, message, 'HasuraAuthWarning');
}

const processWarnings: Logger = { warn: warnProcess, error: warnProcess };

/** A timer that does not keep the process alive, in a runtime whose timers can: elsewhere they are plain numbers. */
function unreferenced(run: () => void, ms: number): unknown {
  const timer: Partial<NodeJS.Timeout> | number = globalThis.setTimeout(run, ms);
  if (typeof timer === 'object') timer.unref?.();
  return timer;
}

/**
 * Calls an app's function that must not change what happens, such as a logger or an observer: what it throws is ignored,
 * and so is what its promise rejects with.
 */
export function callHarmlessly(call: () => unknown): void {
  try {
    const result = call();
    if (isRecord(result)) Promise.resolve(result).catch(() => undefined);
  } catch {
    // there is no other place to report it to
  }
}

/** A logger that never throws: an act must not fail because it could not be logged. */
function guarded(logger: Logger): Logger {
  const write = (level: keyof Logger, message: string): void => {
    callHarmlessly(() => logger[level](message));
  };
  return {
    warn: (message) => {
      write('warn', message);
    },
    error: (message) => {
      write('error', message);
    },
  };
}

function isLogger(logger: unknown): logger is Logger {
  if (typeof logger !== 'object' || logger === null) return false;
  const { warn, error } = logger as Partial<Record<keyof Logger, unknown>>; // read as what it should be, and checked at once
  return typeof warn === 'function' && typeof error === 'function';
}

/** A clock that fails instead of returning something else than a time: compared with NaN, every token would be valid. */
function finite(now: () => number): () => number {
  return () => {
    const time: unknown = now();
    if (typeof time === 'number' && Number.isFinite(time)) return time;
    throw new Error('runtime.now: expected a finite number of milliseconds since the epoch');
  };
}

/**
 * Reads `fetch`, `logger` and `runtime`. The defaults look the globals up when they are called, so that fake timers and
 * other replacements have their effect whenever they come.
 *
 * @example
 * const { logger, now } = parseRuntime({ logger: options.logger });
 */
export function parseRuntime(options: SideEffectOptions): Runtime {
  const logger = options.logger === undefined ? processWarnings : options.logger;
  if (!isLogger(logger))
    throw new ConfigError('logger', 'expected an object with the functions warn and error');
  const { now, setTimeout } = recordOf(
    options.runtime === undefined ? {} : options.runtime,
    ['now', 'setTimeout'],
    'runtime',
  ) as RuntimeOptions; // each is checked below
  return {
    logger: guarded(logger),
    fetch: functionOr<Fetch>(options.fetch, 'fetch', (url, init) => globalThis.fetch(url, init)),
    now: now === undefined ? () => Date.now() : finite(functionOr(now, 'runtime.now', now)),
    setTimeout: functionOr<SetTimeout>(setTimeout, 'runtime.setTimeout', unreferenced),
  };
}
