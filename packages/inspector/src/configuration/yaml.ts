import { parseAllDocuments } from 'yaml';
import { boundedText, InputError } from '../input/input-error.js';
import { interpolated, type Lookup } from './interpolation.js';

/** Variables by name, as an environment has them. */
export type Variables = Readonly<Record<string, unknown>>;
type Members = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which service of a compose file is meant, and what its variables refer to. */
export interface ComposeOptions {
  /** The name of the service. Default: `graphql-engine`, or the only one with `HASURA_GRAPHQL_` variables. */
  readonly service?: string | undefined;
  /** The variables that a compose file refers to. Default: none is set. */
  readonly lookup?: Lookup | undefined;
}

/** The documents of a YAML text. A parser's own message quotes the text, so that only its line is kept. */
export function readYaml(text: string): unknown[] {
  try {
    return parseAllDocuments(text, { merge: true, prettyErrors: true, logLevel: 'silent' }).map(
      (document) => {
        const [error] = document.errors;
        if (error !== undefined) throw notYaml(error.linePos?.[0].line);
        return document.toJS({ maxAliasCount: 100 }) as unknown;
      },
    );
  } catch (error) {
    throw error instanceof InputError ? error : notYaml(undefined);
  }
}

function notYaml(line: number | undefined): InputError {
  const place = line === undefined ? '' : ` in line ${String(line)}`;
  return new InputError(
    `the text is neither JSON, lines of NAME=value nor YAML; the YAML has a mistake${place}`,
  );
}

/** A list of `NAME=value`, or a record: the two forms of `environment` in a compose file. */
function environmentOf(environment: unknown, lookup: Lookup): Variables {
  const entries: [string, unknown][] = Array.isArray(environment)
    ? environment.map((item): [string, unknown] => {
        const text = String(item);
        const at = text.indexOf('=');
        return at === -1 ? [text, lookup(text)] : [text.slice(0, at), text.slice(at + 1)];
      })
    : Object.entries(isRecord(environment) ? environment : {});
  return Object.fromEntries(
    entries
      .map(([name, value]): [string, unknown] => [
        name,
        typeof value === 'string' ? interpolated(value, lookup) : (value ?? lookup(name)),
      ])
      .filter(([, value]) => value !== undefined),
  );
}

const hasEngineVariables = (variables: Variables): boolean =>
  Object.keys(variables).some((name) => name.startsWith('HASURA_GRAPHQL_'));

/** The service of a compose file that the options name, or that has the engine's variables. */
export function composeService(
  file: unknown,
  { service, lookup = () => undefined }: ComposeOptions,
): { readonly definition: Members; readonly variables: Variables } {
  const services = isRecord(file) && isRecord(file['services']) ? file['services'] : undefined;
  if (services === undefined)
    throw new InputError('expected a compose file with the member "services"');
  const found = Object.entries(services).flatMap(([name, definition]) =>
    isRecord(definition)
      ? [{ name, definition, variables: environmentOf(definition['environment'], lookup) }]
      : [],
  );
  const wanted = service ?? 'graphql-engine';
  const chosen = found.find(({ name }) => name === wanted);
  if (chosen !== undefined) return chosen;
  if (service !== undefined)
    throw new InputError(
      'the compose file has no service of this name; it has ' +
        found.map(({ name }) => name).join(', '),
    );
  const [only, ...others] = found.filter(({ variables }) => hasEngineVariables(variables));
  if (only !== undefined && others.length === 0) return only;
  throw new InputError(
    only === undefined
      ? 'no service of the compose file has HASURA_GRAPHQL_ variables; name the service'
      : 'several services of the compose file have HASURA_GRAPHQL_ variables; name the service',
  );
}

/** A file with variables that a service of a compose file names, with its path relative to that file. */
export interface EnvFile {
  readonly path: string;
  /** Whether it is a mistake if the file is absent. */
  readonly required: boolean;
}

function envFilesOf(value: unknown): EnvFile[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    if (typeof item === 'string') return [{ path: item, required: true }];
    if (!isRecord(item) || typeof item['path'] !== 'string') return [];
    return [{ path: item['path'], required: item['required'] !== false }];
  });
}

/**
 * The variables of one service of a compose file, and the files with more of them, which are not read here; the variables
 * take precedence. Throws an InputError.
 *
 * @example
 * const { variables } = readComposeService(text, { service: 'graphql-engine', lookup: (name) => process.env[name] });
 */
export function readComposeService(
  text: string,
  options: ComposeOptions,
): { readonly envFiles: readonly EnvFile[]; readonly variables: Variables } {
  const [file] = readYaml(boundedText(text, 'compose file'));
  const { definition, variables } = composeService(file, options);
  return { envFiles: envFilesOf(definition['env_file']), variables };
}

/** The variables of a Secret, a ConfigMap, or of a workload's containers. */
function kubernetesVariables(document: Members): Variables {
  const { kind, data, stringData, spec } = document;
  const entries = (value: unknown): [string, unknown][] =>
    isRecord(value) ? Object.entries(value) : [];
  if (kind === 'ConfigMap') return Object.fromEntries(entries(data));
  if (kind === 'Secret')
    return Object.fromEntries([
      ...entries(data).map(([name, value]): [string, unknown] => [
        name,
        typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined,
      ]),
      ...entries(stringData),
    ]);
  const template = isRecord(spec) ? spec['template'] : undefined;
  const pod = isRecord(template) ? template['spec'] : spec;
  const containers: unknown = isRecord(pod) ? pod['containers'] : undefined;
  const variables = (Array.isArray(containers) ? (containers as unknown[]) : []).flatMap(
    (container) => {
      const env = isRecord(container) ? container['env'] : undefined;
      return Array.isArray(env) ? (env as unknown[]).filter(isRecord) : [];
    },
  );
  return Object.fromEntries(variables.map(({ name, value }) => [String(name), value]));
}

/** The engine's variables in YAML: a compose file, Kubernetes manifests, or a record of variables. */
export function yamlVariables(text: string, options: ComposeOptions): Variables {
  const documents = readYaml(text).filter(isRecord);
  const [first] = documents;
  if (first === undefined)
    throw new InputError(
      'expected a JWT secret in JSON, lines of HASURA_GRAPHQL_ variables, a compose file or a Kubernetes manifest',
    );
  if (isRecord(first['services'])) return composeService(first, options).variables;
  if (documents.some(({ kind }) => typeof kind === 'string'))
    return Object.assign({}, ...documents.map(kubernetesVariables)) as Variables;
  return first;
}
