import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { delay, type EndpointBehaviour } from '../endpoint-behaviour.js';
import { goneSignal } from '../loopback-server.js';

/** A request to the issuer that has passed the checks of its host, origin and size. */
export interface IssuerRequest {
  readonly method: 'GET' | 'POST';
  readonly query: URLSearchParams;
  /** The fields of a posted form; empty for GET. */
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
  /** Whether a browser asks for a page. */
  readonly wantsPage: boolean;
}

/** A response of the issuer. */
export interface IssuerReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What answers at one path. */
export interface Endpoint {
  readonly methods: readonly ('GET' | 'POST')[];
  /** Whether outages and slowness apply to it. */
  readonly fails: boolean;
  answer(request: IssuerRequest): IssuerReply | Promise<IssuerReply>;
}

export interface Endpoints {
  /** The endpoints by path. */
  readonly paths: ReadonlyMap<string, Endpoint>;
  readonly behaviour: () => EndpointBehaviour;
  /** Answers requests for all other paths. */
  readonly otherwise: RequestListener | undefined;
}

const mostBodyBytes = 16_384;
const plain = { 'content-type': 'text/plain; charset=utf-8' };

/** A JSON response that no cache keeps. */
export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): IssuerReply {
  const type = { 'content-type': 'application/json' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** A response of one sentence. */
export function sentence(status: number, text: string): IssuerReply {
  return { status, headers: plain, body: `${text}\n` };
}

const isLoopbackName = (name: string): boolean => name === '127.0.0.1' || name === 'localhost';

/** An absolute http or https URL whose host is this machine; undefined for everything else. */
export function loopbackUrl(text: string): URL | undefined {
  if (text.length > 2000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && isLoopbackName(url.hostname) ? url : undefined;
}

/**
 * Why a request must not be answered. A web page that the developer visits can send requests to this machine: under a
 * host name of its own that resolves to 127.0.0.1 (DNS rebinding), or across origins. A browser names both in headers.
 */
function refusal({ host, origin }: IncomingMessage['headers']): IssuerReply | undefined {
  if (!isLoopbackName((host ?? '').replace(/:\d{1,5}$/, '')))
    return sentence(403, 'The development issuer answers at 127.0.0.1 and localhost only.');
  if (origin !== undefined && loopbackUrl(origin) === undefined)
    return sentence(403, 'The development issuer answers pages of this machine only.');
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // a request that is destroyed takes the connection with it, and with it the response
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>; // no encoding is set
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | IssuerReply> {
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  if (!/^application\/x-www-form-urlencoded *(?:;|$)/i.test(type))
    return sentence(415, 'Send application/x-www-form-urlencoded.');
  const body = await readBody(request);
  return body === undefined
    ? sentence(413, `Send at most ${String(mostBodyBytes)} bytes.`)
    : new URLSearchParams(body);
}

function send(response: ServerResponse, { status, headers, body }: IssuerReply): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // not `no-referrer`: with it, a browser would post the login form with `Origin: null`
    'referrer-policy': 'same-origin',
    ...headers,
  });
  response.end(body);
}

/** Lets pages of this machine's other ports read responses, as an app in a browser needs it. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers; // of this machine, or it would have been refused
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
}

const preflight: IssuerReply = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'Authorization, Content-Type',
  },
  body: '',
};

async function answer(
  request: IncomingMessage,
  endpoint: Endpoint,
  url: URL,
  behaviour: EndpointBehaviour,
  gone: AbortSignal,
): Promise<IssuerReply> {
  if (request.method === 'OPTIONS') return preflight;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== 'GET' && method !== 'POST') return sentence(405, 'Send GET or POST.');
  if (!endpoint.methods.includes(method))
    return sentence(405, `Send ${endpoint.methods.join(' or ')}.`);
  if (endpoint.fails && behaviour.kind === 'slow') await delay(behaviour.ms, gone);
  if (endpoint.fails && behaviour.kind === 'outage')
    return sentence(503, 'The development issuer plays an outage.');
  const form = method === 'POST' ? await readForm(request) : new URLSearchParams();
  if (!(form instanceof URLSearchParams)) return form;
  const { authorization, accept = '' } = request.headers;
  const wantsPage = accept.includes('text/html');
  return endpoint.answer({ method, query: url.searchParams, form, authorization, wantsPage });
}

/** Leaves a request to the other listener, whose errors end only this response. */
function pass(
  otherwise: RequestListener | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  paths: readonly string[],
): void {
  if (otherwise === undefined) {
    send(response, sentence(404, `Not found. The paths are ${paths.join(', ')}.`));
    return;
  }
  try {
    otherwise(request, response);
  } catch {
    response.destroy();
  }
}

/** The issuer as a listener for requests. It answers whatever is sent, and throws nothing. */
export function listener({ paths, behaviour, otherwise }: Endpoints): RequestListener {
  return (request, response) => {
    const refused = refusal(request.headers);
    const path = request.url ?? '/';
    const target = `http://127.0.0.1${path}`;
    if (refused !== undefined || !path.startsWith('/') || !URL.canParse(target)) {
      send(response, refused ?? sentence(400, 'The address cannot be read.'));
      return;
    }
    const url = new URL(target);
    const endpoint = paths.get(url.pathname);
    if (endpoint === undefined) {
      pass(otherwise, request, response, [...paths.keys()]);
      return;
    }
    allowOrigin(request, response);
    const gone = goneSignal(response);
    answer(request, endpoint, url, behaviour(), gone)
      .catch(() => sentence(500, 'The development issuer has failed.'))
      .then(
        (reply) => {
          if (gone.aborted) return;
          // the rest of a body that was too large is not read
          if (reply.status === 413) response.setHeader('connection', 'close');
          send(response, reply);
        },
        () => response.destroy(), // the response cannot be sent
      );
  };
}
