import { parseJwtSecret } from '../src/config/jwt-secret.js';
import { parseEngineDefaults } from '../src/config/mode.js';
import type { JwtSecret } from '../src/config/options.js';
import { parseKeySets } from '../src/config/parse-options.js';
import { parseRuntime } from '../src/runtime.js';
import type { JwtConfig } from '../src/jwt/match-issuer.js';
import { spki } from './tokens.js';

const { keySets } = parseEngineDefaults({});

export interface ParsedJwt {
  readonly config: JwtConfig;
  readonly warnings: readonly string[];
}

interface Around {
  readonly requireAudience?: boolean;
  readonly now?: number;
}

/** Reads what an app passes as a JWT configuration, of whatever type, as `createAuthenticator` does. */
export function looseJwt(
  secret: unknown,
  { requireAudience = true, now = Date.now() }: Around = {},
): ParsedJwt {
  const warnings: string[] = [];
  const config = parseJwtSecret(secret, 'jwtSecret', {
    requireAudience,
    keySets: parseKeySets({ timeoutMs: 1000, maxBytes: 1000, waitMs: 100 }, keySets),
    runtime: parseRuntime({ runtime: { now: () => now } }),
    minRsaBits: 1024,
    warn: (option, problem) => void warnings.push(`${option}: ${problem}`),
  });
  return { config, warnings };
}

/** Reads one JWT configuration; with the key `rsa` unless another one is given. */
export function parsedJwt(secret: JwtSecret = {}, around?: Around): ParsedJwt {
  const key = 'key' in secret || 'jwk_url' in secret ? {} : { type: 'RS256', key: spki('rsa') };
  return looseJwt({ ...key, ...secret }, around);
}

/** The configuration alone. */
export function jwtConfig(secret?: JwtSecret, around?: Around): JwtConfig {
  return parsedJwt(secret, around).config;
}
