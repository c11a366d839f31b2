import { URL } from 'node:url';
import { ConfigError } from '../errors.js';
import {
  count,
  flag,
  httpUrl,
  isPlainHttpElsewhere,
  oneOf,
  recordOf,
  stringList,
  type Warn,
} from '../option-checks.js';

/** What the engine does not send to a GET hook: headers that describe the client's own transfer, not the client. */
const aboutTheTransfer = [
  'content-length',
  'content-md5',
  'user-agent',
  'host',
  'origin',
  'referer',
  'accept',
  'accept-encoding',
  'accept-language',
  'accept-datetime',
  'cache-control',
  'connection',
  'dnt',
  'content-type',
];

/**
 * Headers of a single connection (RFC 9110, section 7.6.1; `expect` and the two for proxies go no further either). Headers
 * that a client names in its own `Connection` header are forwarded all the same: otherwise a client could remove what a
 * gateway has added to its request.
 */
const hopByHop = [
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const notForwarded: ReadonlySet<string> = new Set([...aboutTheTransfer, ...hopByHop]);

/** Whether a GET hook is sent a header of the client, by its name in lower case. */
export function isForwarded(lowerCaseName: string): boolean {
  return !notForwarded.has(lowerCaseName);
}

/** An auth webhook, parsed at start. */
export interface HookConfig {
  readonly url: string;
  readonly mode: 'GET' | 'POST';
  readonly sendRequestBody: boolean;
  readonly timeoutMs: number;
  /** How many calls may be in progress at once. */
  readonly maxConcurrent: number;
  readonly cache: HookCacheConfig | undefined;
}

/** Which request headers decide the hook's response, in lower case, and how many responses are kept. */
export interface HookCacheConfig {
  readonly headers: readonly string[];
  readonly maxEntries: number;
}

const members = ['url', 'mode', 'sendRequestBody', 'timeoutMs', 'maxConcurrent', 'cache'];
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
  const unsent = mode === 'GET' ? headers.findIndex((name) => !isForwarded(name)) : -1;
  if (unsent !== -1)
    throw new ConfigError(
      `${option}.headers[${String(unsent)}]`,
      'a GET hook is never sent this header, so it cannot decide; leave it out, or use mode: "POST"',
    );
  return {
    headers,
    maxEntries: count(cache['maxEntries'], `${option}.maxEntries`, 1000, { least: 1 }),
  };
}

/** `fetch` takes no URL with a name and password in it, and a GET hook's `Authorization` is the client's own. */
function hookUrl(value: unknown, option: string, warn: Warn): string {
  const url = httpUrl(value, option);
  const { username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new ConfigError(
      option,
      'expected a URL without a user name and password; let the network, or a secret in its path, protect the hook',
    );
  if (isPlainHttpElsewhere(url))
    warn(
      option,
      'an attacker on the network can read the credentials of clients, and respond in place of a hook that is called over plain http; use https',
    );
  return url;
}

/** Reads `authHook`: its URL, or an object. Throws a ConfigError. */
export function parseHook(value: unknown, option: string, warn: Warn): HookConfig {
  const hook = recordOf(typeof value === 'string' ? { url: value } : value, members, option);
  const mode = oneOf(hook['mode'], ['GET', 'POST'], `${option}.mode`, 'GET');
  const atLeastOne = { least: 1 };
  return {
    url: hookUrl(hook['url'], `${option}.url`, warn),
    mode,
    sendRequestBody: flag(hook['sendRequestBody'], `${option}.sendRequestBody`, true),
    timeoutMs: count(hook['timeoutMs'], `${option}.timeoutMs`, 10_000, atLeastOne),
    maxConcurrent: count(hook['maxConcurrent'], `${option}.maxConcurrent`, 1000, atLeastOne),
    cache: parseCache(hook['cache'], mode, `${option}.cache`),
  };
}
