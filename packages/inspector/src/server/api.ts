import { ConfigError } from '@hasura-auth/core';
import { forms } from '../configuration/forms.js';
import { providers } from '../configuration/providers.js';
import { InputError } from '../input/input-error.js';
import { isRecord, json, RequestError, type Reply } from './exchange.js';
import { exampleOf } from './examples.js';
import type { Explainer } from './explaining.js';
import { act, actionsOf, type DevelopmentIssuer } from './issuer.js';
import type { Changes, Failure, GeneratedConfiguration, Start } from './messages.js';

type Body = Readonly<Record<string, unknown>>;

/** What the page asks its server, by name; each throws a RequestError, an InputError or a ConfigError. */
export type Api = ReadonlyMap<string, (body: Body) => Promise<object>>;

/** The functions behind the page. */
export function createApi(explainer: Explainer, issuer: DevelopmentIssuer | undefined): Api {
  return new Map<string, (body: Body) => Promise<object>>([
    ['start', async () => start(explainer, issuer)],
    [
      'explain',
      async (body) =>
        explainer.explain({
          request: textOf(body, 'request'),
          configuration:
            body['configuration'] === undefined ? undefined : textOf(body, 'configuration'),
          changes: changesOf(body['changes']),
        }),
    ],
    [
      'example',
      async (body) => {
        const example = await exampleOf(textOf(body, 'name'));
        if (example === undefined) throw new RequestError(400, 'name: expected one of the list.');
        return example;
      },
    ],
    ['configuration', async (body) => generated(body)],
    ['token', async (body) => ({ token: await tokenOf(body, known(issuer)) })],
    [
      'issuer',
      async (body) => {
        const done = await act(known(issuer), textOf(body, 'action'));
        if (done === undefined) throw new RequestError(400, 'The issuer has no such action.');
        return { done };
      },
    ],
  ]);
}

/** The response to what was thrown: a sentence, and nothing of what was sent. */
export function failureOf(error: unknown): Reply {
  if (error instanceof RequestError) return failure(error.status, error.message);
  if (error instanceof InputError || error instanceof ConfigError)
    return failure(400, `${sentence(error.message)}`);
  return failure(500, 'The inspector failed; this is a bug in it.');
}

function failure(status: number, error: string): Reply {
  return json(status, { error } satisfies Failure);
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function start(explainer: Explainer, issuer: DevelopmentIssuer | undefined): Start {
  return {
    configuration: explainer.configuration,
    issuer: issuer && { name: issuer.issuer, controls: actionsOf(issuer) },
    providers: providers.map(({ name, title, questions }) => ({ name, title, questions })),
    forms: forms.map(({ name, title }) => ({ name, title })),
  };
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new RequestError(400, `${name}: expected a text.`);
}

function changesOf(value: unknown): Changes | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new RequestError(400, 'changes: expected an object.');
  const { role, payload } = value;
  if (role !== undefined && typeof role !== 'string')
    throw new RequestError(400, 'role: expected a text.');
  if (payload !== undefined && !isRecord(payload))
    throw new RequestError(400, 'The claims of a token are a JSON object.');
  return { role, payload };
}

function generated(body: Body): GeneratedConfiguration {
  const provider = providers.find(({ name }) => name === body['provider']);
  const form = forms.find(({ name }) => name === body['form']);
  if (provider === undefined) throw new RequestError(400, 'provider: expected one of the list.');
  if (form === undefined) throw new RequestError(400, 'form: expected one of the list.');
  const answers = isRecord(body['answers']) ? body['answers'] : {};
  const asked = provider.questions.map(
    ({ name }) => [name, answerOf(answers[name], name)] as const,
  );
  const secret = provider.secret(Object.fromEntries(asked));
  return { text: form.print(secret), json: JSON.stringify(secret, undefined, 2) };
}

function answerOf(value: unknown, name: string): string | readonly string[] | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (isTexts(value)) return value;
  throw new RequestError(400, `${name}: expected a text.`);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function known(issuer: DevelopmentIssuer | undefined): DevelopmentIssuer {
  if (issuer !== undefined) return issuer;
  throw new RequestError(404, 'This server has no development issuer.');
}

const tenYears = 315_360_000;

function tokenOf(body: Body, issuer: DevelopmentIssuer): Promise<string> {
  const role = textOf(body, 'role');
  if (role === '') throw new RequestError(400, 'Enter a default role.');
  const { roles, variables, expiresIn } = body;
  if (!isTexts(roles)) throw new RequestError(400, 'roles: expected a list of texts.');
  if (!isVariables(variables))
    throw new RequestError(
      400,
      'A session variable has a name such as x-hasura-user-id, and a text.',
    );
  if (
    typeof expiresIn !== 'number' ||
    !Number.isInteger(expiresIn) ||
    Math.abs(expiresIn) > tenYears
  )
    throw new RequestError(400, 'Enter after how many seconds the token expires, a whole number.');
  return issuer.token({ role, roles, variables, expiresIn });
}

function isVariables(value: unknown): value is Readonly<Record<`x-hasura-${string}`, string>> {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, text]) => /^x-hasura-[^\sA-Z]+$/.test(name) && typeof text === 'string',
    )
  );
}
