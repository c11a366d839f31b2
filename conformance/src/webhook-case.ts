import type { AuthHook, SessionMethod } from '@hasura-auth/core';
import type { Json, SentRequest, WebhookAnswer } from '@hasura-auth/testkit';

/** One exchange: what a client sends, what the hook receives and responds, and what the client gets. */
export interface WebhookCase {
  readonly name: string;
  readonly hook?: Omit<AuthHook, 'url'>;
  /** The response of the hook; by default every client is user 1. */
  readonly answer?: WebhookAnswer;
  /** What the client sends; by default a GET with `auth-user-id: 1`. */
  readonly request?: SentRequest;
  /** Whether the hook's time runs out once it has been asked. */
  readonly timeUp?: boolean;
  readonly expect: {
    readonly status: number;
    readonly code?: string;
    readonly message?: string;
    readonly variables?: Readonly<Record<string, string>>;
    /** In milliseconds since the epoch; null = no end. */
    readonly expiresAt?: number | null;
    /** The method of the session. Default `webhook`. */
    readonly by?: SessionMethod;
    readonly cookies?: readonly string[];
    readonly received?:
      | 'nothing'
      | {
          readonly method?: string;
          /** Name in lower case to value; null = the header is absent, `ownHost` = host and port of the hook. */
          readonly headers?: Readonly<Record<string, string | null>>;
          readonly body?: Json;
          /** The member `request` of the body. */
          readonly request?: Json;
          /** The body as it was sent. */
          readonly text?: string;
        };
    /** A part of each line of the log, in order; by default the log is empty. */
    readonly log?: readonly string[];
    /** Parts of lines that the log may also have, depending on the body parser. */
    readonly mayLog?: readonly string[];
  };
}

/** The clock of every case: 2026-11-22T08:00:00Z. */
export const webhookNow: number = Date.UTC(2026, 10, 22, 8);

/** Stands for host and port of the hook, which are new in each run. */
export const ownHost = '{own host}';

type Expected = WebhookCase['expect'];

/** What a client gets if the hook responds with 401. */
export const unauthorized: Expected = {
  status: 401,
  code: 'access-denied',
  message: 'Authentication hook unauthorized this request',
};

/** What a client gets if the hook's response has no meaning; the log describes it. */
export const invalidResponse = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'Invalid response from authorization hook',
  log,
});

/** What a client gets if the hook does not respond; the log has the reason. */
export const unreachable = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'webhook authentication request failed',
  log,
});

/** What a client gets if the hook names no role. */
export const withoutRole: Expected = {
  status: 500,
  code: 'invalid-params',
  message: 'x-hasura-role not found in session variables',
  log: ['200 (application/json): it contains no x-hasura-role'],
};

/** A request that the hook accepts as user 1. */
export const accepted: Expected = { status: 200 };
