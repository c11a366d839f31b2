/** For packages that record metrics and traces: the table of metrics, and what fills it. */
export { sessionOfContext } from './observability/contexts.js';
export {
  metrics,
  type LabelName,
  type Labels,
  type Metric,
  type MetricKey,
} from './observability/metrics.js';
export {
  HistogramValues,
  recordMetrics,
  type MetricOptions,
  type MetricSink,
  type RecordValue,
} from './observability/record-metrics.js';
export {
  everySeries,
  methodLabels,
  mostRoles,
  parseRoles,
  readGauge,
  refusalLabels,
  type Sample,
} from './observability/series.js';
