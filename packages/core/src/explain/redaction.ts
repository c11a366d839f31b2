import { isRecord } from '../json.js';

/** Words that clients send instead of a token, and that sentences quote. */
const noSecrets: ReadonlySet<string> = new Set(['undefined']);
/** What takes the place of a secret. */
export const redacted = '[redacted]';

/** The shortest text that is looked for: a shorter one would be found in words that are no secret. */
const shortestSecret = 8;
/** How many secrets are looked for, the longest ones: a client may send a header of any length. */
const mostSecrets = 1000;
/** A token as JSON Web Signature writes it, wherever it is, or its beginning: its header is an object in JSON. */
const token = /eyJ[\w-]{5,}(?:\.[\w-]*)*/g;

/** A secret as it is, and as JSON and addresses write it. */
function spellings(secret: string): string[] {
  const wellFormed = Buffer.from(secret).toString(); // a half of a surrogate pair has no spelling in an address
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed)];
}

/** Replaces secrets and tokens in every text of a value. */
export type Redact = <Value>(value: Value) => Value;

/**
 * Makes a function that replaces secrets and everything that looks like a token, in every text of JSON, names of members
 * included. What comes from the app (its own error response, variables that it adds) may repeat what the client sent.
 */
export function redaction(secrets: Iterable<string>): Redact {
  const distinct = new Set<string>();
  for (const secret of secrets)
    if (secret.length >= shortestSecret && !noSecrets.has(secret)) distinct.add(secret);
  const byLength = (a: string, b: string): number => b.length - a.length;
  const longest = [...distinct].sort(byLength).slice(0, mostSecrets);
  const known = [...new Set(longest.flatMap(spellings))].sort(byLength);
  const text = (given: string): string =>
    known
      .reduce((result, secret) => result.replaceAll(secret, redacted), given)
      .replaceAll(token, redacted);
  const any = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return Object.freeze(value.map(any));
    if (!isRecord(value)) return value;
    const members = Object.entries(value).map(([name, member]) => [text(name), any(member)]);
    return Object.freeze(Object.fromEntries(members));
  };
  return <Value>(value: Value) => any(value) as Value; // of the same shape: only texts are replaced
}

/** The texts of a request that are credentials, or were meant to be: secrets and tokens. */
export function* secretsOf(headers: ReadonlyMap<string, string>): Generator<string> {
  for (const name of ['x-hasura-admin-secret', 'x-hasura-access-key'])
    yield headers.get(name) ?? '';
  for (const word of (headers.get('authorization') ?? '').split(/[\s,]+/)) yield word;
}

/** The values of the cookies of a request. Some are words of every day, so they are looked for in responses only. */
export function* cookieValues(headers: ReadonlyMap<string, string>): Generator<string> {
  for (const pair of (headers.get('cookie') ?? '').split(';'))
    yield pair.slice(pair.indexOf('=') + 1).trim();
}
