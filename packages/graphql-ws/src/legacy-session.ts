import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type ServerOptions, type WebSocket } from 'graphql-ws';
import { closeSocket, cutOff, maxEarlyUnreadBytes, unreadBytes, type Closable } from './socket.js';

/** What is used of a socket of `ws`. */
export interface Socket extends Closable {
  readonly readyState: number;
  readonly OPEN: number;
  send(data: string, sent: (error?: Error | null) => void): void;
}

/** What one connection may use. */
export interface LegacyBounds {
  readonly maxMessageBytes: number;
  readonly maxOperations: number;
  readonly maxWaitingMessages: number;
  readonly maxWaitingBytes: number;
  readonly maxUnreadBytes: number;
}

/** What a session is made with. */
export interface LegacySettings {
  readonly bounds: LegacyBounds;
  readonly reviver: Reviver;
  /** Refuses a client whose first message is too long to be parsed; it must close the socket. */
  readonly refuseLongInit: () => void;
}

/** A message as it was parsed: nothing of it is known. */
type Message = Readonly<Record<string, unknown>>;
type Receive = Parameters<WebSocket['onMessage']>[0];
type Reviver = ServerOptions['jsonMessageReviver'];

/** How long the id of an operation may be, in characters: it is sent back with each answer. */
const longestId = 256;
/** How large a message may be before the acknowledgement, in bytes: `connectionParams` are at most 32 KiB of text. */
const maxEarlyMessageBytes = 65_536;
/** graphql-ws's code for a client that sends no `connection_init` in time. */
const initialisationTimeout = 4408;

/** The bytes of a message, in each of the forms that `ws` has (`binaryType`). */
function bytesOf(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  if (Array.isArray(data)) return Buffer.concat(data as Uint8Array[]); // the fragments of `ws` are buffers
  return typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as ArrayBuffer); // throws if it is none
}

