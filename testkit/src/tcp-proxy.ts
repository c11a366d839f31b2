import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between a client and a server on loopback, which can be cut and slowed down. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections are open. */
  connections(): number;
  /** Ends every connection, and every new one, until `restore`. */
  cut(): void;
  restore(): void;
  /** Holds what is sent in either direction back for so many milliseconds from now on. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Forwards connections to a port of loopback. */
export async function startTcpProxy(to: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;

  const forward = (from: Socket, target: Socket): void => {
    open.add(from);
    from.on('data', (data) => {
      if (delayMs === 0) target.write(data);
      else setTimeout(() => void target.write(data), delayMs).unref();
    });
    from.on('error', () => undefined); // `close` follows
    from.on('close', () => {
      open.delete(from);
      target.destroy();
    });
  };
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(to, '127.0.0.1');
    forward(client, upstream);
    forward(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    connections: () => open.size / 2,
    cut() {
      isCut = true;
      cut();
    },
    restore() {
      isCut = false;
    },
    delay(ms) {
      delayMs = ms;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
