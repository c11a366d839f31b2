import type { Fetch } from '@hasura-auth/core';

/** One HTTP call as it was made, and what came back. */
export interface RecordedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Undefined if there was no response. */
  readonly response: RecordedResponse | undefined;
}

/** A response as it came back. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning of the body. */
  readonly body: string;
}

/** How much of a body is kept, in characters. */
const mostCharacters = 4000;

async function beginning(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > mostCharacters) break;
    }
  } catch {
    // core says that the response broke off
  }
  return text.slice(0, mostCharacters);
}

/** A `fetch` that makes its calls by another one, and keeps the last of them. */
export interface RecordingFetch {
  readonly fetch: Fetch;
  /** The last call; undefined if there was none. */
  last(): Promise<RecordedCall | undefined>;
}

export function recordingFetch(fetch: Fetch): RecordingFetch {
  let call: Promise<RecordedCall> | undefined;
  return {
    fetch: async (url, init) => {
      const { method, headers, body } = init;
      const request = { method, url, headers, body };
      call = Promise.resolve({ ...request, response: undefined });
      const response = await fetch(url, init);
      const { status } = response;
      const received = [...response.headers];
      const text = beginning(response.clone());
      call = text.then((kept) => ({
        ...request,
        response: { status, headers: received, body: kept },
      }));
      return response;
    },
    last: async () => await call,
  };
}
