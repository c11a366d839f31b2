import { URL } from 'node:url';
import { ConfigError } from '../errors.js';
import { isRecord } from '../json.js';
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

/**
 * Where the responses of an auth webhook are shared between processes. What it is given is secret: a key contains what the
 * client has sent, and a value is a session. A store must keep neither of them as it is.
 */
export interface HookAnswerStore {
  /** The value of a key; undefined if there is none. What it rejects with is ignored: the webhook is then called. */
  get(key: string): Promise<string | undefined>;
  /**
   * Keeps a value for so many milliseconds, which fit a timer of Node, and ends the lock of its key. A store that has no room
   * rejects, and ends the lock all the same.
   */
  set(key: string, value: string, ms: number): Promise<void>;
  /** Whether the caller may call the webhook for a key: true for one caller, until `set`, or for so many milliseconds. */
  lock(key: string, ms: number): Promise<boolean>;
}

/** An auth webhook, which is called for each request without an admin secret. An unknown member is a ConfigError. */
export interface AuthHook {
  /**
   * The webhook's address, http or https, without a user name and password. Logs contain its origin only. Any other
   * address is a ConfigError. Engine: `--auth-hook`. Env: `HASURA_GRAPHQL_AUTH_HOOK`.
   */
  readonly url: string;
  /**
   * Whether the client's headers are sent as headers (`GET`) or in a JSON body (`POST`). Default `GET`. Engine:
   * `--auth-hook-mode`. Env: `HASURA_GRAPHQL_AUTH_HOOK_MODE`.
   */
  readonly mode?: 'GET' | 'POST' | undefined;
  /**
   * Whether the body of a POST hook includes the GraphQL request, which a body parser must have read before. Default true;
   * ignored in GET mode. Engine: `--auth-hook-send-request-body`. Env: `HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY`.
   */
  readonly sendRequestBody?: boolean | undefined;
  /**
   * How long a call may take, from the request to the end of the response, in milliseconds; at least 1. Default 10 000. Not
   * in Hasura.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How many calls may be in progress at once, at least 1; further requests are refused with 503. Default 1000. Not in
   * Hasura.
   */
  readonly maxConcurrent?: number | undefined;
  /**
   * Keeps responses for as long as the webhook's own `Cache-Control` or `Expires` members say, and makes one call for equal
   * requests at the same time; not longer than `revocations.maxTokenLifetimeMs`. Default: nothing is kept or shared. Not in
   * Hasura.
   */
  readonly cache?:
    | {
        /**
         * Every request header that can change the webhook's response, in any case. Only these are sent to the webhook. At
         * least one; in GET mode, a header that is never sent to the webhook is a ConfigError.
         */
        readonly headers: readonly string[];
        /** How many responses are kept, at least 1. Default 1000. Together they take about 32 MiB at most. */
        readonly maxEntries?: number | undefined;
        /**
         * Where responses are shared between processes, such as `redisHookAnswers()` of `@hasura-auth/redis`. Default: each
         * process keeps its own.
         */
        readonly shared?: HookAnswerStore | undefined;
      }
    | undefined;
}

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

/** Which request headers decide the hook's response, in lower case, and where responses are kept. */
export interface HookCacheConfig {
  readonly headers: readonly string[];
  readonly maxEntries: number;
  /** Where responses are shared between processes. */
  readonly shared: HookAnswerStore | undefined;
}

const members = ['url', 'mode', 'sendRequestBody', 'timeoutMs', 'maxConcurrent', 'cache'];
const cacheMembers = ['headers', 'maxEntries', 'shared'];

function parseShared(value: unknown, option: string): HookAnswerStore | undefined {
  if (value === undefined) return undefined;
  if (isRecord(value) && ['get', 'set', 'lock'].every((name) => typeof value[name] === 'function'))
    return value as unknown as HookAnswerStore; // what its functions return is checked when they are called
  throw new ConfigError(option, 'expected an object with the functions get, set and lock');
}

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
    shared: parseShared(cache['shared'], `${option}.shared`),
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
