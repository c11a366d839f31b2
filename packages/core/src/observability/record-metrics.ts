import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type {
  AuthenticateContext,
  ConnectionCloseEvent,
  KeySetContext,
  TracedContext,
  WebhookContext,
} from './channels.js';
import type { Labels, MetricKey } from './metrics.js';
import { methodLabels, otherLabel, parseRoles, refusalLabels } from './series.js';

/** Records one value: seconds of a histogram, or by how much a counter grows. */
export type RecordValue = (value: number) => void;

/** Where metrics are recorded, such as a registry of prom-client or a meter of OpenTelemetry. */
export interface MetricSink {
  /** Returns what records the values of one series. Is called once for each series, when its first value comes. */
  series(metric: MetricKey, labels: Labels): RecordValue;
}

/** Which series there are. */
export interface MetricOptions {
  /**
   * The roles that get a value of the label `role`, at most 15; every other role is `_OTHER`. Default: there is no label
   * `role`. Anything else than a list of texts is a ConfigError.
   */
  readonly roles?: readonly string[] | undefined;
}

/** The values of one series of a histogram: how many are within each bound, and their sum. */
export class HistogramValues {
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last for what is beyond each of them. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  record(value: number): void {
    const { bounds, counts } = this;
    let at = 0;
    for (const bound of bounds) {
      if (value <= bound) break;
      at += 1;
    }
    counts[at] = Number(counts[at]) + 1; // there is one
    this.sum += value;
  }

  reset(): void {
    this.counts.fill(0);
    this.sum = 0;
  }
}

/** The series of one metric by a key that their labels are made of at the first use. */
function seriesBy(
  sink: MetricSink,
  metric: MetricKey,
  labelsOf: (key: string) => Labels,
): (key: string, value: number) => void {
  const known = new Map<string, RecordValue>();
  return (key, value) => {
    let record = known.get(key);
    if (record === undefined) {
      record = sink.series(metric, labelsOf(key));
      known.set(key, record);
    }
    record(value);
  };
}

const withError = (labels: Labels, error: string | undefined): Labels =>
  error === undefined ? labels : { ...labels, 'error.type': error };

/** Decisions by method and role, or by the kind of the rejection: no method has the name of a kind. */
function decisionRecorder(
  sink: MetricSink,
  roles: readonly string[] | undefined,
): (context: AuthenticateContext, seconds: number) => void {
  const refused = seriesBy(sink, 'decisions', refusalLabels);
  const accepted = new Map(
    [...(roles ?? []), otherLabel].map((role) => [
      role,
      seriesBy(sink, 'decisions', (method) =>
        roles === undefined ? methodLabels(method) : { ...methodLabels(method), role },
      ),
    ]),
  );
  const byOthers = accepted.get(otherLabel);
  return ({ kind, method, role }, seconds) => {
    if (kind !== undefined) refused(kind, seconds);
    else if (method !== undefined && role !== undefined)
      (roles === undefined ? byOthers : (accepted.get(role) ?? byOthers))?.(method, seconds);
  };
}

/** Listens to what is complete on a tracing channel: to its ends alone, which costs the least. */
function onComplete<Context extends TracedContext>(
  name: string,
  record: (context: Context, seconds: number) => void,
): readonly (readonly [channel: string, listener: (message: unknown) => void])[] {
  const listener = (message: unknown): void => {
    const context = message as Context; // what this library publishes there
    if (context.durationMs !== undefined) record(context, context.durationMs / 1000);
  };
  return [
    [`tracing:${name}:end`, listener],
    [`tracing:${name}:asyncEnd`, listener],
  ];
}

/**
 * Records what the library publishes in this process, from now on, until the returned function is called. Throws a
 * ConfigError if the options are wrong.
 *
 * @example
 * const stop = recordMetrics(sink, { roles: ['user', 'editor'] });
 */
export function recordMetrics(sink: MetricSink, options: MetricOptions = {}): () => void {
  const decided = decisionRecorder(sink, parseRoles(options.roles));
  const lookedUp = seriesBy(sink, 'tokenLookups', (result) => ({ result }));
  const fetched = new Map<string, (error: string, seconds: number) => void>();
  const asked = new Map(
    ['hit', 'miss', 'shared'].map((cache) => [
      cache,
      seriesBy(sink, 'webhooks', (kind) => withError({ cache }, kind === '' ? undefined : kind)),
    ]),
  );
  const closed = seriesBy(sink, 'closedConnections', (cause) => ({ cause }));

  const listeners = [
    ...onComplete<AuthenticateContext>('hasura-auth.authenticate', (context, seconds) => {
      decided(context, seconds);
      const { fromCache, kind, mode } = context;
      if (fromCache !== undefined && mode === 'jwt')
        lookedUp(fromCache ? 'hit' : kind === undefined ? 'miss' : 'refused', 1);
    }),
    ...onComplete<KeySetContext>('hasura-auth.key-set', ({ keySet, failure = '' }, seconds) => {
      let record = fetched.get(keySet);
      if (record === undefined) {
        record = seriesBy(sink, 'keySetFetches', (error) =>
          withError({ key_set: keySet }, error === '' ? undefined : error),
        );
        fetched.set(keySet, record); // as many as the app configures
      }
      record(failure, seconds);
    }),
    ...onComplete<WebhookContext>(
      'hasura-auth.webhook',
      ({ fromCache, shared, kind = '' }, seconds) => {
        asked.get(fromCache ? 'hit' : shared ? 'shared' : 'miss')?.(kind, seconds);
      },
    ),
    [
      'hasura-auth.connection:close',
      (message: unknown): void => {
        closed((message as ConnectionCloseEvent).cause, 1); // what this library publishes there
      },
    ] as const,
  ];
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  };
}
