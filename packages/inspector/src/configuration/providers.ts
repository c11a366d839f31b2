import { ConfigError, presets, type JwtSecret } from '@hasura-auth/core';
import { InputError } from '../input/input-error.js';
import { checkedSecret } from './checked-secret.js';
import { customProvider } from './custom-provider.js';
import { withPem } from './pem.js';
import type { Provider } from './provider.js';
import {
  claimsFrom,
  claimsMapHelp,
  claimsQuestions,
  pemQuestion,
  textOf,
  type Answers,
  type Question,
} from './questions.js';

/** A question whose answer is an option of the preset, under the same name unless `option` has another. */
interface PresetQuestion extends Question {
  readonly option?: string;
  readonly read?: (answer: Answers[string]) => unknown;
}

const required = (name: string, label: string, help: string, more?: Partial<PresetQuestion>) =>
  ({ name, label, help, required: true, ...more }) satisfies PresetQuestion;
const optional = (name: string, label: string, help: string, more?: Partial<PresetQuestion>) =>
  ({ name, label, help, required: false, ...more }) satisfies PresetQuestion;

/** Presets check every option when they run, so that answers of any form may be passed to them. */
type Preset = (options: object) => JwtSecret;

function fromPreset(
  name: string,
  title: string,
  preset: Preset,
  own: readonly PresetQuestion[],
): Provider {
  const isOwn = (name: string): boolean => own.some((question) => question.name === name);
  const others = [pemQuestion, ...claimsQuestions].filter((question) => !isOwn(question.name));
  const questions = [...own, ...others];
  const questionOf = (option: string): string | undefined => {
    const last = option.split('.')[2];
    return own.find((question) => (question.option ?? question.name) === last)?.name;
  };
  return {
    name,
    title,
    questions: questions.map(
      ({ option: _option, read: _read, ...question }: PresetQuestion) => question,
    ),
    secret(answers) {
      const options: Record<string, unknown> = {};
      for (const question of own) {
        const answer = single(answers[question.name]);
        if (answer === undefined || answer === '') {
          if (question.required) throw absent(question);
        } else if (question.name !== 'claims-map')
          options[question.option ?? question.name] = question.read?.(answer) ?? answer;
      }
      const claims = claimsFrom(answers);
      const pem = textOf(answers['pem']);
      try {
        const secret = preset(claims === undefined ? options : { ...options, claims });
        const names = questions.map((question) => question.name);
        return checkedSecret(pem === undefined ? secret : withPem(secret, pem), names);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const asked = questionOf(error.option) ?? 'claims-map';
        throw new InputError(error.named(asked).message, { question: asked });
      }
    },
  };
}

function absent({ name, label, help }: Question): InputError {
  return new InputError(`${name} is missing: ${label.toLowerCase()}, ${help}`, { question: name });
}

/** One of one answer is that answer, as an app would write it. */
function single(answer: Answers[string]): Answers[string] {
  return typeof answer === 'object' && answer.length === 1 ? answer[0] : answer;
}

const manyAudiences = { many: true };

