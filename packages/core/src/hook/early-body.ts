import type { HookConfig } from '../config/auth-hook.js';
import type { Logger } from '../config/options.js';
import type { RequestView } from '../request.js';

const json = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** Whether a request announces a JSON body that nobody has parsed yet. */
function isUnparsed(request: RequestView): boolean {
  const { method, body } = request.source;
  return (
    body === undefined &&
    method !== 'GET' && // whose body is not looked at
    method !== 'HEAD' &&
    (request.header('transfer-encoding') !== undefined ||
      Number(request.header('content-length')) > 0) &&
    json.test(request.header('content-type') ?? '')
  );
}

/** Warns once where a hook that wants the GraphQL request is asked before any body parser ran. */
export function warnOfEarlyBody(
  { mode, sendRequestBody }: HookConfig,
  logger: Logger,
): (request: RequestView) => void {
  let isWatching = mode === 'POST' && sendRequestBody;
  return (request) => {
    if (!isWatching || !isUnparsed(request)) return;
    isWatching = false;
    logger.warn(
      'authHook: a request with a JSON body came here before any body parser had read it, so the hook is told "request": null; put the parser before hasuraAuth, or set authHook.sendRequestBody to false',
    );
  };
}
