import { ValueType, type HrTime } from '@opentelemetry/api';
import { recordOf } from '@hasura-auth/core/adapter';
import {
  HistogramValues,
  metrics as table,
  readGauge,
  recordMetrics,
  type Labels,
  type MetricKey,
  type MetricOptions,
  type RecordValue,
} from '@hasura-auth/core/observability';
// eslint-disable-next-line house/stay-inside -- the manifest is this package's own; the build contains it
import manifest from '../package.json' with { type: 'json' };

/** The values of a histogram, in the form of the SDK. */
export interface ProducedHistogram {
  readonly buckets: { boundaries: number[]; counts: number[] };
  readonly count: number;
  readonly sum: number;
}

/** One series at the time of an export. */
export interface ProducedPoint<Value> {
  /** When the recording began. */
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Labels;
  readonly value: Value;
}

interface Produced {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: ValueType;
  };
  /** Cumulative: values are those since the recording began. */
  readonly aggregationTemporality: 1;
}

/** One metric at the time of an export, in the form of the SDK. */
export type ProducedMetric =
  | (Produced & {
      readonly dataPointType: 0;
      readonly dataPoints: ProducedPoint<ProducedHistogram>[];
    })
  | (Produced & { readonly dataPointType: 2; readonly dataPoints: ProducedPoint<number>[] })
  | (Produced & {
      readonly dataPointType: 3;
      readonly isMonotonic: boolean;
      readonly dataPoints: ProducedPoint<number>[];
    });

/** A resource without attributes: the SDK has that of the process. */
export interface NoResource {
  readonly attributes: Readonly<Record<string, never>>;
  merge(other: NoResource | null): NoResource;
  getRawAttributes(): [];
}

/** What a reader of the SDK gets for an export. */
export interface ProducedMetrics {
  readonly resourceMetrics: {
    resource: NoResource;
    scopeMetrics: { scope: { name: string; version: string }; metrics: ProducedMetric[] }[];
  };
  readonly errors: unknown[];
}

const noResource: NoResource = {
  attributes: {},
  merge: (other) => other ?? noResource,
  getRawAttributes: () => [],
};

/** The values of one recorded series. */
type Series = { readonly labels: Labels } & (
  { readonly histogram: HistogramValues } | { readonly counter: { value: number } }
);

function timeNow(): HrTime {
  const ms = Date.now();
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}

const keys = Object.keys(table) as readonly MetricKey[]; // of the one table

/**
 * The metrics of hasura-auth for a reader of the SDK, as its `MetricProducer`: for apps with so many requests that the SDK's
 * own histogram, about 1.3 µs for each decision, is too much. It counts by itself, in about a quarter of a microsecond, and
 * the reader takes the counts at each export. Names, units, attributes and buckets are those of `HasuraAuthInstrumentation`,
 * which then leaves out its own (`metrics: false`). Values are cumulative, and views have no effect. Recording begins at once
 * and ends with `stop()`. Wrong options are a ConfigError.
 *
 * @example
 * const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [new HasuraAuthMetricProducer()] });
 * const instrumentation = new HasuraAuthInstrumentation({ metrics: false });
 */
export class HasuraAuthMetricProducer {
  readonly #series = new Map<MetricKey, Series[]>();
  readonly #startTime = timeNow();
  readonly #stop: () => void;

  constructor(options: MetricOptions = {}) {
    recordOf(options, ['roles'], 'options');
    const series = (key: MetricKey, labels: Labels): RecordValue => this.#add(key, labels);
    this.#stop = recordMetrics({ series }, options);
  }

  /** Is called by the reader at each export. */
  collect(): Promise<ProducedMetrics> {
    const endTime = timeNow();
    const { name, version } = manifest;
    const metrics = keys
      .map((key) => this.#metric(key, endTime))
      .filter(({ dataPoints }) => dataPoints.length > 0);
    return Promise.resolve({
      resourceMetrics: {
        resource: noResource,
        scopeMetrics: [{ scope: { name, version }, metrics }],
      },
      errors: [],
    });
  }

  /** Ends the recording. What was recorded stays. */
  stop(): void {
    this.#stop();
  }

  #add(key: MetricKey, labels: Labels): RecordValue {
    const all = this.#series.get(key) ?? [];
    this.#series.set(key, all);
    const { buckets } = table[key];
    if (buckets === undefined) {
      const counter = { value: 0 };
      all.push({ labels, counter });
      return (value) => {
        counter.value += value;
      };
    }
    const histogram = new HistogramValues(buckets);
    all.push({ labels, histogram });
    return (value) => {
      histogram.record(value);
    };
  }

  #metric(key: MetricKey, endTime: HrTime): ProducedMetric {
    const { kind, name, help: description, unit } = table[key];
    const startTime = this.#startTime;
    const common = {
      descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
      aggregationTemporality: 1,
    } as const;
    const point = <Value>(attributes: Labels, value: Value): ProducedPoint<Value> => ({
      startTime,
      endTime,
      attributes,
      value,
    });
    const recorded = this.#series.get(key) ?? [];
    switch (kind) {
      case 'histogram':
        return {
          ...common,
          dataPointType: 0,
          dataPoints: recorded.flatMap((series) =>
            'histogram' in series ? [point(series.labels, produced(series.histogram))] : [],
          ),
        };
      case 'counter':
        return {
          ...common,
          dataPointType: 3,
          isMonotonic: true,
          dataPoints: recorded.flatMap((series) =>
            'counter' in series ? [point(series.labels, series.counter.value)] : [],
          ),
        };
      case 'up-down':
      case 'gauge': {
        const dataPoints = readGauge(key).map(({ labels, value }) => point(labels, value));
        return kind === 'gauge'
          ? { ...common, dataPointType: 2, dataPoints }
          : { ...common, dataPointType: 3, isMonotonic: false, dataPoints };
      }
    }
  }
}

function produced({ bounds, counts, sum }: HistogramValues): ProducedHistogram {
  return {
    buckets: { boundaries: [...bounds], counts: [...counts] },
    count: counts.reduce((all, count) => all + count, 0),
    sum,
  };
}
