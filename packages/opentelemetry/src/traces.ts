import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  ConfigError,
  type AuthenticateContext,
  type KeySetContext,
  type WebhookContext,
} from '@hasura-auth/core';
import { methodLabels, refusalLabels, sessionOfContext } from '@hasura-auth/core/observability';
import {
  context as active,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { UserAttributes } from './user.js';

/** Which decisions have a span of their own. */
export type SpanChoice = 'waiting' | 'all' | 'none';

const choices: readonly SpanChoice[] = ['waiting', 'all', 'none'];

/** Reads `spans`. Throws a ConfigError. */
export function parseSpans(value: unknown): SpanChoice {
  const found = value === undefined ? 'waiting' : choices.find((choice) => choice === value);
  if (found === undefined) throw new ConfigError('spans', `expected one of ${choices.join(', ')}`);
  return found;
}

/**
 * Makes a span active while a traced function runs, through the public API of OpenTelemetry: Node calls `run` of a store
 * that is bound to a channel. If a later version of Node enters the store in another way, spans are not nested.
 */
class ActiveContextStore extends AsyncLocalStorage<Context> {
  override run<Result>(store: Context, callback: () => Result): Result;
  override run<Result, Args extends unknown[]>(
    store: Context,
    callback: (...args: Args) => Result,
    ...args: Args
  ): Result;
  override run<Result, Args extends unknown[]>(
    store: Context,
    callback: (...args: Args) => Result,
    ...args: Args
  ): Result {
    return active.with(store, () => callback(...args));
  }
}

/** Where the HTTP instrumentation keeps the span of the request; its own span is not always the active one. */
const rpcMetadata = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

function serverSpan(): Span | undefined {
  const current = active.active();
  const metadata = current.getValue(rpcMetadata);
  if (typeof metadata === 'object' && metadata !== null && 'span' in metadata) {
    const { span } = metadata;
    if (typeof span === 'object' && span !== null && 'setAttributes' in span) return span as Span; // of the SDK
  }
  return trace.getSpan(current);
}

/** What a decision is on the span of its request, and on its own. */
function decisionAttributes(context: AuthenticateContext): Attributes {
  const { kind, method, role } = context;
  if (kind !== undefined)
    return { 'hasura_auth.result': refusalLabels(kind).result, 'hasura_auth.refusal': kind };
  if (method === undefined || role === undefined) return {};
  return {
    'hasura_auth.result': methodLabels(method).result,
    'hasura_auth.method': method,
    'user.roles': [role],
  };
}

/** A refused token is work done well; a decision that could not be made is not. */
function isServerError({ status = 0 }: AuthenticateContext): boolean {
  return status >= 500;
}

/** Ends a span, if there is one. */
function end(span: Span | undefined, attributes: Attributes, failed: boolean): void {
  if (span === undefined) return;
  span.setAttributes(attributes);
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const withError = (attributes: Attributes, error: string | undefined): Attributes =>
  error === undefined ? attributes : { ...attributes, 'error.type': error };

/** A decision while its span may begin: until it has to be waited for, or is over. */
interface Begun {
  readonly context: AuthenticateContext;
  /** The span of the request, if the decision's own span is active afterwards. */
  readonly server: Span | undefined;
  span: Span | undefined;
  /** The decision during whose first turn this one began, such as one that the app's own `fetch` asks for. */
  readonly within: Begun | undefined;
}

/**
 * Makes spans of what the library publishes and describes decisions on the spans of their requests, until the returned
 * function is called.
 */
export function recordTraces(
  tracerNow: () => Tracer,
  { spans, user }: { readonly spans: SpanChoice; readonly user: UserAttributes | undefined },
): () => void {
  const ends: (() => void)[] = [];
  const listen = (name: string, listener: (message: never) => void): void => {
    const typed = listener as (message: unknown) => void; // each channel has messages of one type
    subscribe(name, typed);
    ends.push(() => unsubscribe(name, typed));
  };
  /** Runs what a channel starts with another context active. */
  const enter = <Message>(name: string, contextFor: (message: Message) => Context): void => {
    const start = channel(`tracing:${name}:start`);
    const store = new ActiveContextStore();
    start.bindStore(store, (message) => contextFor(message as Message)); // of that channel
    ends.push(() => start.unbindStore(store));
  };
  const startSpan = (name: string, attributes: Attributes = {}): Span =>
    tracerNow().startSpan(name, { kind: SpanKind.INTERNAL, attributes }, active.active());

  const pending = new WeakMap<AuthenticateContext, Begun>();
  let current: Begun | undefined;
  const spanOf = (begun: Begun): Span => {
    const { transport, mode } = begun.context;
    return (begun.span ??= startSpan('hasura-auth.authenticate', {
      'hasura_auth.transport': transport,
      'hasura_auth.mode': mode,
    }));
  };

  const decided = (context: AuthenticateContext, begun: Begun | undefined): void => {
    const server = begun?.server ?? serverSpan();
    const isDescribed = server?.isRecording() === true;
    if (!isDescribed && begun?.span === undefined) return; // nothing shows the attributes
    const attributes = decisionAttributes(context);
    if (isDescribed) {
      const session = user === undefined ? undefined : sessionOfContext(context);
      const named = session === undefined ? {} : user?.(session);
      server.setAttributes({ ...attributes, ...named });
    }
    end(begun?.span, withError(attributes, context.kind), isServerError(context));
  };

  if (spans === 'all')
    enter<AuthenticateContext>('hasura-auth.authenticate', (context) => {
      const begun: Begun = { context, server: serverSpan(), span: undefined, within: undefined };
      pending.set(context, begun);
      return trace.setSpan(active.active(), spanOf(begun));
    });
  if (spans === 'waiting')
    listen('tracing:hasura-auth.authenticate:start', (context: AuthenticateContext) => {
      current = { context, server: undefined, span: undefined, within: current };
    });
  listen('tracing:hasura-auth.authenticate:end', (context: AuthenticateContext) => {
    const begun = current?.context === context ? current : pending.get(context);
    current = current?.within;
    if (context.durationMs !== undefined) decided(context, begun);
    else if (begun !== undefined) {
      spanOf(begun); // it has to wait
      pending.set(context, begun);
    }
  });
  listen('tracing:hasura-auth.authenticate:asyncEnd', (context: AuthenticateContext) => {
    decided(context, pending.get(context));
  });

  if (spans !== 'none') {
    const fetches = new WeakMap<KeySetContext, Span>();
    enter<KeySetContext>('hasura-auth.key-set', (context) => {
      const { keySet, reason } = context;
      const attributes = { 'hasura_auth.key_set': keySet, 'hasura_auth.reason': reason };
      const span = startSpan('hasura-auth.key-set', attributes);
      fetches.set(context, span);
      return trace.setSpan(active.active(), span);
    });
    listen('tracing:hasura-auth.key-set:asyncEnd', (context: KeySetContext) => {
      const { keys, failure } = context;
      const attributes = keys === undefined ? {} : { 'hasura_auth.keys': keys };
      end(fetches.get(context), withError(attributes, failure), failure !== undefined);
    });

    const questions = new WeakMap<WebhookContext, Span>();
    enter<WebhookContext>('hasura-auth.webhook', (context) => {
      if (context.fromCache) return active.active();
      const parent =
        current === undefined ? active.active() : trace.setSpan(active.active(), spanOf(current));
      return active.with(parent, () => {
        const span = startSpan('hasura-auth.webhook', {});
        questions.set(context, span);
        return trace.setSpan(parent, span);
      });
    });
    listen('tracing:hasura-auth.webhook:asyncEnd', (context: WebhookContext) => {
      const { outcome, kind, shared } = context;
      const attributes = {
        'hasura_auth.shared': shared,
        ...(outcome !== undefined && { 'hasura_auth.outcome': outcome }),
      };
      end(questions.get(context), withError(attributes, kind), outcome === 'failed');
    });
  }
  return () => {
    for (const stop of ends) stop();
  };
}
