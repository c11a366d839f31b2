// Compiled by `pnpm typecheck`, never run: what must compile compiles, and what must not is marked as an expected error.
import { unrun } from '@hasura-auth/testkit';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import {
  HasuraAuthInstrumentation,
  HasuraAuthMetricProducer,
  type HasuraAuthInstrumentationConfig,
} from '@hasura-auth/opentelemetry';

unrun(() => {
  const config: HasuraAuthInstrumentationConfig = {
    spans: 'waiting',
    roles: ['user'],
    userId: 'x-hasura-user-id',
    userHash: { variable: 'x-hasura-user-id', key: 'a-secret-of-thirty-two-characters' },
  };
  const instrumentation: Instrumentation = new HasuraAuthInstrumentation(config);
  registerInstrumentations({
    instrumentations: [instrumentation, new HasuraAuthInstrumentation()],
  });
  const producer: MetricProducer = new HasuraAuthMetricProducer({ roles: ['user'] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
  // @ts-expect-error one of three texts
  new HasuraAuthInstrumentation({ spans: 'some' });
  // @ts-expect-error a hash has a key
  new HasuraAuthInstrumentation({ userHash: { variable: 'x-hasura-user-id' } });
  // @ts-expect-error a wrong option is found
  new HasuraAuthInstrumentation({ user: 'x-hasura-user-id' });
});
