import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface Rejection {
  readonly status: number;
  readonly error: string;
}

const loopbackAddress = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i;
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
/** Headers that a proxy adds: the client is another one than the socket's. */
const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * Whether a request may be answered: it comes from this machine, without a proxy, and no web page of another origin made
 * it. Undefined if it may.
 */
export function rejectionOf({ method, headers, socket }: IncomingMessage): Rejection | undefined {
  if (!loopbackAddress.test(socket.remoteAddress ?? ''))
    return forbidden('The inspector answers clients on its own machine only.');
  if (proxyHeaders.some((name) => headers[name] !== undefined))
    return forbidden('The inspector does not answer through a proxy; open it at its own address.');
  // DNS rebinding: a web page whose host name resolves to this machine is of another origin.
  const host = headers.host ?? '';
  if (!loopbackHost.test(host)) return forbidden('Open the inspector at localhost or 127.0.0.1.');
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return { status: 405, error: 'Only GET, HEAD and POST are allowed.' };

  const origin = headers.origin?.toLowerCase();
  const own = [`http://${host}`, `https://${host}`].map((address) => address.toLowerCase());
  const site = headers['sec-fetch-site'];
  if (origin === undefined || !own.includes(origin) || (site ?? 'same-origin') !== 'same-origin')
    return forbidden('Only the page of the inspector may call its server.');
  if (!/^application\/json(?:;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, error: 'The body must be application/json.' };
  return undefined;
}

function forbidden(error: string): Rejection {
  return { status: 403, error };
}
