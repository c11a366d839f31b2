import type { RowGroup } from './vectors.js';

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
      it(`${all.shared} shared rows and ${all.own} own rows ran`, () => {
        expect(done).toEqual(all);
        expect(all.shared).toBe(129);
      });
    },
  };
}
