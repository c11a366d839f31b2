import { keySetReport, type KeySetReport } from '../keys/key-set-report.js';
import { objectOrJson } from '../option-checks.js';
import type { AuthOptions } from './options.js';
import { parseOptions } from './parse-options.js';

/**
 * For tools that check a configuration: fetches the key set of each JWT configuration that has a `jwk_url`, once, and says
 * of each key whether it would be used and why not. A key set that cannot be fetched is a report and no rejection. Rejects
 * with the ConfigError of the options.
 *
 * @example
 * for (const { address, failure, keys } of await keySetReports(optionsFromEnv()))
 *   console.log(address, failure ?? `${keys.length} keys`);
 */
export async function keySetReports(options: AuthOptions): Promise<readonly KeySetReport[]> {
  const { keyRules, runtime } = parseOptions(options);
  const secrets: readonly unknown[] = options.jwtSecrets ?? [options.jwtSecret];
  const urls = secrets
    .filter((secret) => secret !== undefined)
    .map((secret) => objectOrJson(secret, 'jwtSecret')['jwk_url'])
    .filter((url) => typeof url === 'string');
  return await Promise.all(urls.map((url) => keySetReport(url, keyRules, runtime)));
}
