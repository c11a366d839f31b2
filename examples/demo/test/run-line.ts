import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { CurlLine, HeaderPart } from '../src/curl-lines.js';
import { gistOfBody } from './gist-of-body.js';

/** The tests that run commands in a shell need curl. */
export const hasCurl: boolean = spawnSync('curl', ['--version']).status === 0;

/** Runs a printed command in a shell, and returns the response in the format of the printout. */
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

/** Sends the same request without a shell, and returns the response in the same format. */
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
        return (await fetch(`${issuer}/tokens?${part.query}`)).text();
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
