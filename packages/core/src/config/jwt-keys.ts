import { ConfigError } from '../errors.js';
import { algorithms, canonical, isAlgorithm, type Algorithm } from '../keys/algorithms.js';
import type { JwtConfig } from '../jwt/jwt-config.js';
import type { KeySource } from '../keys/key-source.js';
import { remoteJwks, type KeySetBounds } from '../keys/remote-jwks.js';
import {
  algorithmsOf,
  keyTypes,
  readStaticKey,
  staticKeySource,
  type KeyType,
  type StaticKey,
} from '../keys/static-key.js';
import { kindOf, nonEmptyString, stringList } from '../option-checks.js';
import { parseJwkUrl } from './jwk-url.js';
import type { Runtime } from '../runtime.js';

type Members = Readonly<Record<string, unknown>>;

/** What the keys need to know of the other options. */
export interface KeysContext {
  readonly keySets: KeySetBounds;
  readonly runtime: Runtime;
}

/** The keys of one JWT configuration, and what they allow. */
export interface Keys {
  readonly source: KeySource;
  /** What tokens may be signed with, as far as it is known at start. */
  readonly possible: readonly Algorithm[];
}

/** Reads `type` and `key`, or `jwk_url`. */
export function parseKeys(
  secret: Members,
  option: string,
  { keySets, runtime }: KeysContext,
): Keys {
  const { type, key, jwk_url } = secret;
  if (key !== undefined && jwk_url !== undefined)
    throw new ConfigError(option, 'key and jwk_url cannot both be set; keep one of them');
  if (jwk_url !== undefined) {
    const { audience } = secret;
    const url = parseJwkUrl(jwk_url, option, { audience, logger: runtime.logger });
    const possible = Object.keys(algorithms).filter(isAlgorithm);
    return {
      source: remoteJwks(url, keySets, runtime),
      possible: possible.filter((name) => algorithms[name].family !== 'hmac'),
    };
  }
  if (key === undefined)
    throw new ConfigError(option, 'one of key and jwk_url is needed, and neither is there');
  if (type === undefined)
    throw new ConfigError(option, `type is needed beside key; it is one of ${keyTypes.join(', ')}`);
  const keyType = keyTypes.find((name) => name === type);
  if (keyType === undefined) {
    // no name of an algorithm is longer, and a secret that was put here by mistake is
    const short = typeof type === 'string' && type !== '' && type.length <= 10;
    const given = short ? JSON.stringify(type) : kindOf(type);
    throw new ConfigError(`${option}.type`, `expected one of ${keyTypes.join(', ')}, not ${given}`);
  }
  const text = nonEmptyString(key, `${option}.key`);
  const { key: imported, warnings } = importKey(keyType, text, `${option}.key`, runtime.now());
  for (const warning of warnings) runtime.logger.warn(`${option}.key: ${warning}`);
  return { source: staticKeySource(imported), possible: algorithmsOf(imported.family) };
}

function importKey(type: KeyType, text: string, option: string, now: number): StaticKey {
  try {
    return readStaticKey(type, text, now);
  } catch (error) {
    const { message } = error as Error; // in words of readStaticKey's own, which never quote the key
    throw new ConfigError(option, message);
  }
}

/** Reads `algorithms`: the only ones that a token may use, out of those that fit the keys. */
export function parseAllowed(
  value: unknown,
  possible: readonly Algorithm[],
  option: string,
): JwtConfig['allows'] {
  if (value === undefined) return () => true;
  const allowed = new Set(
    stringList(value, option).map((name, index) => {
      const found = possible.find((algorithm) => algorithm === name);
      if (found !== undefined) return canonical(found);
      const fitting = possible.join(', ');
      throw new ConfigError(
        `${option}[${String(index)}]`,
        `expected an algorithm that fits the key: ${fitting}`,
      );
    }),
  );
  return (algorithm) => allowed.has(canonical(algorithm));
}
