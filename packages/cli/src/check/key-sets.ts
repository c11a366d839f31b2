import type { AuthOptions } from '@hasura-auth/core';
import { keySetReports, type Freshness, type KeySetReport } from '@hasura-auth/core/adapter';
import { printable, type Output } from '../output.js';
import { problem, warning, type Finding } from './finding.js';

/** What is published, and what is wrong with it. */
export interface CheckedKeySets {
  readonly reports: readonly KeySetReport[];
  readonly findings: readonly Finding[];
}

function findingsOf({ address, failure, keys }: KeySetReport): Finding[] {
  const name = `the key set of ${address}`;
  if (failure !== undefined) return [problem(`${name} could not be fetched: ${failure}`)];
  const usable = keys.filter(({ algorithms }) => algorithms.length > 0);
  if (usable.length === 0)
    return [problem(`${name}: none of its keys can be used, so that every token is rejected`)];
  const weak = usable.filter(({ remark }) => remark !== undefined);
  return weak.map(({ kid, remark }) =>
    warning(
      `${name}: the key ${kid === undefined ? 'without kid' : `"${kid}"`} is ${remark ?? ''}`,
    ),
  );
}

/** Fetches the key sets of a configuration, and finds those that leave no token valid. */
export async function checkKeySets(options: AuthOptions): Promise<CheckedKeySets> {
  const reports = await keySetReports(options);
  return { reports, findings: reports.flatMap(findingsOf) };
}

function freshnessText(freshness: Freshness | undefined): string {
  switch (freshness?.kind) {
    case 'for':
      return `fresh for ${String(Math.round(freshness.ms / 1000))} s by its headers`;
    case 'unreadable':
      return 'with cache headers that cannot be read, so that keySets.maxAgeMs decides (1 hour unless set)';
    default:
      return 'without cache headers, so that keySets.maxAgeMs decides (1 hour unless set)';
  }
}

/** Writes each key set as a table of its keys. */
export function writeKeySets(reports: readonly KeySetReport[], output: Output): void {
  for (const { address, failure, freshness, keys } of reports) {
    output.line();
    output.line(`${output.style('bold', 'Key set')} ${printable(address)}`);
    if (failure !== undefined) {
      output.line(`  could not be fetched: ${printable(failure)}`);
      continue;
    }
    output.line(`  ${freshnessText(freshness)}`);
    output.table([
      ['  kid', 'algorithms', 'used'],
      ...keys.map(({ kid, algorithms, remark }) => [
        `  ${kid === undefined ? '(none)' : printable(kid.slice(0, 60))}`,
        algorithms.join(' ') || '-',
        algorithms.length > 0
          ? output.style('green', 'yes') + (remark === undefined ? '' : `, but ${remark}`)
          : `${output.style('red', 'no')}: ${remark ?? ''}`,
      ]),
    ]);
  }
}
