export {
  HasuraAuthMetricProducer,
  type NoResource,
  type ProducedHistogram,
  type ProducedMetric,
  type ProducedMetrics,
  type ProducedPoint,
} from './metric-producer.js';
export {
  HasuraAuthInstrumentation,
  type HasuraAuthInstrumentationConfig,
} from './instrumentation.js';