/** Every provider that has a preset, in the order of their names, and last any other. */
export const providers: readonly Provider[] = [
  fromPreset('auth0', 'Auth0', presets.auth0 as Preset, [
    required('domain', 'Domain', 'such as my-tenant.eu.auth0.com'),
    required('audience', 'Audience', 'the identifier of the API in Auth0', manyAudiences),
  ]),
  fromPreset('better-auth', 'Better Auth', presets.betterAuth as Preset, [
    required('url', 'Address of the app', 'its baseURL, such as https://app.example.com'),
    optional('issuer', 'Issuer', 'jwt.issuer of the plugin, if it is set'),
    optional('audience', 'Audience', 'jwt.audience of the plugin, if it is set', manyAudiences),
  ]),
  fromPreset('clerk', 'Clerk', presets.clerk as Preset, [
    required('frontend-api', 'Frontend API', 'such as clerk.example.com', {
      option: 'frontendApi',
    }),
    optional('audience', 'Audience', 'the aud that the JWT template adds, if any', manyAudiences),
  ]),
  fromPreset('cognito', 'Amazon Cognito', presets.cognito as Preset, [
    required('user-pool', 'User pool id', 'such as eu-central-1_AbCdEf123', {
      option: 'userPoolId',
    }),
    optional('audience', 'Audience', 'the app client id, if clients send ID tokens', manyAudiences),
    optional('issuer', 'Issuer of the pool', 'original or updated', {
      choices: ['original', 'updated'],
    }),
  ]),
  fromPreset('entra-id', 'Microsoft Entra ID', presets.entraId as Preset, [
    required('tenant', 'Tenant id', 'a GUID', { option: 'tenantId' }),
    required('audience', 'Audience', "the API's application (client) id", manyAudiences),
    optional('token-version', 'Version of access tokens', '1 or 2', {
      option: 'tokenVersion',
      choices: ['1', '2'],
      read: (answer) => Number(answer),
    }),
    optional('cloud', 'Cloud', 'global unless the tenant is in a national cloud', {
      choices: ['global', 'us-government', 'china', 'external-id'],
    }),
  ]),
  fromPreset('firebase', 'Firebase', presets.firebase as Preset, [
    required('project', 'Project id', 'such as my-app-1234', { option: 'projectId' }),
  ]),
  fromPreset('fusion-auth', 'FusionAuth', presets.fusionAuth as Preset, [
    required('url', 'Address of FusionAuth', 'such as https://auth.example.com'),
    required('issuer', 'Issuer', "the issuer in the tenant's JWT settings"),
    required('audience', 'Audience', "the application's id", manyAudiences),
  ]),
  fromPreset('google', 'Google', presets.google as Preset, [
    required('client-id', 'Client id', 'such as 1234-abc.apps.googleusercontent.com', {
      option: 'clientId',
      many: true,
    }),
    // Google's tokens cannot contain session variables.
    required('claims-map', 'Session variables from other claims', claimsMapHelp),
  ]),
  fromPreset('keycloak', 'Keycloak', presets.keycloak as Preset, [
    required('url', 'Address of Keycloak', 'such as https://sso.example.com'),
    required('realm', 'Realm', 'its name, as in its address'),
    optional('audience', 'Audience', 'the aud that an audience mapper adds', manyAudiences),
  ]),
  fromPreset('kinde', 'Kinde', presets.kinde as Preset, [
    required('domain', 'Domain', 'such as my-business.kinde.com'),
    required('audience', 'Audience', 'the audience of the API in Kinde', manyAudiences),
  ]),
  fromPreset('logto', 'Logto', presets.logto as Preset, [
    required('endpoint', 'Endpoint', 'such as https://my-tenant.logto.app'),
    required('audience', 'Audience', 'the indicator of the API resource', manyAudiences),
  ]),
  fromPreset('nhost', 'Nhost', presets.nhost as Preset, [
    required('subdomain', 'Subdomain', 'such as abcdefghijklmnopqrst'),
    required('region', 'Region', 'such as eu-central-1'),
    optional('issuer', 'Issuer', "the iss of the project's tokens"),
  ]),
  fromPreset('okta', 'Okta', presets.okta as Preset, [
    required('domain', 'Domain', 'such as my-org.okta.com'),
    required('audience', 'Audience', 'such as api://default', manyAudiences),
    optional('server', 'Authorization server', 'its id, default if absent', {
      option: 'authorizationServerId',
    }),
  ]),
  fromPreset('supabase', 'Supabase', presets.supabase as Preset, [
    required('project', 'Project reference', 'such as abcdefghijklmnopqrst', {
      option: 'projectRef',
    }),
    optional('audience', 'Audience', 'authenticated if absent', manyAudiences),
  ]),
  fromPreset('workos', 'WorkOS', presets.workos as Preset, [
    required('client-id', 'Client id', 'such as client_01ABCDEF', { option: 'clientId' }),
    optional('issuer', 'Issuer', 'https://api.workos.com in older applications'),
    optional('audience', 'Audience', 'the aud that the JWT template adds, if any', manyAudiences),
  ]),
  customProvider,
];
