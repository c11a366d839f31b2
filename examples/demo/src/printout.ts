import { gist } from './answer.js';
import type { Configuration } from './configuration.js';
import { curlLines } from './curl-lines.js';
import { curlCommand } from './shell.js';

/** Where everything listens. */
export interface Urls {
  readonly issuer: string;
  readonly express: string;
  readonly koa: string;
  readonly fastify: string;
}

/** What the demo says once it is up. */
export function printout(configuration: Configuration, urls: Urls): string {
  const lines = curlLines(configuration).map(
    (line) =>
      `${line.title}\n  ${curlCommand(line, urls.express, urls.issuer)}\n` +
      `  → ${String(line.status)}, ${gist(line.answer)}\n`,
  );
  return `
One small API on three frameworks, each behind hasuraAuth:
  Express   ${urls.express}
  Koa       ${urls.koa}
  Fastify   ${urls.fastify}
Development issuer, also as a page: ${urls.issuer}

${about(configuration)}
Paste a line into another terminal. They ask Express; Koa and Fastify answer the same on their ports.

${lines.join('\n')}
Ready. Ctrl-C ends it.
`;
}

function about({ source, signer, adminSecret }: Configuration): string {
  if (source === 'defaults')
    return 'Configuration: built-in defaults; HASURA_GRAPHQL_* variables would be used instead.';
  const [variable = ''] = /HASURA_\w+/.exec(adminSecret.value) ?? [];
  return [
    'Configuration: your HASURA_GRAPHQL_* variables.',
    `The admin lines read ${variable}: paste them where it is exported.`,
    ...(typeof signer === 'string' ? [`Only lines without a token: ${signer}.`] : []),
  ].join('\n');
}
