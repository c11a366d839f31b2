import {
  HasuraAuthInstrumentation,
  type HasuraAuthInstrumentationConfig,
} from '@hasura-auth/opentelemetry';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
const config: HasuraAuthInstrumentationConfig = { spans: 'all', userId: 'x-hasura-user-id' };
registerInstrumentations({ instrumentations: [new HasuraAuthInstrumentation(config)] });
// @ts-expect-error one of three texts
new HasuraAuthInstrumentation({ spans: true });