/** Reads a message; undefined if it is not a JSON object. */
function readMessage(text: string, reviver?: Reviver): Message | undefined {
  try {
    const message: unknown = JSON.parse(text, reviver);
    return typeof message === 'object' && message !== null && !Array.isArray(message)
      ? (message as Message)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Messages of graphql-ws in the older protocol; several, or none. */
function toLegacy(message: Message): readonly Message[] {
  const { id, type, payload } = message;
  switch (type) {
    case 'connection_ack':
      // The standard client watches for keep-alives from the first one on.
      return [message, { type: 'ka' }];
    case 'next':
      return [{ id, type: 'data', payload }];
    case 'error':
      // As in the protocol's own server: a result without data, and nothing after it.
      return [
        { id, type: 'data', payload: { errors: payload } },
        { id, type: 'complete' },
      ];
    case 'complete':
      return [{ id, type: 'complete' }];
    default:
      return [];
  }
}

/** A socket of the older protocol that looks to graphql-ws's server like one of its own. No method of it throws. */
export class LegacySession implements WebSocket {
  readonly protocol: string = GRAPHQL_TRANSPORT_WS_PROTOCOL;
  readonly #socket: Socket;
  readonly #bounds: LegacyBounds;
  readonly #reviver: Reviver;
  readonly #refuseLongInit: () => void;
  #state: 'new' | 'authenticating' | 'acknowledged' | 'ready' | 'refused' = 'new';
  #refusal = '';
  #operations = 0;
  /**
   * Operations that were started before the acknowledgement, by id: the standard client does not wait for it. As bytes,
   * since parsed JSON takes up to twenty times as much memory, and the client is not authenticated yet.
   */
  readonly #waiting = new Map<string, Buffer>();
  #waitingBytes = 0;

  constructor(socket: Socket, { bounds, reviver, refuseLongInit }: LegacySettings) {
    this.#socket = socket;
    this.#bounds = bounds;
    this.#reviver = reviver;
    this.#refuseLongInit = refuseLongInit;
  }

  /** Sends a message of the older protocol; resolves when it was handed to the network, or the socket is not open. */
  say(message: Message): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) {
        resolve();
        return;
      }
      try {
        this.#socket.send(JSON.stringify(message), () => {
          resolve(); // a socket that fails is closed by `ws`
        });
      } catch {
        this.close(4500, 'Internal server error');
        resolve();
      }
    });
  }

  /** Sends a keep-alive, once the connection is acknowledged. */
  keepAlive(): void {
    if (this.#state === 'ready') void this.say({ type: 'ka' });
  }

  /** Answers `connection_init`, and what waited for it, with a refusal. */
  refuse(payload: unknown, message: string): void {
    this.#state = 'refused';
    this.#refusal = message;
    void this.say({ type: 'connection_error', payload });
    for (const id of this.#waiting.keys()) this.#rejectStart(id);
    this.#waiting.clear();
  }

  /** Forgets what waits; to be called when the socket has closed. */
  closed(): void {
    this.#waiting.clear();
  }

  /** For graphql-ws: sends one of its messages. */
  async send(data: string): Promise<void> {
    const message = readMessage(data);
    if (message === undefined) return;
    if (message['type'] === 'connection_ack') this.#state = 'acknowledged';
    for (const translated of toLegacy(message)) await this.say(translated);
  }

  /** For graphql-ws: closes the socket. */
  close(code?: number, reason?: string): void {
    closeSocket(
      this.#socket,
      code,
      code === initialisationTimeout ? 'Connection initialisation timed out' : reason,
    );
  }

  /** For graphql-ws: its function for messages, which is passed parsed ones. */
  onMessage(receive: Receive): void {
    this.#receive = receive;
  }

  #receive: Receive = () => Promise.resolve();

  /** Takes a message from the socket. */
  take(data: unknown): void {
    try {
      this.#take(bytesOf(data));
    } catch {
      this.close(4500, 'Internal server error');
    }
  }

  #take(bytes: Buffer): void {
    const isReady = this.#state === 'ready';
    const maxUnreadBytes = isReady ? this.#bounds.maxUnreadBytes : maxEarlyUnreadBytes;
    const maxBytes = isReady
      ? this.#bounds.maxMessageBytes
      : Math.min(this.#bounds.maxMessageBytes, maxEarlyMessageBytes);
    if (this.#socket.readyState !== this.#socket.OPEN) return; // a closing socket still delivers messages
    if (unreadBytes(this.#socket) > maxUnreadBytes) cutOff(this.#socket);
    else if (bytes.length <= maxBytes) this.#read(bytes);
    else if (this.#state === 'new') this.#refuseLongInit();
    else this.close(1009, 'Message is too big');
  }

  #read(bytes: Buffer): void {
    const message = readMessage(bytes.toString(), this.#reviver) ?? {};
    const { id, type, payload } = message;
    if (type === 'connection_init') {
      if (this.#state === 'new') this.#state = 'authenticating';
      void this.#initialise({ type, payload });
    } else if (type === 'connection_terminate') this.close(1000, 'Terminated');
    else if (typeof id !== 'string' || id === '' || id.length > longestId) this.#invalid();
    else if (type === 'start') this.#started(id, payload, bytes);
    else if (type === 'stop') this.#stopped(id);
    else this.#invalid();
  }

  #invalid(): void {
    this.close(4400, 'Invalid message received');
  }

  #started(id: string, payload: unknown, bytes: Buffer): void {
    switch (this.#state) {
      case 'new':
      case 'refused':
        this.#rejectStart(id);
        return;
      case 'authenticating':
      case 'acknowledged':
        this.#wait(id, bytes);
        return;
      case 'ready':
        void this.#run(id, payload);
    }
  }

  #stopped(id: string): void {
    if (this.#state === 'ready') void this.#pass({ id, type: 'complete' });
    else this.#unwait(id);
  }

  #wait(id: string, bytes: Buffer): void {
    const { maxWaitingMessages, maxWaitingBytes } = this.#bounds;
    this.#unwait(id);
    if (
      this.#waiting.size >= maxWaitingMessages ||
      this.#waitingBytes + bytes.length > maxWaitingBytes
    ) {
      this.#reject(id, 'Too many operations before the connection is acknowledged');
      return;
    }
    // A copy of its own: what `ws` passes may be a part of a larger buffer, and would keep that.
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(copy);
    this.#waiting.set(id, copy);
    this.#waitingBytes += copy.length;
  }

  #unwait(id: string): void {
    this.#waitingBytes -= this.#waiting.get(id)?.length ?? 0;
    this.#waiting.delete(id);
  }

  /** Rejects an operation of a connection that is not authenticated, with the engine's messages. */
  #rejectStart(id: string): void {
    const message =
      this.#state === 'refused'
        ? `cannot start as connection_init failed with: ${this.#refusal}`
        : 'start received before the connection is initialised';
    this.#reject(id, message, { path: '$', code: 'start-failed' });
  }

  #reject(id: string, message: string, extensions?: object): void {
    void this.say({ id, type: 'error', payload: { message, ...(extensions && { extensions }) } });
  }

  /** If the client is refused with a delay, this never continues, and is freed with the message. */
  async #initialise(message: Message): Promise<void> {
    await this.#pass(message);
    if (this.#state !== 'acknowledged') return;
    this.#state = 'ready';
    for (const [id, bytes] of this.#waiting)
      void this.#run(id, readMessage(bytes.toString(), this.#reviver)?.['payload']);
    this.#waiting.clear();
  }

  async #run(id: string, payload: unknown): Promise<void> {
    if (this.#operations >= this.#bounds.maxOperations) {
      this.#reject(id, 'Too many operations');
      return;
    }
    this.#operations++;
    await this.#pass({ id, type: 'subscribe', payload });
    this.#operations--; // not at `stop`: until here there is something that runs
  }

  /** Passes a message to graphql-ws. If an operation fails, its client receives an error and the connection continues. */
  async #pass(message: Message): Promise<void> {
    try {
      // graphql-ws reads messages as text or parsed (its `parseMessage`). Text would be written and parsed once more.
      await this.#receive(message as unknown as string);
    } catch (error) {
      const { id } = message;
      if (typeof id !== 'string') {
        this.close(4500, 'Internal server error');
        return;
      }
      // The message of any other error is not shown to the client.
      const text = error instanceof Error && error.name === 'GraphQLError' ? error.message : '';
      this.#reject(id, text || 'Internal server error');
    }
  }
}
