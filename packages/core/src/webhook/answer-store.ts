/**
 * Where the responses of an auth webhook are shared between processes. What it is given is secret: a key contains what the
 * client has sent, and a value is a session. A store must keep neither of them as it is.
 */
export interface HookAnswerStore {
  /** The value of a key; undefined if there is none. What it rejects with is ignored: the webhook is then called. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a value for so many milliseconds, which fit a timer of Node, and ends the lock of its key. */
  set(key: string, value: string, ms: number): Promise<void>;
  /** Whether the caller may call the webhook for a key: true for one caller, until `set`, or for so many milliseconds. */
  lock(key: string, ms: number): Promise<boolean>;
}
