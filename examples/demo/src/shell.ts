import type { CurlLine, Header, HeaderPart } from './curl-lines.js';
import type { TokenSigner } from './token-signer.js';
import { readTokenWish } from './token-wish.js';

/** The curl command for a POSIX shell. */
export function curlCommand(
  { path, headers, body }: CurlLine,
  api: string,
  issuer: string,
): string {
  return [
    `curl -iw '\\n' ${api}${path}`,
    ...headers.map((header) => `-H ${headerArgument(header, issuer)}`),
    ...(body === undefined ? [] : [`-d '${body}'`]),
  ].join(' ');
}

function headerArgument([name, ...value]: Header, issuer: string): string {
  const parts: readonly HeaderPart[] = [{ kind: 'text', value: `${name}: ` }, ...value];
  return `"${parts.map((part) => written(part, issuer)).join('')}"`;
}

function written(part: HeaderPart, issuer: string): string {
  switch (part.kind) {
    case 'text':
      return part.value.replace(/[\\"$`]/g, '\\$&');
    case 'shell':
      return part.value;
    case 'token':
      return `$(curl -s '${issuer}/tokens?${part.query}')`;
  }
}

/** The curl command with a new token in it, as a shell would run it; without the headers that only the shell knows. */
export async function filledIn(
  { path, headers, body }: CurlLine,
  api: string,
  signer: TokenSigner | string,
): Promise<string> {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const known = headers.filter(([, ...parts]) => parts.every(({ kind }) => kind !== 'shell'));
  const values = await Promise.all(
    known.map(async ([name, ...parts]) => {
      const texts = await Promise.all(parts.map((part) => filled(part, signer)));
      return `-H ${quoted(`${name}: ${texts.join('')}`)}`;
    }),
  );
  const data = body === undefined ? [] : [`-d ${quoted(body)}`];
  return ['curl', quoted(api + path), ...values, ...data].join(' ');
}

async function filled(
  { kind, ...part }: HeaderPart,
  signer: TokenSigner | string,
): Promise<string> {
  if (!('query' in part)) return part.value;
  const wish = readTokenWish(new URLSearchParams(part.query));
  if (typeof wish === 'string' || typeof signer === 'string')
    throw new Error(`a ${kind} in a printed command cannot be made`);
  return signer.token(wish);
}
