import type { Logger } from '@hasura-auth/core';
import type { RedisCommand } from './client.js';
import { failure, type Link } from './link.js';
import { beforeAll, isBefore, streamEntries, type StreamEntry } from './replies.js';

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
  /**
   * This process has added an entry. If the stream turns out to lack it, it was lost: the server that confirmed it was
   * replaced by one that never had it, before the entry was read from the stream.
   */
  awaits(entry: StreamEntry): void;
  close(): void;
}

/** How many entries are read at once. */
const batchSize = 500;

/** How many entries that this process has added are waited for at most, such as while the stream cannot be read. */
const maxAwaited = 10_000;

interface Part {
  readonly entries: readonly StreamEntry[];
  /** The stream lacks an entry that it had, and that was not trimmed. */
  readonly hasLost: boolean;
  /** Entries were trimmed before they were read, or may have been. */
  readonly mayLack: boolean;
}

/** Where a stream is followed from if it is empty, and after it was lost. */
const beginning: StreamEntry = { id: beforeAll, fields: new Map() };

/** Whether two entries are one: a server that took over may give an id again that its predecessor had given. */
const isSame = (a: StreamEntry, b: StreamEntry): boolean =>
  a.id.text === b.id.text && JSON.stringify([...a.fields]) === JSON.stringify([...b.fields]);

/**
 * Reads what a stream has after an entry, whether it has that entry and the awaited ones, and then where it begins. In this
 * order: if it still begins at or before an entry afterwards, that entry and those after it were not trimmed.
 *
 * A known entry that is missing all the same was lost: the database was emptied, or a replica without the stream's end took
 * over. Other entries may have been added since, with ids before or after the lost ones, so that ids alone show nothing.
 */
async function partAfter(
  from: StreamEntry,
  awaited: readonly StreamEntry[],
  { key, link, timeoutMs }: FollowerOptions,
): Promise<Part> {
  const known = from === beginning ? awaited : [from, ...awaited];
  const range = (start: string, end: string, most: number): RedisCommand => [
    'XRANGE',
    key,
    start,
    end,
    'COUNT',
    String(most),
  ];
  const commands = [
    range(`(${from.id.text}`, '+', batchSize),
    ...known.map(({ id }) => range(id.text, id.text, 1)),
    range('-', '+', 1),
  ];
  const replies = await link.run(
    (connection) => Promise.all(commands.map((command) => connection.send(command))),
    timeoutMs,
  );
  const [entries = [], ...rest] = replies.map(streamEntries);
  const first = rest.at(-1)?.[0]?.id;
  const missing = known.filter((entry, index) => !rest[index]?.some((one) => isSame(one, entry)));
  const wasTrimmed = ({ id }: StreamEntry): boolean => first !== undefined && isBefore(id, first);
  return {
    entries,
    hasLost: !missing.every(wasTrimmed),
    // A stream that is read from its beginning was never trimmed if it is shorter than a part.
    mayLack: missing.length > 0 || (from === beginning && entries.length === batchSize),
  };
}

/** The end of a stream. */
async function endOf({ key, link, timeoutMs }: FollowerOptions): Promise<StreamEntry> {
  const [last] = await link.run(
    async (connection) =>
      streamEntries(await connection.send(['XREVRANGE', key, '+', '-', 'COUNT', '1'])),
    timeoutMs,
  );
  return last ?? beginning;
}

/** Follows a stream from its present end on, across lost connections, until it is closed. */
export function follow(options: FollowerOptions): Follower {
  const { key, link, logger, blockMs, timeoutMs, listener } = options;
  let closed = false;
  let at: StreamEntry | undefined;
  const awaited = new Map<string, StreamEntry>();
  let isLost = false;
  let reached: () => void;
  const positioned = new Promise<void>((resolve) => {
    reached = resolve;
  });

  function advance(part: Part, from: StreamEntry, checked: readonly StreamEntry[]): StreamEntry {
    if (part.hasLost) {
      logger.error(
        'Redis has lost revocations, such as by a restart without its data or a failover; entries that this process knows stay in force until their end',
      );
      awaited.clear(); // all is loaded again, and what is missing then is stored again
      listener.onGap();
      return beginning;
    }
    if (part.mayLack) listener.onGap();
    for (const { fields, id } of part.entries) listener.onEntry(fields, id.ms);
    const end = part.entries.at(-1) ?? from;
    for (const { id } of checked) if (!isBefore(end.id, id)) awaited.delete(id.text);
    return end;
  }

  async function catchUp(): Promise<StreamEntry> {
    if (at === undefined) {
      at = await endOf(options);
      reached();
      return at;
    }
    for (;;) {
      const checked = [...awaited.values()].slice(0, batchSize);
      const part = await partAfter(at, checked, options);
      if (closed) return at;
      at = advance(part, at, checked);
      if (part.entries.length < batchSize && !part.hasLost) return at;
    }
  }

  async function waitForMore({ id }: StreamEntry): Promise<void> {
    const command = ['XREAD', 'COUNT', '1', 'BLOCK', String(blockMs), 'STREAMS', key, id.text];
    await link.run((connection) => connection.send(command), blockMs + timeoutMs); // what it reads is read again
  }

  function lostContact(error: unknown): void {
    if (isLost) return;
    isLost = true;
    logger.error(
      `the stream of revocations cannot be followed: ${failure(error)}; known entries stay in force, and new ones arrive when Redis is back`,
    );
  }

  function hasContact(from: StreamEntry | undefined): void {
    isLost = false;
    logger.warn('the stream of revocations is followed again');
    if (from === beginning) listener.onGap(); // nothing shows whether it is still the same empty stream
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
    awaits(entry) {
      awaited.set(entry.id.text, entry);
      const [oldest] = awaited.keys();
      if (awaited.size > maxAwaited && oldest !== undefined) awaited.delete(oldest);
    },
    close() {
      closed = true;
      link.close();
    },
  };
}
