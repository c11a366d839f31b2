import { HistogramValues } from '../../src/observability/record-metrics.js';

it('a histogram counts each value within the first bound that it does not exceed, or beyond all', () => {
  const values = new HistogramValues([1, 10]);
  for (const value of [0, 1, 2, 10, 11, 1000]) values.record(value);
  expect([...values.counts]).toEqual([2, 2, 2]);
  expect(values.sum).toBe(1024);
});
