import type { Logger } from '@hasura-auth/core';
import { failure, type Link } from './link.js';
import { beforeAll, isBefore, streamEntries, type StreamEntry, type StreamId } from './replies.js';

/** What a follower of the stream calls. */
export interface LogListener {
  /** An entry of the stream, in their order, and when it was added, in milliseconds since the epoch. */
  onEntry(fields: ReadonlyMap<string, string>, addedAt: number): void;
  /** Entries may have been missed: the stream was trimmed too early, or the database lost it. */
  onGap(): void;
  /** All entries until now were passed on. */
  onCurrent(): void;
}

export interface FollowerOptions {
  /** The key of the stream. */
  readonly key: string;
  /** A link of its own: the blocking read occupies it. */
  readonly link: Link;
  readonly logger: Logger;
  /** How long a read waits for an entry, in milliseconds. */
  readonly blockMs: number;
  /** How long the server may take for an answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly listener: LogListener;
}

export interface Follower {
  /** Resolves once the end of the stream is known: what is added from then on is passed on. */
  readonly positioned: Promise<void>;
  close(): void;
}

/** How many entries are read at once. */
const batchSize = 500;

interface Part {
  readonly entries: readonly StreamEntry[];
  /** Whether the entry after which it was read is in the stream. */
  readonly isThere: boolean;
  readonly first: StreamId | undefined;
  readonly last: StreamId | undefined;
}

/**
 * Reads what a stream has after an id, and then where the stream begins and ends. In this order: if it still begins at or
 * before the id afterwards, nothing between the two was trimmed.
 */
async function partAfter(id: StreamId, { key, link, timeoutMs }: FollowerOptions): Promise<Part> {
  return link.run(async (connection) => {
    const [after, at, head, tail] = await Promise.all([
      connection.send(['XRANGE', key, `(${id.text}`, '+', 'COUNT', String(batchSize)]),
      connection.send(['XRANGE', key, id.text, id.text]),
      connection.send(['XRANGE', key, '-', '+', 'COUNT', '1']),
      connection.send(['XREVRANGE', key, '+', '-', 'COUNT', '1']),
    ]);
    const [first] = streamEntries(head);
    const [last] = streamEntries(tail);
    const isThere = streamEntries(at).length > 0;
    return { entries: streamEntries(after), isThere, first: first?.id, last: last?.id };
  }, timeoutMs);
}

/** The end of a stream. */
async function endOf({ key, link, timeoutMs }: FollowerOptions): Promise<StreamId> {
  const [last] = await link.run(
    async (connection) =>
      streamEntries(await connection.send(['XREVRANGE', key, '+', '-', 'COUNT', '1'])),
    timeoutMs,
  );
  return last?.id ?? beforeAll;
}

/**
 * The stream lacks the entry up to which it was followed, which was not trimmed: the database was emptied, or a replica
 * without the stream's end took over, perhaps with other entries after it. Those may have earlier ids than the lost ones.
 */
function hasLost({ isThere, first, last }: Part, id: StreamId): boolean {
  if (id === beforeAll) return false;
  if (first === undefined || last === undefined || isBefore(last, id)) return true;
  return !isThere && !isBefore(id, first);
}

/** Entries after `id` were trimmed before they were read, or may have been. */
function mayLack(part: Part, id: StreamId): boolean {
  if (id === beforeAll) return part.entries.length === batchSize; // a shorter stream was never trimmed
  return part.first !== undefined && isBefore(id, part.first);
}

/** Follows a stream from its present end on, across lost connections, until it is closed. */
export function follow(options: FollowerOptions): Follower {
  const { key, link, logger, blockMs, timeoutMs, listener } = options;
  let closed = false;
  let at: StreamId | undefined;
  let isLost = false;
  let reached: () => void;
  const positioned = new Promise<void>((resolve) => {
    reached = resolve;
  });

  function advance(part: Part, from: StreamId): StreamId {
    if (hasLost(part, from)) {
      logger.error(
        'Redis has lost the stream of revocations, such as by a restart without its data; entries that this process knows stay in force until their end',
      );
      listener.onGap();
      return beforeAll;
    }
    if (mayLack(part, from)) listener.onGap();
    for (const { fields, id } of part.entries) listener.onEntry(fields, id.ms);
    return part.entries.at(-1)?.id ?? from;
  }

  async function catchUp(): Promise<StreamId> {
    if (at === undefined) {
      at = await endOf(options);
      reached();
      return at;
    }
    for (;;) {
      const part = await partAfter(at, options);
      if (closed) return at;
      const from = at;
      at = advance(part, from);
      if (part.entries.length < batchSize && !hasLost(part, from)) return at;
    }
  }

  async function waitForMore({ text }: StreamId): Promise<void> {
    const command = ['XREAD', 'COUNT', '1', 'BLOCK', String(blockMs), 'STREAMS', key, text];
    await link.run((connection) => connection.send(command), blockMs + timeoutMs); // what it reads is read again
  }

  function lostContact(error: unknown): void {
    if (isLost) return;
    isLost = true;
    logger.error(
      `the stream of revocations cannot be followed: ${failure(error)}; known entries stay in force, and new ones arrive when Redis is back`,
    );
  }

  function hasContact(from: StreamId | undefined): void {
    isLost = false;
    logger.warn('the stream of revocations is followed again');
    if (from === beforeAll) listener.onGap(); // nothing shows whether it is still the same empty stream
  }

  async function run(): Promise<void> {
    while (!closed) {
      try {
        const from = at;
        const end = await catchUp();
        if (closed) return;
        if (isLost) hasContact(from);
        listener.onCurrent();
        await waitForMore(end);
      } catch (error) {
        if (closed) return;
        lostContact(error);
        await link.mayOpen();
      }
    }
  }

  void run();
  return {
    positioned,
    close() {
      closed = true;
      link.close();
    },
  };
}
