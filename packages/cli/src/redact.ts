import type { AuthOptions, AuthRequest } from '@hasura-auth/core';
import { jwtSecretsOf } from '@hasura-auth/inspector/reading';

export const redacted = '[redacted]';

/** Names of headers that hold credentials. */
const credential = /authorization|cookie|secret|token|key|password|session/i;

/** Whether the value of a header is left out of what is shown. */
export const holdsCredential = (header: string): boolean => credential.test(header);

/** Shorter texts are no credentials, and would be found in every output. */
const leastLength = 8;

/** A token as JSON Web Signature writes it, wherever it is. */
const token = /eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*/g;

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

/** The credentials in the value of a header: the value, what comes after its scheme, and the values of cookies. */
function credentialsIn(value: string): string[] {
  const parts = value.split(/[\s;,]+/).flatMap((part) => [part, part.replace(/^[^=]*=/, '')]);
  return [value, ...parts];
}

/** The parts of an address that may be secret: its password, its query, and the values in that. */
function secretsInAddress(address: unknown): string[] {
  if (typeof address !== 'string' || !URL.canParse(address)) return [];
  const { password, search, searchParams } = new URL(address);
  return [password, search.slice(1), ...searchParams.values()];
}

/** The secrets of options. */
function secretsOf(options: AuthOptions): string[] {
  const keys = jwtSecretsOf(options)
    .filter(({ members }) => String(members.type).startsWith('HS'))
    .map(({ members }) => members.key);
  const { authHook } = options;
  const addresses = [
    typeof authHook === 'object' ? authHook.url : authHook,
    ...jwtSecretsOf(options).map(({ members }) => members.jwk_url),
  ];
  return [
    ...[options.adminSecret, options.adminSecrets, keys].flatMap(textsOf),
    ...addresses.flatMap(secretsInAddress),
  ];
}

/**
 * A function that leaves tokens, the secrets of options and the credentials of a request out of a text: a hook may send back what
 * it was sent.
 */
export function redactor(options: AuthOptions, request?: AuthRequest): (text: string) => string {
  const headers = Object.entries(request?.headers ?? {}).filter(([name]) => holdsCredential(name));
  const sent = headers.flatMap(([, value]) => textsOf(value)).flatMap(credentialsIn);
  const secrets = [...new Set([...secretsOf(options), ...sent])]
    .filter((secret) => secret.length >= leastLength)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
      .replaceAll(token, redacted);
}

/** The same JSON with every text in it redacted, names of members included. */
export function redactedJson<Value>(value: Value, redact: (text: string) => string): Value {
  const any = (part: unknown): unknown => {
    if (typeof part === 'string') return redact(part);
    if (Array.isArray(part)) return part.map(any);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, member]) => [redact(name), any(member)]),
    );
  };
  return any(value) as Value; // of the same shape: only texts are replaced
}
