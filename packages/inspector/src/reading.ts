export { InputError, type InputErrorDetail } from './input/input-error.js';
export { readRequest } from './input/request.js';
export { optionsFromVariables, readConfiguration } from './configuration/read.js';
export {
  readComposeService,
  type ComposeOptions,
  type EnvFile,
  type Variables,
} from './configuration/yaml.js';
export type { Lookup } from './configuration/interpolation.js';
export { providers } from './configuration/providers.js';
export type { Provider } from './configuration/provider.js';
export type { Answers, Question } from './configuration/questions.js';
export { forms, type ConfigurationForm } from './configuration/forms.js';
export { jwtSecretsOf, tokenHeaderOf, type ReadJwtSecret } from './configuration/jwt-secrets.js';
