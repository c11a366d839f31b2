import { isJsonObject } from '@hasura-auth/testkit';

/** Shorter texts stand in messages for other reasons. */
const shortest = 8;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    // a PEM's lines each, its first and last apart: those say what it is
    for (const line of value.split('\n')) if (!line.startsWith('-----')) yield line.trim();
  } else if (Array.isArray(value)) for (const part of value) yield* textsIn(part);
  else if (isJsonObject(value)) for (const part of Object.values(value)) yield* textsIn(part);
}

function* secretsIn(option: string, value: unknown): Generator<string> {
  if (/^admin/i.test(option) || typeof value === 'string') yield* textsIn(value);
  else if (Array.isArray(value)) for (const part of value) yield* secretsIn(option, part);
  else if (isJsonObject(value)) yield* textsIn(value['key']);
}

/** Every text of a configuration that no message may hold: admin secrets, keys, pasted JWT configurations. */
export function configuredSecrets(config: unknown): readonly string[] {
  if (!isJsonObject(config)) return [];
  const secrets = Object.entries(config)
    .filter(([option]) => /^admin|secre?t|secert/i.test(option))
    .flatMap(([option, value]) => [...secretsIn(option, value)]);
  return [...new Set(secrets)].filter((text) => text.length >= shortest);
}
