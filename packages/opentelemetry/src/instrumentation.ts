import type {
  ObservableCounter,
  ObservableGauge,
  ObservableResult,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import { flag, recordOf } from '@hasura-auth/core/adapter';
import {
  metrics as table,
  parseRoles,
  readGauge,
  recordMetrics,
  type Labels,
  type MetricKey,
  type MetricOptions,
  type MetricSink,
} from '@hasura-auth/core/observability';
import { InstrumentationBase, type InstrumentationConfig } from '@opentelemetry/instrumentation';
import { parseUser, type UserOptions } from './user.js';
import { parseSpans, recordTraces, type SpanChoice } from './traces.js';
// eslint-disable-next-line house/stay-inside -- the manifest is this package's own; the build contains it
import manifest from '../package.json' with { type: 'json' };

/** The configuration of the instrumentation. */
export interface HasuraAuthInstrumentationConfig
  extends InstrumentationConfig, MetricOptions, UserOptions {
  /**
   * Which decisions have a span of their own: those that had to wait for a key set, a webhook or the app (`waiting`, the
   * default), `all`, or `none`, which leaves out the spans of key sets and webhooks too. A decision that waits for nothing
   * costs less than its span.
   */
  readonly spans?: SpanChoice | undefined;
  /** Whether metrics are recorded. `false` if a `HasuraAuthMetricProducer` does that. Default true. */
  readonly metrics?: boolean | undefined;
}

type Observable = ObservableCounter | ObservableGauge | ObservableUpDownCounter;
type ReadInstrument = readonly [Observable, (result: ObservableResult) => void];

/** What runs while the instrumentation is enabled. */
interface Running {
  stopTraces(): void;
  stopMetrics(): void;
}

const keys = Object.keys(table) as readonly MetricKey[]; // of the one table

/**
 * Records decisions, key sets, webhooks and connections of hasura-auth as metrics and spans, and describes each decision on
 * the span of its request. It subscribes to channels of `node:diagnostics_channel` and patches nothing, so that it may be
 * made before or after the app loads the library. A wrong configuration is a ConfigError.
 *
 * @example
 * registerInstrumentations({
 *   instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation(), new HasuraAuthInstrumentation()],
 * });
 */
export class HasuraAuthInstrumentation extends InstrumentationBase<HasuraAuthInstrumentationConfig> {
  // Without a value: the constructor above calls enable(), and a value given here would come after that.
  declare private running: Running | undefined;

  constructor(config: HasuraAuthInstrumentationConfig = {}) {
    checkConfig(config);
    super(manifest.name, manifest.version, config);
  }

  /** There is no module to patch. */
  protected override init(): void {
    return undefined;
  }

  /** Subscribes to the channels. */
  override enable(): void {
    if (this.running !== undefined) return;
    const config = this.getConfig();
    this.running = {
      stopTraces: recordTraces(() => this.tracer, {
        spans: parseSpans(config.spans),
        user: parseUser(config),
      }),
      stopMetrics: this.startMetrics(config),
    };
  }

  /** Ends the subscriptions. */
  override disable(): void {
    this.running?.stopTraces();
    this.running?.stopMetrics();
    this.running = undefined;
  }

  /** Takes another configuration. A wrong one is a ConfigError, and the current one stays. */
  override setConfig(config: HasuraAuthInstrumentationConfig): void {
    checkConfig(config);
    super.setConfig(config);
    if (this.running === undefined) return;
    this.disable();
    this.enable();
  }

  /** Is called with each new provider of meters. */
  protected override _updateMetricInstruments(): void {
    if (this.running === undefined) return;
    this.running.stopMetrics();
    this.running.stopMetrics = this.startMetrics(this.getConfig());
  }

  private startMetrics({ roles, metrics }: HasuraAuthInstrumentationConfig): () => void {
    if (metrics === false) return () => undefined;
    const series = new Map<MetricKey, MetricSink['series']>();
    const observed: ReadInstrument[] = [];
    for (const key of keys) {
      const { kind } = table[key];
      if (kind === 'histogram') series.set(key, this.histogram(key));
      else if (kind === 'counter') {
        const { read, record } = this.counter(key);
        series.set(key, record);
        observed.push(read);
      } else observed.push(this.observable(key));
    }
    const sink: MetricSink = {
      series: (key, labels) => series.get(key)?.(key, labels) ?? (() => undefined),
    };
    const stop = recordMetrics(sink, { roles });
    return () => {
      stop();
      for (const [instrument, callback] of observed) instrument.removeCallback(callback);
    };
  }

  private histogram(key: MetricKey): MetricSink['series'] {
    const { name, help, unit, buckets } = table[key];
    const histogram = this.meter.createHistogram(name, {
      description: help,
      unit,
      advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
    });
    return (_key, labels) => (value) => {
      histogram.record(value, labels);
    };
  }

  /** Counts by itself, and is read once for each export: to count in the SDK takes 0.1 µs each time. */
  private counter(key: MetricKey): { read: ReadInstrument; record: MetricSink['series'] } {
    const { name, help, unit } = table[key];
    const instrument = this.meter.createObservableCounter(name, { description: help, unit });
    const sums: { readonly labels: Labels; value: number }[] = [];
    const callback = (result: ObservableResult): void => {
      for (const { labels, value } of sums) result.observe(value, labels);
    };
    instrument.addCallback(callback);
    return {
      read: [instrument, callback],
      record(_key, labels) {
        const sum = { labels, value: 0 };
        sums.push(sum);
        return (value) => {
          sum.value += value;
        };
      },
    };
  }

  private observable(key: MetricKey): ReadInstrument {
    const { kind, name, help, unit } = table[key];
    const options = { description: help, unit };
    const instrument =
      kind === 'up-down'
        ? this.meter.createObservableUpDownCounter(name, options)
        : this.meter.createObservableGauge(name, options);
    const callback = (result: ObservableResult): void => {
      for (const { labels, value } of readGauge(key)) result.observe(value, labels);
    };
    instrument.addCallback(callback);
    return [instrument, callback];
  }
}

function checkConfig(config: HasuraAuthInstrumentationConfig): void {
  recordOf(config, ['enabled', 'metrics', 'roles', 'spans', 'userId', 'userHash'], 'config');
  parseRoles(config.roles);
  parseSpans(config.spans);
  parseUser(config);
  flag(config.metrics, 'metrics', true);
}
