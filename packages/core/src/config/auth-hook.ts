import { count, flag, httpUrl, oneOf, recordOf, stringList } from './check.js';

/** An auth webhook, parsed at start. */
export interface HookConfig {
  readonly url: string;
  readonly mode: 'GET' | 'POST';
  readonly sendRequestBody: boolean;
  readonly timeoutMs: number;
  readonly cache: HookCacheConfig | undefined;
}

/** Which request headers decide the hook's answer, in lower case, and how many answers are kept. */
export interface HookCacheConfig {
  readonly headers: readonly string[];
  readonly maxEntries: number;
}

const members = ['url', 'mode', 'sendRequestBody', 'timeoutMs', 'cache'];
const cacheMembers = ['headers', 'maxEntries'];

function parseCache(value: unknown, option: string): HookCacheConfig | undefined {
  if (value === undefined) return undefined;
  const cache = recordOf(value, cacheMembers, option);
  const headers = stringList(cache['headers'], `${option}.headers`);
  return {
    headers: headers.map((name) => name.toLowerCase()),
    maxEntries: count(cache['maxEntries'], `${option}.maxEntries`, 1000, { least: 1 }),
  };
}

/** Reads `authHook`: its url, or an object. */
export function parseHook(value: unknown, option: string): HookConfig {
  const hook = recordOf(typeof value === 'string' ? { url: value } : value, members, option);
  return {
    url: httpUrl(hook['url'], `${option}.url`),
    mode: oneOf(hook['mode'], ['GET', 'POST'], `${option}.mode`, 'GET'),
    sendRequestBody: flag(hook['sendRequestBody'], `${option}.sendRequestBody`, true),
    timeoutMs: count(hook['timeoutMs'], `${option}.timeoutMs`, 10_000, { least: 1 }),
    cache: parseCache(hook['cache'], `${option}.cache`),
  };
}
