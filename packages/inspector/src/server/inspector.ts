import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigError, type Authenticator, type AuthOptions } from '@hasura-auth/core';
import { recordOf } from '@hasura-auth/core/adapter';
import { pageFiles, type PageFile } from '../page-files.js';
import { rejectionOf } from './admission.js';
import { createApi, failureOf, type Api } from './api.js';
import { bodyOf, json, RequestError, send, type Reply } from './exchange.js';
import { createExplainer } from './explaining.js';
import type { DevelopmentIssuer } from './issuer.js';
import { refuseProduction } from './production.js';

/** What the inspector explains requests by, and where it is; all of it has a default. */
export interface InspectorOptions {
  /**
   * The app's authenticator, such as `hasuraAuth(…).authenticator`, whose decisions are explained unless another
   * configuration is pasted. Default: one made of `options`.
   */
  readonly authenticator?: Authenticator | undefined;
  /**
   * The app's options. With them the page can show what edited claims would give, which needs another key. Default: the
   * configuration of `issuer`; without both, a configuration has to be pasted. A mistake is reported on the page.
   */
  readonly options?: AuthOptions | undefined;
  /** An issuer of development tokens. Default: none, and the page makes no tokens. */
  readonly issuer?: DevelopmentIssuer | undefined;
  /** The path of the page. Default `/inspector`. Anything but a path that begins with a slash is a ConfigError. */
  readonly path?: string | undefined;
}

/** A handler for Node's `http`, for Express, and, with a line around it, for Koa and Fastify. */
export interface InspectorHandler {
  /**
   * Answers a request for the inspector. Any other one is passed on to `next`; without `next` it gets a 404. Returns
   * whether the request was for the inspector. Never throws.
   */
  (
    req: IncomingMessage & { readonly body?: unknown },
    res: ServerResponse,
    next?: () => void,
  ): boolean;
}

/**
 * A page that explains why a request is accepted or rejected: paste a token, headers or a curl command. It answers
 * clients on its own machine only, and keeps and logs nothing of what they paste. For development: with
 * `NODE_ENV=production` it throws a ConfigError.
 *
 * @example
 * const auth = hasuraAuth(options);
 * if (process.env.NODE_ENV !== 'production')
 *   app.use(inspector({ authenticator: auth.authenticator }));
 * app.use(auth);
 */
export function inspector(options: InspectorOptions = {}): InspectorHandler {
  refuseProduction();
  recordOf(options, ['authenticator', 'issuer', 'options', 'path'], 'options');
  const { authenticator, issuer } = options;
  const path = pathOf(options.path);
  const files = pageFiles();
  const api = createApi(createExplainer(authenticator, options.options, issuer), issuer);
  return (req, res, next) => {
    const asked = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (asked !== path && !asked.startsWith(`${path}/`)) {
      if (next === undefined) send(res, json(404, { error: `The inspector is at ${path}/.` }));
      else next();
      return false;
    }
    reply(req, asked.slice(path.length), path, files, api)
      .catch(failureOf)
      .then((answer) => {
        send(res, answer);
      })
      .catch(() => res.destroy()); // the client went away, or another handler has begun a response
    return true;
  };
}

async function reply(
  req: IncomingMessage & { readonly body?: unknown },
  rest: string,
  path: string,
  files: ReadonlyMap<string, PageFile>,
  api: Api,
): Promise<Reply> {
  const rejection = rejectionOf(req);
  if (rejection !== undefined) throw new RequestError(rejection.status, rejection.error);
  if (req.method === 'POST') {
    const call = rest.startsWith('/api/') ? api.get(rest.slice('/api/'.length)) : undefined;
    if (call === undefined) throw new RequestError(404, 'The inspector has nothing at this path.');
    return json(200, await call(await bodyOf(req)));
  }
  if (rest === '') return redirect(path);
  const file = files.get(rest.slice(1));
  if (file === undefined) throw new RequestError(404, 'The inspector has nothing at this path.');
  return { status: 200, ...file };
}

/** The page's own addresses are relative, so that an app may mount it below any path: they need the slash. */
function redirect(path: string): Reply {
  const location = `${path.slice(path.lastIndexOf('/') + 1)}/`;
  return { status: 308, type: 'text/plain', body: '', headers: { Location: location } };
}

function pathOf(path: unknown): string {
  if (path === undefined) return '/inspector';
  if (typeof path === 'string' && /^\/(?:[\w.~-]+\/?)*$/.test(path)) return path.replace(/\/$/, '');
  throw new ConfigError('path', 'expected a path that begins with a slash, such as /inspector');
}
