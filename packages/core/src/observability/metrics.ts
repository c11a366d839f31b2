/**
 * The one table of metrics. `@hasura-auth/opentelemetry` and `@hasura-auth/prometheus` make their instruments from it, and
 * `recordMetrics` fills both, so that they cannot drift.
 */

/** One metric by both of its names. */
export interface Metric {
  /** `up-down` and `gauge` are read at the time of a scrape, the others recorded as events come. */
  readonly kind: 'histogram' | 'counter' | 'gauge' | 'up-down';
  /** The name in OpenTelemetry. */
  readonly name: string;
  /** The name in Prometheus, with its unit. */
  readonly prometheus: string;
  /** The unit in OpenTelemetry: `s`, or what is counted. */
  readonly unit: string;
  readonly help: string;
  /** The labels as OpenTelemetry names them; Prometheus has `_` for the point. */
  readonly labels: readonly LabelName[];
  /** How values of several processes make one. */
  readonly aggregation: 'sum' | 'max' | 'min';
  /** The bounds of a histogram, in its unit; absent for other kinds. */
  readonly buckets?: readonly number[];
}

/** The metrics by short names for code. */
export type MetricKey =
  | 'decisions'
  | 'tokenLookups'
  | 'keySetFetches'
  | 'keySetAge'
  | 'keySetKeys'
  | 'webhooks'
  | 'connections'
  | 'closedConnections'
  | 'revocations'
  | 'revocationStaleness';

/** The names of all labels. */
export type LabelName =
  'method' | 'result' | 'error.type' | 'role' | 'key_set' | 'cache' | 'cause' | 'by';

/** The labels of one series; an absent one has no value. */
export type Labels = Readonly<Partial<Record<LabelName, string>>>;

const micro = 1e-6;
const milli = 1e-3;

/**
 * From 5 µs to 5 s: a token that was verified before takes a few microseconds, and OpenTelemetry's default buckets begin
 * at 5 ms.
 */
const decisionBuckets: readonly number[] = [
  ...[5, 10, 25, 50, 100, 250, 500].map((us) => Number((us * micro).toFixed(6))),
  ...[1, 5, 10, 50, 100, 500].map((ms) => Number((ms * milli).toFixed(3))),
  1,
  5,
];
/** What crosses the network: from 1 ms to 10 s. */
const networkBuckets: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Every metric. */
export const metrics: Readonly<Record<MetricKey, Metric>> = {
  decisions: {
    kind: 'histogram',
    name: 'hasura_auth.authenticate.duration',
    prometheus: 'hasura_auth_authenticate_duration_seconds',
    unit: 's',
    help: 'How long decisions about requests and connections took.',
    labels: ['method', 'result', 'error.type'],
    aggregation: 'sum',
    buckets: decisionBuckets,
  },
  tokenLookups: {
    kind: 'counter',
    name: 'hasura_auth.token_cache.lookups',
    prometheus: 'hasura_auth_token_cache_lookups_total',
    unit: '{lookup}',
    help: 'How often a token was looked for among the verified ones.',
    labels: ['result'],
    aggregation: 'sum',
  },
  keySetFetches: {
    kind: 'histogram',
    name: 'hasura_auth.key_set.fetch.duration',
    prometheus: 'hasura_auth_key_set_fetch_duration_seconds',
    unit: 's',
    help: 'How long fetches of key sets took.',
    labels: ['key_set', 'error.type'],
    aggregation: 'sum',
    buckets: networkBuckets,
  },
  keySetAge: {
    kind: 'gauge',
    name: 'hasura_auth.key_set.age',
    prometheus: 'hasura_auth_key_set_age_seconds',
    unit: 's',
    help: 'How long ago the key set in use was fetched.',
    labels: ['key_set'],
    aggregation: 'max',
  },
  keySetKeys: {
    kind: 'gauge',
    name: 'hasura_auth.key_set.keys',
    prometheus: 'hasura_auth_key_set_keys',
    unit: '{key}',
    help: 'How many keys of the key set can be used; 0 if there is no set.',
    labels: ['key_set'],
    aggregation: 'min',
  },
  webhooks: {
    kind: 'histogram',
    name: 'hasura_auth.webhook.duration',
    prometheus: 'hasura_auth_webhook_duration_seconds',
    unit: 's',
    help: 'How long questions to the auth webhook took.',
    labels: ['cache', 'error.type'],
    aggregation: 'sum',
    buckets: networkBuckets,
  },
  connections: {
    kind: 'up-down',
    name: 'hasura_auth.connection.active',
    prometheus: 'hasura_auth_connections_active',
    unit: '{connection}',
    help: 'How many WebSockets are open.',
    labels: [],
    aggregation: 'sum',
  },
  closedConnections: {
    kind: 'counter',
    name: 'hasura_auth.connection.closed',
    prometheus: 'hasura_auth_connections_closed_total',
    unit: '{connection}',
    help: 'How many WebSockets have ended.',
    labels: ['cause'],
    aggregation: 'sum',
  },
  revocations: {
    kind: 'gauge',
    name: 'hasura_auth.revocation.entries',
    prometheus: 'hasura_auth_revocation_entries',
    unit: '{entry}',
    help: 'How many revocations are in force.',
    labels: ['by'],
    aggregation: 'max',
  },
  revocationStaleness: {
    kind: 'gauge',
    name: 'hasura_auth.revocation.staleness',
    prometheus: 'hasura_auth_revocation_staleness_seconds',
    unit: 's',
    help: 'How long ago the store of revocations was last heard of.',
    labels: [],
    aggregation: 'max',
  },
};
