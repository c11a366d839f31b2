import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type WebSocket } from 'graphql-ws';
import { readMessage, toLegacy, type Message } from './legacy-message.js';

/** What is used of a socket. */
interface Socket {
  readonly readyState: number;
  readonly OPEN: number;
  send(data: string, sent: (error?: Error | null) => void): void;
  close(code?: number, data?: string): void;
  on(
    event: 'message',
    listener: (data: { readonly length?: number; toString(): string }) => void,
  ): unknown;
}

/** What one connection may use up. */
export interface LegacyBounds {
  readonly maxMessageBytes: number;
  readonly maxOperations: number;
}

type Receive = (data: string) => Promise<void>;

/** A legacy socket that looks to graphql-ws's server like one of its own. */
export class LegacySession implements WebSocket {
  readonly protocol: string = GRAPHQL_TRANSPORT_WS_PROTOCOL;
  readonly #socket: Socket;
  readonly #bounds: LegacyBounds;
  #operations = 0;
  /** What has come before the acknowledgement, in bytes: it waits here, and nobody knows yet from whom it is. */
  #early = 0;
  /** Settles when the connection is acknowledged, or refused: the stock client starts operations without waiting. */
  #acknowledged: Promise<void> | undefined;
  #isReady = false;

  constructor(socket: Socket, bounds: LegacyBounds) {
    this.#socket = socket;
    this.#bounds = bounds;
  }

  /** Whether the connection is acknowledged. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Sends a message of the legacy protocol; resolves when it is on its way, or the socket is no longer open. */
  say(message: Message): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) resolve();
      else
        this.#socket.send(JSON.stringify(message), () => {
          resolve(); // a socket that fails is closed by `ws`
        });
    });
  }

  async send(data: string): Promise<void> {
    const message = readMessage(data);
    if (message === undefined) return;
    if (message['type'] === 'connection_ack') {
      this.#isReady = true;
      this.#early = 0;
    }
    for (const said of toLegacy(message)) await this.say(said);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  onMessage(receive: Receive): void {
    this.#socket.on('message', (data) => {
      const bytes = data.length ?? 0;
      if (!this.#isReady) this.#early += bytes;
      if (Math.max(bytes, this.#early) > this.#bounds.maxMessageBytes)
        this.close(1009, 'Message is too big');
      else this.#read(readMessage(String(data)), receive);
    });
  }

  #read(message: Message | undefined, receive: Receive): void {
    const { id, type, payload } = message ?? {};
    switch (type) {
      case 'connection_init':
        this.#acknowledged = this.#pass({ type, payload }, receive);
        break;
      case 'start':
        void this.#start(String(id), payload, receive);
        break;
      case 'stop':
        void this.#pass({ id: String(id), type: 'complete' }, receive, this.#acknowledged);
        break;
      case 'connection_terminate':
        this.close(1000, 'Terminated');
        break;
      default:
        this.close(4400, 'Invalid message received');
    }
  }

  async #start(id: string, payload: unknown, receive: Receive): Promise<void> {
    if (this.#operations >= this.#bounds.maxOperations) {
      await this.say({ id, type: 'error', payload: { message: 'Too many operations' } });
      return;
    }
    this.#operations++;
    await this.#pass({ id, type: 'subscribe', payload }, receive, this.#acknowledged);
    this.#operations--; // not at `stop`: until here there is something that runs
  }

  /** Hands a message to graphql-ws. What goes wrong with one operation is told for it, and the connection goes on. */
  async #pass(message: Message, receive: Receive, after?: Promise<void>): Promise<void> {
    try {
      await after;
      await receive(JSON.stringify(message));
    } catch (error) {
      const { id } = message;
      if (id === undefined) {
        this.close(4500, 'Internal server error');
        return;
      }
      // Of a failure that is no GraphQL error the client is told nothing.
      const text = error instanceof Error && error.name === 'GraphQLError' ? error.message : '';
      await this.say({ id, type: 'error', payload: { message: text || 'Internal server error' } });
    }
  }
}
