import { isKnownFailure, type RowGroup } from './vectors.js';

/** How a row's test is registered: a known failure must fail, so that it leaves the list as soon as it passes. */
export function rowTest(group: string, id: string): jest.It {
  return isKnownFailure(group, id) ? it.failing : it;
}

export interface RowTally {
  ran(origin: RowGroup['origin']): void;
  /** Registers the last test, whose title says how many rows there are, and which fails where one did not run. */
  testCounts(): void;
}

const count = (groups: readonly RowGroup[], origin: RowGroup['origin']): number =>
  groups.filter((group) => group.origin === origin).reduce((sum, { rows }) => sum + rows.length, 0);

export function rowTally(groups: readonly RowGroup[]): RowTally {
  const all = { shared: count(groups, 'shared'), own: count(groups, 'own') };
  const done = { shared: 0, own: 0 };
  return {
    ran(origin) {
      done[origin] += 1;
    },
    testCounts() {
      const failing = groups.flatMap(({ name, rows }) =>
        rows.filter(({ id }) => isKnownFailure(name, id)),
      );
      it(`${all.shared} shared rows and ${all.own} own rows ran, ${failing.length} of them are known failures`, () => {
        expect(done).toEqual(all);
        expect(all.shared).toBe(155);
      });
    },
  };
}
