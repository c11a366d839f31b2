/** What the process of the sockets found out. */
export interface SocketFigures {
  /** How many connections there were. */
  readonly connections: number;
  /** Bytes for each connection with an expiry of its own, its session not counted. */
  readonly bytesEach: number;
  /** Bytes for each session, with its variables and claims: what the app asked for. */
  readonly sessionBytesEach: number;
  /** Of the sockets, sessions and connections, how many could be reached after a disconnect. */
  readonly heldAfterDisconnect: number;
  /** Of connections that all end at one moment: how many sockets were closed in one turn of the event loop, at most. */
  readonly closedInOneTurn: number;
  /** How late the first and the last of them were closed, in milliseconds. */
  readonly firstLateMs: number;
  readonly lastLateMs: number;
  /** The longest time in which nothing else could run, meanwhile, in milliseconds. */
  readonly longestPauseMs: number;
}
