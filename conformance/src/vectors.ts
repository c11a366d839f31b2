import { readFileSync, readdirSync } from 'node:fs';
import type { Json, JsonObject, TokenRecipe } from '@hasura-auth/testkit';

/** A session as a row expects it: exactly these members are compared; `null` means that the session has none. */
export type ExpectedSession = JsonObject;

export interface ExpectedError {
  readonly code: string;
  readonly message?: string;
  readonly messagePrefix?: string;
  readonly engineStatus: number;
  readonly httpStatus: number;
}

/** The whole answer of an app, where a row looks at more than the error. */
export interface ExpectedResponse {
  readonly status?: number;
  /** Name in lower case to the exact value; null = the header is absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: Json;
  /** Members that the body has, among others. */
  readonly bodyIncludes?: JsonObject;
}

export interface Expectation {
  readonly session?: ExpectedSession;
  readonly error?: ExpectedError;
  readonly response?: ExpectedResponse;
  /** Any answer but a crash: a session, or a refusal under 500. */
  readonly any?: true;
  /** A text that a warning at start-up holds. */
  readonly warning?: string;
}

export interface RequestRow {
  readonly id: string;
  readonly source: string;
  readonly config: JsonObject;
  /** The clock of this row in ms since the epoch; the real one where it is absent. */
  readonly now?: number;
  readonly request: {
    /** Path and query; `/` if absent. */
    readonly url?: string;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly tokens?: Readonly<Record<string, TokenRecipe>>;
  };
  readonly expect: Expectation;
}

export interface RowGroup {
  readonly name: string;
  readonly origin: 'shared' | 'own';
  readonly rows: readonly RequestRow[];
}

export interface ConfigRow {
  readonly id: string;
  readonly source: string;
  readonly config: JsonObject;
  readonly refused: { readonly message: string };
}

const vectors = new URL('../vectors/', import.meta.url);

/** The files are ours, and a test checks their format: what is read is believed to be of its type. */
function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, vectors), 'utf8')) as T;
}

function groupsOf(path: string, origin: RowGroup['origin']): RowGroup[] {
  return Object.entries(read<Record<string, readonly RequestRow[]>>(path)).map(([name, rows]) => ({
    name,
    origin,
    rows,
  }));
}

/** The rows of `vectors/requests.json`, by group. */
export function sharedGroups(): readonly RowGroup[] {
  return groupsOf('requests.json', 'shared');
}

/** The rows of every `vectors/own/requests-*.json`, by group. */
export function ownGroups(): readonly RowGroup[] {
  return readdirSync(new URL('own/', vectors))
    .filter((file) => file.startsWith('requests-') && file.endsWith('.json'))
    .sort()
    .flatMap((file) => groupsOf(`own/${file}`, 'own'));
}

/** Whether a row fails as yet: it is run, it must fail, and it leaves the list when it passes. */
export function isKnownFailure(group: string, id: string): boolean {
  return (
    read<Record<string, readonly string[]>>('known-failures.json')[group]?.includes(id) === true
  );
}

/** The configurations that must be refused. */
export function configRows(origin: RowGroup['origin']): readonly ConfigRow[] {
  return read(origin === 'shared' ? 'configs.json' : 'own/configs.json');
}
