import { URL } from 'node:url';
import { ConfigError } from '../errors.js';
import { count, flag, httpUrl, oneOf, recordOf, stringList } from '../option-checks.js';

/** What the engine keeps back from a GET hook: these describe the client's own exchange, not who the client is. */
const aboutTheExchange = [
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
 * What belongs to one connection (RFC 9110, section 7.6.1; `expect` and the two for proxies go no further either). The
 * names that a client lists in its own `Connection` header are forwarded all the same: otherwise it could take away what
 * a gateway has put beside its request.
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

const keptBack: ReadonlySet<string> = new Set([...aboutTheExchange, ...hopByHop]);

/** Whether a GET hook is sent a header of the client, by its name in lower case. */
export function isForwarded(lowerCaseName: string): boolean {
  return !keptBack.has(lowerCaseName);
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** RFC 9110, section 5.5: visible characters, spaces, tabs and bytes beyond ASCII. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Whether HTTP can carry a header. What came over HTTP it can; what came in a WebSocket's first message need not be so,
 * and is then as if the client had not sent it.
 */
export function isCarried(name: string, value: string): boolean {
  return fieldValue.test(value) && token.test(name);
}

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
