import { parseJwtSecret } from '../src/config/jwt-secret.js';
import type { JwtSecret } from '../src/config/options.js';
import { parseRuntime } from '../src/runtime.js';
import type { JwtConfig } from '../src/jwt/jwt-config.js';
import { spki } from './tokens.js';

export interface ParsedJwt {
  readonly config: JwtConfig;
  readonly warnings: readonly string[];
}

/** Reads one JWT configuration as `createAuthenticator` does; the key `rsa` unless another one is given. */
export function parsedJwt(
  secret: JwtSecret = {},
  { requireAudience = true, now = Date.now() }: { requireAudience?: boolean; now?: number } = {},
): ParsedJwt {
  const warnings: string[] = [];
  const logger = {
    warn: (message: string) => void warnings.push(message),
    error: (message: string) => void warnings.push(message),
  };
  const key = 'key' in secret || 'jwk_url' in secret ? {} : { type: 'RS256', key: spki('rsa') };
  const config = parseJwtSecret({ ...key, ...secret }, 'jwtSecret', {
    requireAudience,
    keySets: { timeoutMs: 1000, maxBytes: 1000, maxStaleMs: Infinity, waitMs: 100 },
    runtime: parseRuntime({ logger, runtime: { now: () => now } }),
    warn: (option, problem) => void warnings.push(`${option}: ${problem}`),
  });
  return { config, warnings };
}

/** The configuration alone. */
export function jwtConfig(secret?: JwtSecret, more?: Parameters<typeof parsedJwt>[1]): JwtConfig {
  return parsedJwt(secret, more).config;
}
