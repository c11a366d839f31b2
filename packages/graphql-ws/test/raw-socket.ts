import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A message of either protocol. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A plain socket: messages are kept until the test asks for them, one by one. */
export class RawSocket {
  /** The code and the reason with which it was closed. */
  readonly closed: Promise<readonly [code: number, reason: string]>;
  readonly #socket: WebSocket;
  readonly #heard: Message[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close').then(
      ([code, reason]) => [Number(code), String(reason)] as const,
    );
    socket.on('message', (data: Buffer) => {
      this.#heard.push(JSON.parse(data.toString()) as Message);
      this.#wake();
    });
  }

  static async open(url: string, protocol: string): Promise<RawSocket> {
    const socket = new WebSocket(url, protocol);
    await once(socket, 'open');
    return new RawSocket(socket);
  }

  say(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message that was not asked for yet. */
  async next(): Promise<Message> {
    for (;;) {
      const first = this.#heard.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Says something, and gives what comes next: a message, or the close. */
  ask(message: object): Promise<Message | readonly [code: number, reason: string]> {
    this.say(message);
    return Promise.race([this.next(), this.closed]);
  }

  /** Goes away without a close frame. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Stops reading, so that no close frame is answered; or reads again. */
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }
}
