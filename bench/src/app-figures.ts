/** What a process says of itself. */
export interface AppFigures {
  /** Since it was started. */
  readonly cpuMicroseconds: number;
  /** In bytes, after garbage collection where it was asked for. */
  readonly heapUsed: number;
  readonly rss: number;
}
