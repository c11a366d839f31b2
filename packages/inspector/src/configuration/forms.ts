import type { JwtSecret } from '@hasura-auth/core';

/** A way to write a JWT configuration down, for the place that it is used in. */
export interface ConfigurationForm {
  /** The name on the command line, such as `compose`. */
  readonly name: string;
  /** Where the form is used. */
  readonly title: string;
  /** The text of the form, with a line break at its end. */
  print(secret: JwtSecret): string;
}

const variable = 'HASURA_GRAPHQL_JWT_SECRET';

/** A character as JSON writes any: it means the same inside a string, and no shell or file format reads it. */
const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The configuration in one line of ASCII without single quotes, so that `'…'` around it means the same to a shell, to
 * `.env` files and to YAML.
 */
function oneLine(secret: JwtSecret): string {
  return JSON.stringify(secret).replaceAll(/[^\x20-\x7e]|'/g, escaped);
}

/** A JSON value as TypeScript is usually written: names without quotes, strings in single quotes. */
function typescriptLiteral(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value))
    return `[${value.map((item) => typescriptLiteral(item, indent)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : typescriptLiteral(name, '');
    return `${inner}${key}: ${typescriptLiteral(member, inner)},\n`;
  });
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}

/** Every form, the default first. Each is read back by its consumer to the same configuration. */
export const forms: readonly ConfigurationForm[] = [
  {
    name: 'json',
    title: 'JSON',
    print: (secret) => `${JSON.stringify(secret, undefined, 2)}\n`,
  },
  {
    name: 'line',
    title: 'One line, for a field in a console',
    print: (secret) => `${oneLine(secret)}\n`,
  },
  {
    name: 'shell',
    title: 'Shell',
    print: (secret) => `export ${variable}='${oneLine(secret)}'\n`,
  },
  {
    name: 'env',
    title: '.env file',
    print: (secret) => `${variable}='${oneLine(secret)}'\n`,
  },
  {
    name: 'compose',
    title: 'Docker Compose',
    // Compose replaces variables in values; `$$` is a dollar sign.
    print: (secret) =>
      `services:\n  graphql-engine:\n    environment:\n      ${variable}: '${oneLine(secret).replaceAll('$', '$$$$')}'\n`,
  },
  {
    name: 'kubernetes',
    title: 'Kubernetes Secret',
    print: (secret) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: hasura-auth\ntype: Opaque\nstringData:\n  ${variable}: '${oneLine(secret)}'\n`,
  },
  {
    name: 'typescript',
    title: 'TypeScript',
    print: (secret) =>
      `import type { JwtSecret } from '@hasura-auth/core';\n\nexport const jwtSecret: JwtSecret = ${typescriptLiteral(secret, '')};\n`,
  },
];
