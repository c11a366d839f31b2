import type { IncomingMessage, ServerResponse } from 'node:http';

/** A response of the inspector. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is not answered as it asked; the message is one sentence for the page. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** How large a request may be, in bytes: the largest header block of Node's is 16 KiB, and configurations are far smaller. */
const mostBytes = 262_144;

const protection: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:", // the stylesheet's own icons
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** A response of JSON. */
export function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** Sends a response with the headers that protect the page. */
export function send(res: ServerResponse, { status, type, body, headers }: Reply): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    ...protection,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...(status === 405 && { Allow: 'GET, HEAD, POST' }),
    ...headers,
  });
  res.end(res.req.method === 'HEAD' ? undefined : body);
}

/** The JSON object that a request sent; a body parser before the inspector may have read it already. */
export async function bodyOf(
  req: IncomingMessage & { readonly body?: unknown },
): Promise<Readonly<Record<string, unknown>>> {
  const value = isRecord(req.body) ? req.body : parsed(await textOf(req));
  if (!isRecord(value)) throw new RequestError(400, 'The body must be a JSON object.');
  return value;
}

async function textOf(req: IncomingMessage): Promise<string> {
  if (req.readableEnded || req.destroyed)
    throw new RequestError(
      500,
      'Another middleware has read the body; mount the inspector before body parsers.',
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes)
      throw new RequestError(413, 'The text is too large; at most 256 KiB are read.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a parser's message quotes its input
  }
}

/** Whether a value is an object that is not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
