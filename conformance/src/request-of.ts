import { resolve, mintToken } from '@hasura-auth/testkit';

import type { RequestRow } from './vectors.js';

/** A request's headers as they are sent: a list is the same header several times. */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

function filled(value: string, tokens: ReadonlyMap<string, string>): string {
  return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const token = tokens.get(name);
    if (token === undefined) throw new Error(`The row has no token named ${name}`);
    return token;
  });
}

/** Mints the tokens of a row and puts them into its headers. */
export async function headersOf(row: RequestRow, now: number): Promise<SentHeaders> {
  const tokens = new Map<string, string>();
  for (const [name, recipe] of Object.entries(row.request.tokens ?? {}))
    tokens.set(name, await mintToken(recipe, now));
  const headers = resolve(row.request.headers, now) as SentHeaders;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? filled(value, tokens) : value.map((part) => filled(part, tokens)),
    ]),
  );
}
