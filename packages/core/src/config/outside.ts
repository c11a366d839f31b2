import { outside } from './check.js';
import type { AuthOptions, Fetch, Logger, SetTimeout } from './options.js';
import { ConfigError } from '../errors.js';

/** The outside as parameters: what tests and unusual hosts replace. */
export interface Outside {
  readonly fetch: Fetch;
  readonly logger: Logger;
  readonly now: () => number;
  readonly setTimeout: SetTimeout;
}

const processWarnings: Logger = {
  warn: (message) => process.emitWarning(message, 'HasuraAuthWarning'),
  error: (message) => process.emitWarning(message, 'HasuraAuthWarning'),
};

function isLogger(logger: unknown): logger is Logger {
  if (typeof logger !== 'object' || logger === null) return false;
  const { warn, error } = logger as Partial<Record<keyof Logger, unknown>>; // read as what it should be, and checked at once
  return typeof warn === 'function' && typeof error === 'function';
}

/** Reads `fetch`, `logger`, `now` and `setTimeout`. */
export function parseOutside(options: AuthOptions): Outside {
  const logger = options.logger ?? processWarnings;
  if (!isLogger(logger))
    throw new ConfigError('logger', 'expected an object with the functions warn and error');
  return {
    logger,
    fetch: outside<Fetch>(options.fetch, 'fetch', (url, init) => globalThis.fetch(url, init)),
    now: outside(options.now, 'now', Date.now),
    setTimeout: outside<SetTimeout>(options.setTimeout, 'setTimeout', (run, ms) =>
      setTimeout(run, ms).unref(),
    ),
  };
}
