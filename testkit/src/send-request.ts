import { request } from 'node:http';

/** A request as it is put on the wire: nothing is added but `Host` and the length of the body. */
export interface SentRequest {
  readonly method?: string;
  /** Path and query. Default `/`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface ReceivedAnswer {
  readonly status: number;
  /** Names in lower case; several values of one name are joined, but for `set-cookie`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Sends a request with any headers at all, which `fetch` would not. */
export function sendRequest(
  url: string,
  { method = 'GET', path = '/', headers = {}, body }: SentRequest,
): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(new URL(path, url), { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { 'set-cookie': cookies = [], ...others } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(others).map(([name, value]) => [name, value?.toString()]),
          ),
          cookies,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sending.once('error', reject);
    for (const [name, value] of Object.entries(headers))
      sending.setHeader(name, typeof value === 'string' ? value : [...value]);
    sending.end(body);
  });
}
