import type { CurlLine, Header, HeaderPart } from './curl-lines.js';

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
      return `$(curl -s '${issuer}/token?${part.query}')`;
  }
}
