import { channel, tracingChannel, type TracingChannel } from 'node:diagnostics_channel';
import type { AuthErrorCode, RefusalKind } from '../refusals.js';
import type { SessionMethod } from '../session.js';

/**
 * What the library publishes on `node:diagnostics_channel`. No message holds a secret, a token, a user id or a claim
 * other than the role. Nothing is made for a channel without a subscriber. Node reports what a subscriber throws as an
 * uncaught exception in a later turn; it changes no decision.
 */

/** How a credential came: in a request, or in the first message of a WebSocket. */
export type Transport = 'http' | 'websocket';

/** What the app's options configure, which decides how requests are resolved. */
export type ModeName = 'unsecured' | 'admin-secret' | 'jwt' | 'webhook';

/** Members that every context of a tracing channel has. */
export interface TracedContext {
  /** How long it took, in milliseconds. Undefined until it is over: the context is then complete. */
  readonly durationMs: number | undefined;
}

/**
 * One decision, on the channels `tracing:hasura-auth.authenticate:…`. It is complete at `end` if nothing had to be waited
 * for, and at `asyncEnd` otherwise.
 *
 * @example
 * tracingChannel('hasura-auth.authenticate').end.subscribe((message) => {
 *   const { durationMs, method, kind } = message as AuthenticateContext;
 *   if (durationMs !== undefined) log.debug({ durationMs, method, kind });
 * });
 */
export interface AuthenticateContext extends TracedContext {
  readonly transport: Transport;
  readonly mode: ModeName;
  /** How the client was authenticated; undefined if the request was rejected. */
  readonly method: SessionMethod | undefined;
  /** The role of the session; undefined if the request was rejected. */
  readonly role: string | undefined;
  /** Why the request was rejected; `internal-error` if something else than an AuthError was thrown. */
  readonly kind: RefusalKind | 'internal-error' | undefined;
  /** The engine's code of the rejection. */
  readonly code: AuthErrorCode | 'internal-error' | undefined;
  /** The HTTP status of the rejection. */
  readonly status: number | undefined;
  /**
   * Whether a token that was verified before, or a kept response of the webhook, was used. Undefined if the request had
   * none that could be kept.
   */
  readonly fromCache: boolean | undefined;
}

/** Why a key set is fetched: there is none, it is old, a token names a key that it lacks, or no key verified a token. */
export type KeySetFetchReason = 'start' | 'stale' | 'unknown-kid' | 'signature';

/**
 * Why a fetch failed: it took too long, there was no connection, the response was not 2xx, it was no usable key set, or
 * the authenticator was closed.
 */
export type FetchFailure = 'timeout' | 'network' | 'status' | 'response' | 'closed';

/** One fetch of a key set, on the channels `tracing:hasura-auth.key-set:…`. It is complete at `asyncEnd`. */
export interface KeySetContext extends TracedContext {
  /** The option that names the key set: `jwtSecret`, or such as `jwtSecrets[1]`. */
  readonly keySet: string;
  /** The origin of the key set's address; its path or query may be secret. */
  readonly origin: string;
  readonly reason: KeySetFetchReason;
  /** How many keys of the set can be used; undefined if the fetch failed. */
  readonly keys: number | undefined;
  /** How many entries of the set cannot be used. */
  readonly skipped: number | undefined;
  /** How long the set is fresh, in milliseconds. */
  readonly freshForMs: number | undefined;
  /** The status of the response; undefined if none came. */
  readonly status: number | undefined;
  /** Why the fetch failed; undefined if it did not. */
  readonly failure: FetchFailure | undefined;
}

/** What a webhook decided: `unauthorized` if it rejected the client, `failed` if there was no usable response. */
export type WebhookOutcome = 'accepted' | 'unauthorized' | 'failed';

/**
 * One question to an auth webhook, on the channels `tracing:hasura-auth.webhook:…`. It is complete at `end` if a kept
 * response answered it, and at `asyncEnd` otherwise.
 */
