import { socketFigures } from '../src/sockets.js';

// How late the closing is depends on what else the machine does: `pnpm bench sockets` measures that.
test('ten thousand connections: small, never closed early, a few at a time, and gone afterwards', async () => {
  const figures = await socketFigures(10_000);
  expect(figures.bytesEach).toBeLessThan(1024);
  expect(figures.heldAfterDisconnect).toBe(0);
  expect(figures.closedInOneTurn).toBeLessThanOrEqual(50);
  expect(figures.firstLateMs).toBeGreaterThanOrEqual(0);
}, 60_000);
