import { ConfigError } from '../errors.js';
import { isForwarded } from '../hook/forwarded-headers.js';
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

function parseCache(
  value: unknown,
  mode: HookConfig['mode'],
  option: string,
): HookCacheConfig | undefined {
  if (value === undefined) return undefined;
  const cache = recordOf(value, cacheMembers, option);
  const listed = stringList(cache['headers'], `${option}.headers`);
  const headers = listed.map((name) => name.toLowerCase());
  const unseen = mode === 'GET' ? headers.findIndex((name) => !isForwarded(name)) : -1;
  if (unseen !== -1)
    throw new ConfigError(
      `${option}.headers[${String(unseen)}]`,
      'a GET hook is never sent this header, so it cannot decide; leave it out, or use mode: "POST"',
    );
  return {
    headers,
    maxEntries: count(cache['maxEntries'], `${option}.maxEntries`, 1000, { least: 1 }),
  };
}

/** `fetch` takes no address with a name and password in it, and a GET hook's `Authorization` is the client's own. */
function hookUrl(value: unknown, option: string): string {
  const url = httpUrl(value, option);
  const { username, password } = new URL(url);
  if (username === '' && password === '') return url;
  throw new ConfigError(
    option,
    'expected an address without a user name and password; let the network, or a secret in its path, protect the hook',
  );
}

/** Reads `authHook`: its url, or an object. */
export function parseHook(value: unknown, option: string): HookConfig {
  const hook = recordOf(typeof value === 'string' ? { url: value } : value, members, option);
  const mode = oneOf(hook['mode'], ['GET', 'POST'], `${option}.mode`, 'GET');
  return {
    url: hookUrl(hook['url'], `${option}.url`),
    mode,
    sendRequestBody: flag(hook['sendRequestBody'], `${option}.sendRequestBody`, true),
    timeoutMs: count(hook['timeoutMs'], `${option}.timeoutMs`, 10_000, { least: 1 }),
    cache: parseCache(hook['cache'], mode, `${option}.cache`),
  };
}
