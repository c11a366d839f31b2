import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Freshness } from '../freshness.js';
import { algorithms, isAlgorithm, type Algorithm } from '../keys/algorithms.js';
import { entriesOf, importsPerTurn, mostImports, mostKeys, remarkTexts } from '../keys/jwk-set.js';
import { importKey, type KeyRules } from '../keys/jwk.js';
import { downloadKeySet, keySetAddress, type DownloadBounds } from '../keys/jwks-download.js';
import { keyFits } from '../keys/key-source.js';
import { objectOrJson } from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import type { AuthOptions } from './options.js';
import { parseOptions } from './parse-options.js';

/** One entry of a published key set, as it would be used. Holds no part of the key. */
export interface PublishedKeyReport {
  /** The `kid` as it is published; undefined if there is none, or if it is no text. */
  readonly kid: string | undefined;
  /** The algorithms that tokens of this key may use; empty if the key is not used. */
  readonly algorithms: readonly Algorithm[];
  /** Why the key is not used, or what is weak in it; undefined if nothing is wrong. */
  readonly remark: string | undefined;
}

/** What is published at a `jwk_url`. */
export interface KeySetReport {
  /** The address without credentials and query. */
  readonly address: string;
  /** Why there are no keys; undefined if the key set could be fetched. Quotes nothing of the response. */
  readonly failure: string | undefined;
  /** How long the response may be used, by its headers; undefined if it could not be fetched. */
  readonly freshness: Freshness | undefined;
  /** The entries in their order, at most the first 300. */
  readonly keys: readonly PublishedKeyReport[];
}

/** How many entries are listed. */
const mostEntries = 300;

const allAlgorithms = Object.keys(algorithms).filter(isAlgorithm);

async function listKeys(json: unknown, rules: KeyRules): Promise<PublishedKeyReport[]> {
  const reports: PublishedKeyReport[] = [];
  let imports = 0;
  let used = 0;
  for (const [kid, entry] of entriesOf(json)) {
    if (reports.length >= mostEntries) break;
    const shown = typeof kid === 'string' ? kid : undefined;
    const report = (remark: string | undefined, usable: readonly Algorithm[] = []): void => {
      reports.push({ kid: shown, algorithms: usable, remark });
    };
    if (typeof entry === 'string') report(remarkTexts[entry]);
    else if (used >= mostKeys) report(remarkTexts.surplus);
    else if (imports >= mostImports) report(remarkTexts.untried);
    else {
      imports += 1;
      if (imports % importsPerTurn === 0) await nextTurn();
      const key = importKey(entry, rules);
      if (typeof key === 'string') report(remarkTexts[key]);
      else {
        used += 1;
        const usable = allAlgorithms.filter((name) => keyFits(key.key, name));
        report(key.isWeak ? remarkTexts.weak : undefined, usable);
      }
    }
  }
  return reports;
}

/** Fetches a key set once and says of each of its keys whether it is used. Never rejects. */
async function keySetReport(
  url: string,
  rules: KeyRules & DownloadBounds,
  runtime: Runtime,
): Promise<KeySetReport> {
  const address = keySetAddress(url);
  const { shown } = address;
  try {
    const { signal } = new AbortController();
    const { json, freshness } = await downloadKeySet(address, rules, runtime, signal);
    const keys = await listKeys(json, rules);
    return { address: shown, failure: undefined, freshness, keys };
  } catch (error) {
    const { message } = error as Error; // of these functions' own, which are safe to show
    return { address: shown, failure: message, freshness: undefined, keys: [] };
  }
}

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
