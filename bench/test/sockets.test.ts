import { socketFigures } from '../src/sockets.js';

test('a thousand connections: small, closed on time and a few at a time, and gone afterwards', async () => {
  const figures = await socketFigures(1000);
  expect(figures.bytesEach).toBeLessThan(1024);
  expect(figures.heldAfterDisconnect).toBe(0);
  expect(figures.closedInOneTurn).toBeLessThanOrEqual(50);
  expect(figures.firstLateMs).toBeGreaterThanOrEqual(0);
  expect(figures.lastLateMs).toBeLessThanOrEqual(250);
}, 60_000);
