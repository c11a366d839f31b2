import { hookExpiry } from '../../src/webhook/response.js';

const now = Date.UTC(2026, 10, 22, 8);
const date = 'Sun, 22 Nov 2026 08:00:30 GMT';
const later = now + 30_000;

describe('how long an answer of a hook holds', () => {
  it.each([
    [undefined, undefined, undefined, undefined, []],
    ['max-age=60', undefined, now + 60_000, now + 60_000, []],
    ['s-maxage=60', undefined, now + 60_000, now + 60_000, []],
    ['max-age=60', date, now + 60_000, now + 60_000, []],
    ['max-age=60', 'soon', now + 60_000, now + 60_000, ['Expires']],
    ['no-store, max-age=60', undefined, now + 60_000, undefined, []],
    ['no-cache, max-age=60', undefined, now + 60_000, undefined, []],
    ['no-store', undefined, undefined, undefined, []],
    ['no-store', date, later, undefined, []],
    ['public', undefined, undefined, undefined, ['Cache-Control']],
    ['public', date, later, later, ['Cache-Control']],
    ['', undefined, undefined, undefined, ['Cache-Control']],
    [undefined, date, later, later, []],
    [undefined, '', undefined, undefined, ['Expires']],
    [undefined, '0', undefined, undefined, ['Expires']],
    [undefined, ` ${date}`, undefined, undefined, ['Expires']],
    [undefined, `${date}+1`, undefined, undefined, ['Expires']],
    [undefined, 'Sun, 42 Nov 2026 08:00:30 GMT', undefined, undefined, ['Expires']],
    [undefined, 'Sunday, 22-Nov-26 08:00:30 GMT', undefined, undefined, ['Expires']],
    ['soon', 'soon', undefined, undefined, ['Cache-Control', 'Expires']],
  ])('%j and %j', (cacheControl, expires, expiresAt, keepUntil, unreadable) => {
    expect(hookExpiry(cacheControl, expires, now)).toEqual({ expiresAt, keepUntil, unreadable });
  });
});
