import { ConfigError } from '../errors.js';
import { kindOf, nonEmptyString } from '../option-checks.js';
import { refusals } from '../refusals.js';
import type { SessionMethod } from '../session.js';
import type { ConnectionCloseCause, FetchFailure, RevokedBy } from './channels.js';
import { healthOfProcess } from './health.js';
import type { Labels, MetricKey } from './metrics.js';

/** Which series the metrics have: every label has a closed list of values. */

/** What a label has for a value that is not in its list. */
export const otherLabel = '_OTHER';

/** How `method` and `result` go together: a session without credentials is neither a success nor a failure. */
const resultOfMethod: Readonly<Record<SessionMethod, 'success' | 'none'>> = {
  'admin-secret': 'success',
  jwt: 'success',
  webhook: 'success',
  unauthenticated: 'none',
  unsecured: 'none',
};
const withoutCredentials: ReadonlySet<string> = new Set(['missing-token', 'missing-secret']);
const errorTypes: readonly string[] = [...Object.keys(refusals), 'internal-error'];
const knownErrors: ReadonlySet<string> = new Set(errorTypes);
const fetchFailures: readonly FetchFailure[] = [
  'timeout',
  'network',
  'status',
  'response',
  'closed',
];
const hookErrors: readonly string[] = [
  ...errorTypes.filter((kind) => kind.startsWith('hook-')),
  'internal-error',
];
const closeCauses: readonly ConnectionCloseCause[] = [
  'expired',
  'revoked',
  'disconnected',
  'refused',
  'client',
];
const revokedBy: readonly RevokedBy[] = ['token', 'jti', 'sid', 'sub', 'issuer'];

/**
 * A method's labels; `_OTHER` for one that this version does not know.
 *
 * @example
 * methodLabels('jwt'); // { method: 'jwt', result: 'success' }
 */
export function methodLabels(method: string): Labels {
  const result = Object.hasOwn(resultOfMethod, method)
    ? resultOfMethod[method as SessionMethod] // as just looked up
    : undefined;
  return result === undefined ? { method: otherLabel, result: 'success' } : { method, result };
}

/**
 * The labels of a rejection by its kind.
 *
 * @example
 * refusalLabels('role-not-allowed'); // { result: 'failure', 'error.type': 'role-not-allowed' }
 */
export function refusalLabels(kind: string): Labels {
  return {
    result: withoutCredentials.has(kind) ? 'none' : 'failure',
    'error.type': knownErrors.has(kind) ? kind : otherLabel,
  };
}

/** How many roles may be named, so that the first metric has 120 series at most. */
export const mostRoles = 15;

/**
 * Reads the option `roles`: the only roles that are label values. Throws a ConfigError.
 *
 * @example
 * const roles = parseRoles(options.roles);
 */
export function parseRoles(roles: unknown): readonly string[] | undefined {
  if (roles === undefined) return undefined;
  if (!Array.isArray(roles) || roles.length > mostRoles)
    throw new ConfigError(
      'roles',
      `expected a list of at most ${String(mostRoles)} roles, got ${
        Array.isArray(roles) ? `${String(roles.length)} of them` : kindOf(roles)
      }`,
    );
  const named = roles.map((role, index) => nonEmptyString(role, `roles[${String(index)}]`));
  return [...new Set(named)];
}

/**
 * Every series of a recorded metric that can exist, so that each can begin at zero.
 *
 * @example
 * for (const labels of everySeries('decisions', ['user'])) histogram.zero(labels);
 */
export function everySeries(
  key: MetricKey,
  roles: readonly string[] | undefined,
): readonly Labels[] {
  switch (key) {
    case 'decisions': {
      const accepted = Object.keys(resultOfMethod).map(methodLabels);
      const roleLabels =
        roles === undefined ? [{}] : [...roles, otherLabel].map((role) => ({ role }));
      return [
        ...accepted.flatMap((labels) => roleLabels.map((role) => ({ ...labels, ...role }))),
        ...errorTypes.map(refusalLabels),
      ];
    }
    case 'tokenLookups':
      return ['hit', 'miss', 'refused'].map((result) => ({ result }));
    case 'keySetFetches': {
      const sets = healthOfProcess().flatMap(({ keySets }) => keySets.map(({ keySet }) => keySet));
      return [...new Set(sets)].flatMap((key_set) => [
        { key_set },
        ...fetchFailures.map((failure) => ({ key_set, 'error.type': failure })),
      ]);
    }
    case 'webhooks':
      return [
        { cache: 'hit' },
        ...['miss', 'shared'].flatMap((cache) => [
          { cache },
          ...hookErrors.map((kind) => ({ cache, 'error.type': kind })),
        ]),
      ];
    case 'closedConnections':
      return closeCauses.map((cause) => ({ cause }));
    case 'keySetAge':
    case 'keySetKeys':
    case 'connections':
    case 'revocations':
    case 'revocationStaleness':
      return [];
  }
}

/** The value of one series at the time of a scrape. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The worst of the authenticators of the process for each key set. */
function byKeySet(
  values: readonly (readonly [keySet: string, value: number])[],
  worse: (one: number, other: number) => number,
): readonly Sample[] {
  const found = new Map<string, number>();
  for (const [keySet, value] of values) {
    const known = found.get(keySet);
    found.set(keySet, known === undefined ? value : worse(known, value));
  }
  return [...found].map(([key_set, value]) => ({ labels: { key_set }, value }));
}

/**
 * The values of a gauge now, over all authenticators of the process; empty for metrics that are recorded.
 *
 * @example
 * for (const { labels, value } of readGauge('keySetAge')) gauge.set(labels, value);
 */
export function readGauge(key: MetricKey): readonly Sample[] {
  const healths = healthOfProcess();
  const keySets = healths.flatMap((health) => health.keySets);
  const revocations = healths.flatMap((health) => health.revocations ?? []);
  switch (key) {
    case 'keySetAge':
      return byKeySet(
        keySets.flatMap(({ keySet, ageMs }) =>
          ageMs === undefined ? [] : [[keySet, ageMs / 1000] as const],
        ),
        Math.max,
      );
    case 'keySetKeys':
      return byKeySet(
        keySets.map(({ keySet, keys }) => [keySet, keys] as const),
        Math.min,
      );
    case 'connections':
      return [
        { labels: {}, value: healths.reduce((sum, { connections }) => sum + connections, 0) },
      ];
    case 'revocations':
      return revocations.length === 0
        ? []
        : revokedBy.map((by) => ({
            labels: { by },
            value: Math.max(...revocations.map(({ entries }) => entries[by])),
          }));
    case 'revocationStaleness':
      return revocations.length === 0
        ? []
        : [
            {
              labels: {},
              value:
                Math.max(...revocations.map(({ stalenessMs = Infinity }) => stalenessMs)) / 1000,
            },
          ];
    case 'decisions':
    case 'tokenLookups':
    case 'keySetFetches':
    case 'webhooks':
    case 'closedConnections':
      return [];
  }
}
