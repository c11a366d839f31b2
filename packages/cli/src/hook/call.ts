import {
  createAuthenticator,
  type AuthOptions,
  type AuthRequest,
  type Explanation,
} from '@hasura-auth/core';
import { InputError } from '@hasura-auth/inspector/reading';
import type { CommandContext } from '../context.js';
import { holdsCredential, redacted, redactedJson, redactor } from '../redact.js';
import { keptWarnings } from '../warnings.js';
import { recordingFetch, type RecordedCall } from './recorded-call.js';

/** What a hook was sent and sent back, without credentials, and what follows from it. */
export interface HookCall {
  readonly explanation: Explanation;
  /** Undefined if the hook was not called, since an admin secret decided. */
  readonly call: RecordedCall | undefined;
  readonly warnings: readonly string[];
}

/** The address of a hook without its query, in which hooks have secrets. */
function shownAddress(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + pathname + (search === '' ? '' : '?…');
}

function withoutCredentials(call: RecordedCall, redact: (text: string) => string): RecordedCall {
  const headers = Object.entries(call.headers).map(([name, value]) => [
    name,
    holdsCredential(name) ? redacted : redact(value),
  ]);
  const { body, response } = call;
  return {
    ...call,
    url: shownAddress(call.url),
    headers: Object.fromEntries(headers) as Record<string, string>, // of the same entries
    body: body === undefined ? undefined : redact(body),
    response: response && {
      status: response.status,
      headers: response.headers.map(([name, value]) => [
        name,
        holdsCredential(name) ? redacted : redact(value),
      ]),
      body: redact(response.body),
    },
  };
}

/** Calls the hook of a configuration for a request, as a server does. Throws an InputError if there is no hook. */
export async function callHook(
  options: AuthOptions,
  request: AuthRequest,
  { fetch, now }: CommandContext,
): Promise<HookCall> {
  if (options.authHook === undefined)
    throw new InputError(
      'the configuration has no webhook; set HASURA_GRAPHQL_AUTH_HOOK, or name it with --url',
    );
  const recording = recordingFetch(fetch);
  const { logger, messages } = keptWarnings();
  const authenticator = createAuthenticator({
    ...options,
    fetch: recording.fetch,
    logger,
    runtime: { now },
  });
  try {
    const redact = redactor(options, request);
    const explanation = redactedJson(await authenticator.explain(request), redact);
    const call = await recording.last();
    return { explanation, call: call && withoutCredentials(call, redact), warnings: messages };
  } finally {
    await authenticator.close();
  }
}
