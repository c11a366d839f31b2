import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { page } from './page.js';
import type { TokenSigner } from './token-signer.js';
import { readTokenWish } from './token-wish.js';

const text = 'text/plain; charset=utf-8';

/** The development issuer. It signs any claims for any client, so it must not be reachable from other machines. */
export function issuer(signer: TokenSigner | string, api: string): RequestListener {
  return function issuer(req, res) {
    answer(req, signer, api).then(
      (reply) => {
        send(res, reply);
      },
      () => {
        send(res, { status: 500, type: text, body: 'The token could not be signed.\n' });
      },
    );
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(
  req: IncomingMessage,
  signer: TokenSigner | string,
  api: string,
): Promise<Reply> {
  // DNS rebinding: a web page whose host name resolves to this machine must not get a token.
  const host = req.headers.host ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host))
    return { status: 403, type: text, body: 'Open this page at 127.0.0.1 or localhost.\n' };
  if (req.method !== 'GET') return { status: 405, type: text, body: 'Only GET is allowed.\n' };

  const url = new URL(`http://${host}${req.url ?? '/'}`);
  switch (url.pathname) {
    case '/':
      return { status: 200, type: 'text/html; charset=utf-8', body: page(signer, api) };
    case '/.well-known/jwks.json': {
      const keys = typeof signer === 'string' ? [] : signer.keys;
      return { status: 200, type: 'application/json', body: JSON.stringify({ keys }) };
    }
    case '/token':
      return token(url.searchParams, signer);
    default:
      return {
        status: 404,
        type: text,
        body: 'Not found. The paths are /, /token and /.well-known/jwks.json.\n',
      };
  }
}

async function token(query: URLSearchParams, signer: TokenSigner | string): Promise<Reply> {
  if (typeof signer === 'string')
    return {
      status: 501,
      type: text,
      body: `The demo cannot sign a token for your configuration: ${signer}.\n`,
    };
  const wish = readTokenWish(query);
  if (typeof wish === 'string') return { status: 400, type: text, body: `${wish}\n` };
  return { status: 200, type: text, body: await signer.sign(wish) };
}

function send(res: ServerResponse, { status, type, body }: Reply): void {
  res.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // The page creates tokens, so no other page may embed it.
    'Content-Security-Policy': "frame-ancestors 'none'",
  });
  res.end(body);
}
