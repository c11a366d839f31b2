import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { CurlLine, HeaderPart } from '../src/curl-lines.js';
import { gistOfBody } from './gist-of-body.js';

/** A line runs in a shell only where there is a curl. */
export const hasCurl: boolean = spawnSync('curl', ['--version']).status === 0;

/** Runs a printed line as if it were pasted, and says what came in the words of its arrow. */
export async function pasted(
  command: string,
  { answer }: CurlLine,
  env: Record<string, string>,
): Promise<string> {
  const { PATH = '' } = process.env;
  const shell = promisify(execFile)('sh', ['-c', command], { env: { PATH, ...env } });
  const { stdout } = await shell;
  const [, status = '', body = ''] = /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n([^]*)$/.exec(stdout) ?? [];
  return `${status}, ${gistOfBody(answer.kind, JSON.parse(body))}`;
}

/** Sends the same line, as data, without a shell. */
export async function fetched(
  { path, headers, body, answer }: CurlLine,
  api: string,
  issuer: string,
  shellWord: string,
): Promise<string> {
  const value = async (part: HeaderPart): Promise<string> => {
    switch (part.kind) {
      case 'text':
        return part.value;
      case 'shell':
        return shellWord;
      case 'token':
        return (await fetch(`${issuer}/token?${part.query}`)).text();
    }
  };
  const init = { headers: new Headers() };
  for (const [name, ...parts] of headers)
    init.headers.set(name, (await Promise.all(parts.map(value))).join(''));
  const response = await fetch(
    api + path,
    body === undefined ? init : { ...init, method: 'POST', body },
  );
  return `${String(response.status)}, ${gistOfBody(answer.kind, await response.json())}`;
}
