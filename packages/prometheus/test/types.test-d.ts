// Compiled by `pnpm typecheck`, never run: what must compile compiles, and what must not is marked as an expected error.
import { unrun, type Equal, proves } from '@hasura-auth/testkit';
import * as client from 'prom-client';
import { metrics, type HasuraAuthMetrics, type PrometheusOptions } from '@hasura-auth/prometheus';

unrun(() => {
  proves<Equal<ReturnType<typeof metrics>, HasuraAuthMetrics>>(true);
  metrics().stop();
  proves<Equal<PrometheusOptions['roles'], readonly string[] | undefined>>(true);
  metrics({ register: client.register });
  metrics({ register: new client.Registry<client.OpenMetricsContentType>(), roles: ['user'] });
  // @ts-expect-error a registry, not its name
  metrics({ register: 'default' });
  // @ts-expect-error roles are texts
  metrics({ roles: [7] });
  // @ts-expect-error no other option
  metrics({ prefix: 'app_' });
});
