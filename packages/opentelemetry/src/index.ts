export {
  HasuraAuthInstrumentation,
  type HasuraAuthInstrumentationConfig,
} from './instrumentation.js';
