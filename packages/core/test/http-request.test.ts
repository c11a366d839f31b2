import { createGzip } from 'node:zlib';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoopbackServer, type Answer } from '@hasura-auth/testkit';
import {
  DeadlineError,
  discardBody,
  readBounded,
  RequestError,
  sendRequest,
  withDeadline,
} from '../src/http-request.js';
import type { Fetch } from '../src/runtime.js';
import { rejected } from './thrown.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function answered(answer: Answer): Promise<Response> {
  const server = await startLoopbackServer(() => answer);
  open.push(() => server.close());
  return fetch(server.url);
}

/** Serves an endless body, packed or not, and resolves `closed` when its connection is closed. */
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

describe('sending a request', () => {
  const request = { url: 'http://127.0.0.1:9/', method: 'GET', headers: { a: 'b' } } as const;
  const { signal } = new AbortController();
  const failing =
    (thrown: unknown): Fetch =>
    async () => {
      throw thrown;
    };
  const chain = (length: number): Error =>
    new Error('marked', {
      cause: length === 0 ? Object.assign(new Error(), { code: 'EDEEP' }) : chain(length - 1),
    });
  const circle = new Error('marked');
  circle.cause = circle;

  it('passes the request to fetch, with a copy of the headers, and follows no redirect', async () => {
    const response = new Response();
    const fetch = jest.fn<ReturnType<Fetch>, Parameters<Fetch>>(async () => response);
    expect(await sendRequest(fetch, request, signal)).toBe(response);
    expect(fetch.mock.calls).toEqual([
      [request.url, { method: 'GET', headers: { a: 'b' }, redirect: 'manual', signal }],
    ]);
    expect(fetch.mock.calls[0]?.[1].headers).not.toBe(request.headers);
  });

  it.each([
    ['an error with a code', Object.assign(new Error('marked'), { code: 'ECONNREFUSED' }), 'ECONN'],
    ['a cause with a code', new TypeError('marked', { cause: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
    ['a cause of a cause of a cause with a code', chain(2), 'EDEEP'],
    ['too many causes', chain(3), 'the connection failed'],
    ['an error that is its own cause', circle, 'the connection failed'],
    ['no code', new TypeError('marked'), 'the connection failed'],
    ['a code that is a number', { code: 7 }, 'the connection failed'],
    ['a code that is a sentence', { code: 'marked http://a' }, 'the connection failed'],
    ['a code without end', { code: 'A'.repeat(61) }, 'the connection failed'],
    ['a text', 'marked', 'the connection failed'],
    ['nothing', undefined, 'the connection failed'],
  ])('rejects with a message of its own if fetch rejects with %s', async (_, thrown, message) => {
    const error = await rejected(sendRequest(failing(thrown), request, signal));
    expect(error).toBeInstanceOf(RequestError);
    expect(String(error)).toMatch(new RegExp(`^RequestError: ${message}`));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('marked');
  });

  it('rejects in the same way if fetch throws', async () => {
    const throwing: Fetch = () => {
      throw new Error('marked');
    };
    await expect(sendRequest(throwing, request, signal)).rejects.toThrow('the connection failed');
  });

  it('rejects with the reason of the signal if that is aborted, before or during the request', async () => {
    const reason = new Error('closed');
    const aborted = AbortSignal.abort(reason);
    const fetch = jest.fn(failing(new Error('marked')));
    await expect(sendRequest(fetch, request, aborted)).rejects.toBe(reason);
    expect(fetch).not.toHaveBeenCalled();
    const controller = new AbortController();
    const abortive: Fetch = async () => {
      controller.abort(reason);
      throw new Error('marked');
    };
    await expect(sendRequest(abortive, request, controller.signal)).rejects.toBe(reason);
  });
});

describe('reading a body', () => {
  const chunked = { 'transfer-encoding': 'chunked' };

  it('returns the text of a body up to its bound', async () => {
    expect(await readBounded(await answered({ body: 'äöü' }), 6)).toBe('äöü');
    expect(await readBounded(await answered({ body: 'äöü', headers: chunked }), 6)).toBe('äöü');
    expect(await readBounded(await answered({ body: '' }), 6)).toBe('');
    expect(await readBounded(new Response(null), 6)).toBe('');
  });

  it('leaves out a byte order mark, whether the length of the body is known or not', async () => {
    for (const headers of [{}, chunked])
      expect(await readBounded(await answered({ body: '\ufeff{}', headers }), 6)).toBe('{}');
  });

  it('rejects a body that announces more, and closes the connection', async () => {
    const response = await answered({ body: 'seven b' });
    await expect(readBounded(response, 6)).rejects.toThrow('the response has more than 6 bytes');
  });

  it.each([
    ['as it is', false],
    ['after unpacking', true],
  ])(
    'rejects a body beyond its bound, counted %s, and closes the connection',
    async (_, packed) => {
      const server = await endless(packed);
      const reading = readBounded(await fetch(server.url), 1_000_000);
      await expect(reading).rejects.toThrow('the response has more than 1000000 bytes');
      await server.closed;
    },
  );

  it('rejects a body that breaks off, whether its length is known or not', async () => {
    const cut: Answer = { body: 'cut short', delivery: { kind: 'cut', afterBytes: 3 } };
    const known = await rejected(readBounded(await answered(cut), 100));
    expect(String(known)).toBe('RequestError: the response broke off: UND_ERR_SOCKET');
    const failing = new Response(
      new ReadableStream({
        start: (controller) => {
          controller.error(new Error('marked'));
        },
      }),
    );
    const unknown = await rejected(readBounded(failing, 100));
    expect(String(unknown)).toBe('RequestError: the response broke off');
  });

  it('is not needed to discard a body, also one that is none or has failed', async () => {
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
});

describe('a deadline', () => {
  let fire: () => void;
  let waited: number | undefined;
  const setTimeout = (run: () => void, ms: number): unknown => {
    [fire, waited] = [run, ms];
    return {};
  };

  it('resolves to what was done in time, and leaves the signal alone', async () => {
    let seen: AbortSignal | undefined;
    const done = withDeadline(5, setTimeout, (signal) => {
      seen = signal;
      return Promise.resolve('done');
    });
    await expect(done).resolves.toBe('done');
    fire();
    expect(waited).toBe(5);
    expect(seen).toBeInstanceOf(AbortSignal);
  });

  it('rejects with what failed in time', async () => {
    const failed = new Error('failed');
    await expect(withDeadline(5, setTimeout, () => Promise.reject(failed))).rejects.toBe(failed);
  });

  it('rejects and aborts the signal when the time is up, whether or not anything listens to it', async () => {
    let reason: unknown;
    const never = withDeadline(5, setTimeout, (signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason));
      return new Promise(() => undefined);
    });
    fire();
    const error = await rejected(never);
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ name: 'DeadlineError', message: 'not done within 5 ms' });
    expect(reason).toBe(error);
  });

  it('stops its timer when the timer is not needed any more', async () => {
    const stop = jest.spyOn(globalThis, 'clearTimeout');
    const real = (run: () => void, ms: number): unknown => globalThis.setTimeout(run, ms).unref();
    await withDeadline(60_000, real, () => Promise.resolve());
    await rejected(withDeadline(60_000, real, () => Promise.reject(new Error('failed'))));
    expect(stop).toHaveBeenCalledTimes(2);
    stop.mockRestore();
  });

  it('settles although a replaced clearTimeout throws', async () => {
    const stop = jest.spyOn(globalThis, 'clearTimeout').mockImplementation(() => {
      throw new Error('not a timer of mine');
    });
    const failed = new Error('failed');
    try {
      await expect(withDeadline(5, setTimeout, async () => 'done')).resolves.toBe('done');
      await expect(withDeadline(5, setTimeout, () => Promise.reject(failed))).rejects.toBe(failed);
      expect(stop).toHaveBeenCalledTimes(2);
    } finally {
      stop.mockRestore();
    }
  });

  it('never waits longer than Node’s timers can', async () => {
    await withDeadline(Number.MAX_SAFE_INTEGER, setTimeout, () => Promise.resolve());
    expect(waited).toBe(2_147_483_647);
  });
});
