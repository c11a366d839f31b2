import { gist } from './answer.js';
import type { Configuration } from './configuration.js';
import { curlLines } from './curl-lines.js';
import { curlCommand } from './shell.js';

/** The URLs of the servers. */
export interface Urls {
  readonly issuer: string;
  readonly express: string;
  readonly koa: string;
  readonly fastify: string;
}

/** The text that the demo prints after its start. */
export function printout(configuration: Configuration, urls: Urls): string {
  const lines = curlLines(configuration).map((line, index) => {
    const note = line.note === undefined ? '' : ` (${line.note})`;
    return (
      `${line.title}\n  ${curlCommand(line, urls.express, urls.issuer)}\n` +
      `  → ${String(line.status)}, ${gist(line.answer)}\n` +
      (line.status < 400 ? '' : `  Why? ${urls.issuer}/explain/${String(index)}${note}\n`)
    );
  });
  return `
Inspector (open it in a browser to see why a request is accepted or rejected, and to create tokens):
  ${urls.issuer}/inspector/

One small API on three frameworks, each protected by hasuraAuth:
  Express   ${urls.express}
  Koa       ${urls.koa}
  Fastify   ${urls.fastify}


${about(configuration, urls.issuer)}
Paste a command into another terminal. The commands call Express; change its port for Koa or Fastify.

${lines.join('\n')}
Ready. Press Ctrl-C to stop.
`;
}

function about({ source, signer, adminSecret }: Configuration, issuer: string): string {
  if (source === 'defaults')
    return [
      `Development issuer, at which clients can log in: ${issuer}`,
      'Configuration: built-in defaults. Set HASURA_GRAPHQL_* variables to use your own.',
    ].join('\n');
  const [variable = ''] = /HASURA_\w+/.exec(adminSecret.value) ?? [];
  return [
    'Configuration: your HASURA_GRAPHQL_* variables.',
    `The admin commands read ${variable}: paste them into a shell that exports it.`,
    ...(typeof signer === 'string'
      ? [`Commands with a token are omitted, because the demo cannot sign one: ${signer}.`]
      : []),
  ].join('\n');
}
