import { keptLog, type KeptLog } from '@hasura-auth/testkit';
import {
  createAuthenticator,
  isAuthError,
  type Authenticator,
  type Session,
} from '@hasura-auth/core';
import { expectRefusal, expectSession, expectSoundSession } from './expectations.js';
import { explainRow, Sentences } from './explained-row.js';
import { headersOf, type SentHeaders } from './request-of.js';
import { optionsKey, rowOptions } from './row-options.js';
import { rowTally, rowTest } from './row-tally.js';
import { ownGroups, sharedGroups, type RequestRow } from './vectors.js';

interface Made {
  readonly authenticator: Authenticator;
  readonly log: KeptLog;
}

/** The same headers in the shapes that callers have: as sent, as Node's server leaves them, as the web's `Headers`. */
function shapes(
  sent: SentHeaders,
): [name: string, headers: Headers | Record<string, string | string[]>][] {
  const record: Record<string, string | string[]> = {};
  const web = new Headers();
  for (const [name, value] of Object.entries(sent)) {
    record[name] = typeof value === 'string' ? value : [...value];
    for (const part of typeof value === 'string' ? [value] : value) web.append(name, part);
  }
  const lowerCase = Object.entries(record).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return [
    ['as sent', record],
    ['in lower case', Object.fromEntries(lowerCase)],
    ['as Headers', web],
  ];
}

async function outcome(authenticating: Promise<Session>): Promise<Session | Error> {
  try {
    return await authenticating;
  } catch (error) {
    if (isAuthError(error)) return error;
    throw error;
  }
}

async function checkRow(
  row: RequestRow,
  { authenticator, log }: Made,
  sentences: Sentences,
): Promise<void> {
  const now = row.now ?? Date.now();
  const { session, error, any, warning } = row.expect;
  for (const [, headers] of shapes(await headersOf(row, now))) {
    const result = await outcome(authenticator.authenticate({ headers }));
    sentences.add(row.id, await explainRow(authenticator, { headers }, result));
    if (isAuthError(result)) {
      if (session) throw result;
      if (error) expectRefusal(result, error);
      if (any) expect(result.status).toBeLessThan(500);
    } else {
      const accepted = result as Session; // what is no AuthError is a session
      if (error) throw new Error(`Accepted as ${accepted.role}, not refused`);
      expectSoundSession(accepted);
      if (session) expectSession(accepted, session, now);
    }
  }
  if (warning !== undefined) expect(log.lines.join('\n')).toContain(warning);
}

/** Runs every row, the shared ones and ours, on core alone. */
export function describeCoreConformance(): void {
  describe('core conforms', () => {
    const groups = [...sharedGroups(), ...ownGroups()];
    const tally = rowTally(groups);
    const sentences = new Sentences();
    const known = new Map<string, Made>();
    const made = (row: RequestRow): Made => {
      const key = optionsKey(row);
      const log = keptLog();
      const one = known.get(key) ?? {
        authenticator: createAuthenticator(rowOptions(row, log)),
        log,
      };
      known.set(key, one);
      return one;
    };
    afterAll(() =>
      Promise.all([...known.values()].map(({ authenticator }) => authenticator.close())),
    );

    for (const group of groups) {
      describe(group.name, () => {
        for (const row of group.rows) {
          rowTest(group.name, row.id)(row.id, async () => {
            tally.ran(group.origin);
            await checkRow(row, made(row), sentences);
          });
        }
      });
    }
    it('each row is explained by sentences that were read', () => {
      expect(sentences.text).toMatchSnapshot();
    });
    tally.testCounts();
  });
}
