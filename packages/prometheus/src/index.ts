import { ConfigError } from '@hasura-auth/core';
import { recordOf } from '@hasura-auth/core/adapter';
import {
  everySeries,
  metrics as table,
  parseRoles,
  readGauge,
  recordMetrics,
  type MetricKey,
  type MetricOptions,
} from '@hasura-auth/core/observability';
import {
  Gauge,
  register as defaultRegister,
  type OpenMetricsContentType,
  type PrometheusContentType,
  type Registry,
} from 'prom-client';
import { promLabels, recordedMetric, type RecordedMetric } from './recorded-metric.js';

/** A registry of prom-client, of either content type. */
export type AnyRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

/** What `metrics` takes. */
export interface PrometheusOptions extends MetricOptions {
  /** The registry that the metrics are added to. Default: prom-client's own, `client.register`. */
  readonly register?: AnyRegistry | undefined;
}

/** The metrics of this library in a registry. */
export interface HasuraAuthMetrics {
  /** Stops recording and removes the metrics from the registry. */
  stop(): void;
}

const keys = Object.keys(table) as readonly MetricKey[]; // of the one table

/** The part of a registry that does not depend on its content type. */
interface RegistryParts {
  getSingleMetric(name: string): unknown;
  registerMetric(metric: unknown): void;
  removeSingleMetric(name: string): void;
}

function refuseSecondCall(register: RegistryParts): void {
  if (keys.every((key) => register.getSingleMetric(table[key].prometheus) === undefined)) return;
  throw new ConfigError(
    'register',
    'this registry has the metrics already; call metrics() once for all authenticators of the process, or stop() the first',
  );
}

/** A gauge whose values are read at the time of a scrape. */
function addGauge(key: MetricKey, register: AnyRegistry): void {
  const { prometheus, help, labels, aggregation } = table[key];
  new Gauge({
    name: prometheus,
    help,
    labelNames: labels,
    aggregator: aggregation,
    registers: [register],
    collect() {
      this.reset(); // a key set of an authenticator that was closed has no value any more
      for (const { labels: of, value } of readGauge(key)) this.set(promLabels(of), value);
    },
  });
}

/** A histogram or counter, into which events are recorded. */
function addRecorded(
  key: MetricKey,
  type: RecordedMetric['type'],
  roles: readonly string[] | undefined,
  register: RegistryParts,
): RecordedMetric {
  const metric = recordedMetric(table[key], type);
  // Series begin at zero, so that `increase` sees their first value; those of key sets when they are known.
  const begin = (): void => {
    for (const labels of everySeries(key, roles)) metric.series(labels);
  };
  const { get } = metric;
  const shown = Object.assign(metric, {
    get() {
      begin();
      return get.call(shown);
    },
  });
  register.registerMetric(shown);
  return shown;
}

/**
 * Adds the metrics of this library to a registry of prom-client and records into them, for all authenticators of the
 * process. Series begin at zero. Call it once, before the app listens.
 *
 * @throws ConfigError if an option is wrong, or if the registry has the metrics already.
 * @example
 * metrics();
 * app.get('/metrics', async (req, res) => {
 *   res.type(client.register.contentType).send(await client.register.metrics());
 * });
 */
export function metrics(options: PrometheusOptions = {}): HasuraAuthMetrics {
  recordOf(options, ['register', 'roles'], 'options');
  const { register = defaultRegister } = options;
  const roles = parseRoles(options.roles);
  refuseSecondCall(register);
  const recorded = new Map<MetricKey, RecordedMetric>();
  for (const key of keys) {
    const { kind } = table[key];
    if (kind === 'gauge' || kind === 'up-down') addGauge(key, register);
    else recorded.set(key, addRecorded(key, kind, roles, register));
  }
  const stop = recordMetrics(
    { series: (key, labels) => recorded.get(key)?.series(labels) ?? (() => undefined) },
    { roles },
  );
  return {
    stop() {
      stop();
      for (const key of keys) register.removeSingleMetric(table[key].prometheus);
    },
  };
}
