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
