import { isAuthError, type AuthError } from './errors.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import { functionOr } from './option-checks.js';
import type { AuthRequest } from './request.js';
import { callHarmlessly, type Runtime } from './runtime.js';

/**
 * Is called for each rejected request, for the app's own log and metrics: `error.kind`, `error.status` and `error.reason`
 * say why. It decides nothing: what it returns, throws or rejects with is ignored. `request` is the framework's own.
 *
 * @example
 * onRefused: (error, request) => log.info({ kind: error.kind, reason: error.reason, url: request.url }),
 */
export type OnRefused = (error: AuthError, request: AuthRequest) => unknown;

/** Passes a rejection to those who watch. Never throws. */
export type ReportRefusal = (error: unknown, request: AuthRequest) => void;

/** How many lines are written in a minute; a flood of rejections must not become a flood of lines. */
const linesPerMinute = 60;
const minute = 60_000;
const longestPath = 200;

/** Text for one line of a log: printable ASCII, and not endless. */
function printable(text: unknown): string {
  return String(text)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, longestPath);
}

/** The path without its query, which may hold a token. Express has changed `url` under a mounted router. */
function pathOf(request: AuthRequest & { readonly originalUrl?: unknown }): string {
  const url = request.originalUrl ?? request.url;
  return typeof url === 'string' ? printable(url.replace(/[?#][^]*$/, '')) : 'a connection';
}

function lineOf({ status, kind, reason }: AuthError, request: AuthRequest): string {
  const { method = '' } = request;
  const what = `rejected with ${String(status)} ${kind} (${printable(reason)})`;
  return `${what}: ${printable(method)} ${pathOf(request)}`.replace(':  ', ': ');
}

/** Writes a line for each rejection, at most so many in a minute, and then how many it left out. */
function refusalLog({ logger, now }: Runtime): (error: AuthError, request: AuthRequest) => void {
  let since = -Infinity;
  let lines = 0;
  return (error, request) => {
    const time = now();
    if (time - since >= minute || time < since) {
      const leftOut = lines - linesPerMinute;
      if (leftOut > 0) logger.warn(`rejected: ${String(leftOut)} more that are not in this log`);
      since = time;
      lines = 0;
    }
    lines += 1;
    if (lines <= linesPerMinute) logger.warn(lineOf(error, request));
  };
}

/** Reads `onRefused`; the switch for the log is read already. Undefined if nothing watches. Throws a ConfigError. */
export function parseOnRefused(
  onRefused: OnRefused | undefined,
  logRefusals: boolean,
  runtime: Runtime,
): ReportRefusal | undefined {
  if (onRefused === undefined && !logRefusals) return undefined;
  const own = functionOr<OnRefused>(onRefused, 'onRefused', () => undefined);
  const log = logRefusals ? refusalLog(runtime) : () => undefined;
  return (error, request) => {
    if (!isAuthError(error)) return; // an error of the app is the framework's to report
    callHarmlessly(() => log(error, request));
    callHarmlessly(() => own(error, request));
  };
}

/** Runs something, and passes what it throws or rejects with to `report` on its way. */
export function reported<Value>(
  run: () => MaybePromise<Value>,
  report: (error: unknown) => void,
): MaybePromise<Value> {
  const refused = (error: unknown): never => {
    report(error);
    throw error;
  };
  let value;
  try {
    value = run();
  } catch (error) {
    return refused(error);
  }
  return isPromise(value) ? value.then((later) => later, refused) : value;
}
