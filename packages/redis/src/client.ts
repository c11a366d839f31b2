/** A command of Redis and its arguments, such as `['GET', 'key']`. */
export type RedisCommand = readonly string[];

/** One connection to the server. It does not open itself again after it was lost. */
export interface RedisConnection {
  /** Resolves when commands can be sent; rejects if the connection could not be opened. */
  ready(): Promise<void>;
  /**
   * Sends a command and resolves to its reply: strings, numbers, null and arrays of them. Rejects if the server reports an
   * error, and at once if the connection is lost. Commands that are sent without waiting are carried out in their order.
   */
  send(command: RedisCommand): Promise<unknown>;
  /**
   * Sends commands in one `MULTI … EXEC`, so that no other command comes between them, and none takes effect if the
   * connection is lost before. Resolves to their replies; rejects if the server reports an error for one of them, whose
   * neighbours may have taken effect.
   */
  transaction(commands: readonly RedisCommand[]): Promise<readonly unknown[]>;
  /** Ends the connection at once. What is under way rejects. Does not throw, in whatever state the connection is. */
  close(): void;
}

/**
 * What this package needs of a Redis client. `fromNodeRedis` and `fromIORedis` make it of the usual clients; for another
 * one, write these five functions.
 */
export interface RedisClient {
  /** Begins to open a connection that is used by nothing else: a blocking read occupies it. */
  open(): RedisConnection;
}
