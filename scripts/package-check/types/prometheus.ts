import { metrics, type HasuraAuthMetrics } from '@hasura-auth/prometheus';
import { Registry } from 'prom-client';
export const running: HasuraAuthMetrics = metrics({ register: new Registry(), roles: ['user'] });
// @ts-expect-error roles are texts
metrics({ roles: [1] });
