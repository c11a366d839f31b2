import { createGzip } from 'node:zlib';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoopbackServer, type Answer } from '../../../conformance/src/loopback-server.js';
import { discardBody, readBounded } from '../src/http-request.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function answered(answer: Answer): Promise<Response> {
  const server = await startLoopbackServer(() => answer);
  open.push(() => server.close());
  return fetch(server.url);
}

/** Serves an endless body, packed or not, and says when its connection is closed. */
async function endless(packed: boolean): Promise<{ url: string; closed: Promise<unknown> }> {
  let closed: Promise<unknown> = Promise.resolve();
  const server: Server = createServer((_, response) => {
    closed = once(response, 'close');
    const pipe = packed ? createGzip() : response;
    if (packed) {
      response.setHeader('content-encoding', 'gzip');
      pipe.on('error', () => undefined);
      (pipe as ReturnType<typeof createGzip>).pipe(response);
    }
    const more = (): void => {
      while (!response.destroyed && pipe.write(Buffer.alloc(65_536)));
    };
    pipe.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    get closed() {
      return closed;
    },
  };
}

it('reads a body up to its bound', async () => {
  expect(await readBounded(await answered({ body: 'äöü' }), 6)).toBe('äöü');
  expect(await readBounded(await answered({ body: '' }), 6)).toBe('');
  expect(await readBounded(new Response(null), 6)).toBe('');
});

it('refuses a body that announces more', async () => {
  const response = await answered({ body: 'seven b' });
  await expect(readBounded(response, 6)).rejects.toThrow('the answer has more than 6 bytes');
});

it.each([
  ['as it is', false],
  ['as it is after unpacking', true],
])(
  'refuses a body that goes on beyond its bound, counted %s, and closes the connection',
  async (_, packed) => {
    const server = await endless(packed);
    const reading = readBounded(await fetch(server.url), 1_000_000);
    await expect(reading).rejects.toThrow('the answer has more than 1000000 bytes');
    await server.closed;
  },
);

it('says where a body broke off', async () => {
  const response = await answered({ body: 'cut short', delivery: { kind: 'cut', afterBytes: 3 } });
  await expect(readBounded(response, 100)).rejects.toThrow('the answer broke off');
});

it('discards a body, also one that is none or has failed', async () => {
  const server = await endless(false);
  await discardBody(await fetch(server.url));
  await server.closed;
  await discardBody(new Response(null));
  const broken = new Response(
    new ReadableStream({
      start: (controller) => {
        controller.error(new Error('broken'));
      },
    }),
  );
  await discardBody(broken);
});
