import { closeReason } from '../../src/connection/open-connection.js';

test.each([
  ['short', 'short'],
  ['x'.repeat(123), 'x'.repeat(123)],
  ['x'.repeat(124), 'x'.repeat(123)],
  [`${'x'.repeat(122)}é`, 'x'.repeat(122)],
  [`${'x'.repeat(120)}😀`, 'x'.repeat(120)],
  ['é'.repeat(62), 'é'.repeat(61)],
])('%s', (text, reason) => {
  expect(closeReason(text)).toBe(reason);
  expect(Buffer.byteLength(closeReason(text))).toBeLessThanOrEqual(123);
});