export interface WebhookContext extends TracedContext {
  /** The origin of the webhook's address; its path or query may be secret. */
  readonly origin: string;
  readonly mode: 'GET' | 'POST';
  /** Whether a kept response answers it. */
  readonly fromCache: boolean;
  /** Whether another call answers it: that of an equal request at the same time, or of another process. Known at the end. */
  readonly shared: boolean;
  /** The status of the webhook's response; undefined if none came, or if this request did not call the webhook itself. */
  readonly status: number | undefined;
  readonly outcome: WebhookOutcome | undefined;
  /** Why the request was rejected; undefined if it was not. */
  readonly kind: RefusalKind | 'internal-error' | undefined;
}

/** A WebSocket was registered, as published on `hasura-auth.connection:open`. It is not authenticated yet. */
export interface ConnectionOpenEvent {
  /** How many connections of its registry are open, this one included. */
  readonly open: number;
}

/** Why a connection ended; `client` if the socket closed without an act of this library. */
export type ConnectionCloseCause = 'expired' | 'revoked' | 'disconnected' | 'refused' | 'client';

/** A WebSocket's connection has ended, as published on `hasura-auth.connection:close`. */
export interface ConnectionCloseEvent {
  /** The close code that the library asked for; undefined if the client or the adapter closed the socket. */
  readonly code: number | undefined;
  readonly cause: ConnectionCloseCause;
  /** How many connections of its registry are still open. */
  readonly open: number;
}

/** A client sent a fresh token, as published on `hasura-auth.connection:reauthenticate`. */
export interface ReauthenticateEvent {
  /** The role of the session that continues; undefined if the token was rejected. */
  readonly role: string | undefined;
  /** Why the token was rejected; undefined if it was accepted. */
  readonly kind: RefusalKind | 'internal-error' | undefined;
}

/** What a revocation names. */
export type RevokedBy = 'token' | 'jti' | 'sid' | 'sub' | 'issuer';

/** A revocation was received, as published on `hasura-auth.revocation:entry`. */
export interface RevocationEntryEvent {
  /** What the entry names; never its value. */
  readonly by: RevokedBy | 'connections';
  /**
   * How long it was under way, in milliseconds, at least 0; undefined for an entry of this process, one that was loaded, and
   * if the store does not say when it was added. The clocks of machines differ by some milliseconds.
   */
  readonly lagMs: number | undefined;
}

/** Entries of the store may have been missed, so that all are loaded again: `hasura-auth.revocation:gap`. */
export interface RevocationGapEvent {
  /** How many entries are in force. */
  readonly entries: number;
}

/** The store cannot be reached, as published on `hasura-auth.revocation:stale`. */
export interface RevocationStaleEvent {
  /** How long ago the store was last heard of, in milliseconds. */
  readonly stalenessMs: number;
}

/** Decisions: `tracing:hasura-auth.authenticate:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const authentications: TracingChannel<unknown, AuthenticateContext> = tracingChannel(
  'hasura-auth.authenticate',
);
/** Fetches of key sets. */
export const keySetFetches: TracingChannel<unknown, KeySetContext> =
  tracingChannel('hasura-auth.key-set');
/** Questions to webhooks. */
export const webhookCalls: TracingChannel<unknown, WebhookContext> =
  tracingChannel('hasura-auth.webhook');

/** A channel whose messages are complete when they are published. */
export interface PlainChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
}

/** What happens to connections. */
export const connectionChannels: {
  readonly open: PlainChannel<ConnectionOpenEvent>;
  readonly close: PlainChannel<ConnectionCloseEvent>;
  readonly reauthenticate: PlainChannel<ReauthenticateEvent>;
} = {
  open: channel('hasura-auth.connection:open'),
  close: channel('hasura-auth.connection:close'),
  reauthenticate: channel('hasura-auth.connection:reauthenticate'),
};

/** What happens to the list of revocations. */
export const revocationChannels: {
  readonly entry: PlainChannel<RevocationEntryEvent>;
  readonly gap: PlainChannel<RevocationGapEvent>;
  readonly stale: PlainChannel<RevocationStaleEvent>;
} = {
  entry: channel('hasura-auth.revocation:entry'),
  gap: channel('hasura-auth.revocation:gap'),
  stale: channel('hasura-auth.revocation:stale'),
};
