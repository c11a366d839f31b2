import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { InspectorHandler } from '@hasura-auth/inspector';
import type { CurlLine } from './curl-lines.js';
import { filledIn } from './shell.js';
import type { TokenSigner } from './token-signer.js';
import { readTokenWish } from './token-wish.js';

/** What the pages show and sign. */
export interface PagesContext {
  readonly signer: TokenSigner | string;
  readonly inspector: InspectorHandler;
  /** The printed commands. */
  readonly lines: readonly CurlLine[];
  /** The URL of the API that the commands call. */
  readonly api: string;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

/** The inspector, the tokens for the printed commands, and a link to the explanation of each. It signs for every client. */
export function pages(context: PagesContext): RequestListener {
  return function pages(req, res) {
    answer(req, res, context).then(
      (reply) => {
        if (reply !== undefined) send(res, reply);
      },
      () => {
        send(res, { status: 500, body: 'The token could not be signed.\n' });
      },
    );
  };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  { signer, inspector, lines, api }: PagesContext,
): Promise<Reply | undefined> {
  // DNS rebinding: a web page whose host name resolves to this machine must not get a token.
  const host = req.headers.host ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host))
    return { status: 403, body: 'Open this page at 127.0.0.1 or localhost.\n' };

  const { pathname, searchParams } = new URL(`http://${host}${req.url ?? '/'}`);
  if (pathname === '/') return redirect('/inspector/');
  if (pathname === '/tokens') return token(searchParams, signer);
  const line = lines[Number(/^\/explain\/(\d{1,3})$/.exec(pathname)?.[1])];
  if (line !== undefined) {
    const request = await filledIn(line, api, signer);
    return redirect(`/inspector/#${new URLSearchParams({ request }).toString()}`);
  }
  inspector(req, res); // answers all other paths, with a 404 if they are not its own
  return undefined;
}

function redirect(location: string): Reply {
  return { status: 302, body: '', location };
}

async function token(query: URLSearchParams, signer: TokenSigner | string): Promise<Reply> {
  if (typeof signer === 'string')
    return {
      status: 501,
      body: `The demo cannot sign a token for your configuration: ${signer}.\n`,
    };
  const wish = readTokenWish(query);
  if (typeof wish === 'string') return { status: 400, body: `${wish}\n` };
  return { status: 200, body: await signer.token(wish) };
}

function send(res: ServerResponse, { status, body, location }: Reply): void {
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(location !== undefined && { Location: location }),
  });
  res.end(body);
}
