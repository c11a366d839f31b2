import { freshnessCases } from '@hasura-auth/testkit';

import { freshness, type Freshness } from '../src/freshness.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const cacheControl = (header: string): Freshness =>
  freshness({ cacheControl: header, expires: undefined }, now);
const expires = (header: string): Freshness =>
  freshness({ cacheControl: null, expires: header }, now);
const forMs = (ms: number): Freshness => ({ kind: 'for', ms });
const unreadable: Freshness = { kind: 'unreadable' };
const absent: Freshness = { kind: 'absent' };

function expected(freshForSeconds: number | null | 'unparsable'): Freshness {
  if (freshForSeconds === null) return absent;
  return freshForSeconds === 'unparsable' ? unreadable : forMs(freshForSeconds * 1000);
}

describe('the shared cases', () => {
  it.each(freshnessCases())('$id', ({ now: date, headers, freshForSeconds }) => {
    const result = freshness(
      { cacheControl: headers['cache-control'], expires: headers['expires'] },
      Date.parse(date),
    );
    expect(result).toEqual(expected(freshForSeconds));
  });
});

describe('Cache-Control', () => {
  it.each([
    ['the first of two ages', 's-maxage=20, max-age=10', forMs(20_000)],
    ['the first of two ages', 'max-age=10, s-maxage=20', forMs(10_000)],
    ['the first of two equal names', 'max-age=10, max-age=20', forMs(10_000)],
    ['names in any case', 'Public, MAX-AGE=10', forMs(10_000)],
    ['a quoted age', 'max-age="10"', forMs(10_000)],
    ['an age of 0', 'max-age=0', forMs(0)],
    ['no age in a name that only ends like one', 'x-max-age=10', absent],
    ['no age in a name that only begins like one', 'max-age-ish=10', absent],
    ['a negative age', 'max-age=-1', unreadable],
    ['an age without a value', 'max-age', unreadable],
    ['a broken age beside must-revalidate', 'must-revalidate, max-age=soon', unreadable],
    ['an age beyond every number', `max-age=${'9'.repeat(400)}`, unreadable],
    ['no-cache, for some headers only', 'no-cache="set-cookie", max-age=10', forMs(0)],
    ['no-store beside a broken age', 'max-age=soon, no-store', forMs(0)],
    ['nothing', '', absent],
    ['an unknown word', 'immutable', absent],
  ])('%s: %s', (_, header, result) => {
    expect(cacheControl(header)).toEqual(result);
  });
});

describe('Expires', () => {
  it.each([
    ['a moment to come', 'Sun, 22 Nov 2026 12:01:00 GMT', forMs(60_000)],
    ['with blanks around it', ' Sun, 22 Nov 2026 12:01:00 GMT ', forMs(60_000)],
    ['in the older form', 'Sunday, 22-Nov-26 12:01:00 GMT', forMs(60_000)],
    ['a moment gone by', 'Sun, 22 Nov 2026 11:59:00 GMT', forMs(0)],
    ['a number, which is in the past (RFC 9111, section 5.3)', '0', forMs(0)],
    ['a negative number', '-1', forMs(0)],
    ['no time zone', 'Sun Nov 22 12:01:00 2026', unreadable],
    ['a day that is none', 'Sun, 99 Nov 2026 12:01:00 GMT', unreadable],
    ['words with a number, which Date.parse would read', 'soon 5 GMT', unreadable],
    ['nothing', '', absent],
  ])('%s: %s', (_, header, result) => {
    expect(expires(header)).toEqual(result);
  });

  it('is read only if Cache-Control leaves the decision to it', () => {
    const later = 'Sun, 22 Nov 2026 12:01:00 GMT';
    const both = (header: string): Freshness =>
      freshness({ cacheControl: header, expires: later }, now);
    expect(both('private')).toEqual(forMs(60_000));
    expect(both('max-age=5')).toEqual(forMs(5000));
    expect(both('must-revalidate')).toEqual(forMs(0));
  });
});
