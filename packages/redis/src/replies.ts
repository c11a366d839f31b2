/** A reply of the server that is not what the command returns. Its text is not quoted: it may hold a user's id. */
export class ReplyError extends Error {
  constructor(expected: string) {
    super(`Redis sent an unexpected reply instead of ${expected}`);
  }
}

export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  throw new ReplyError('a text');
}

export function textOrNull(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : textOf(reply);
}

export function numberOf(reply: unknown): number {
  const value = typeof reply === 'string' ? Number(reply) : reply;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ReplyError('a number');
}

/** The score of a member of a sorted set, which may be endless. */
export function scoreOf(reply: unknown): number {
  return reply === 'inf' || reply === '-inf'
    ? Number(reply.replace('inf', 'Infinity'))
    : numberOf(reply);
}

export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply as readonly unknown[];
  throw new ReplyError('a list');
}

/** Where an entry of a stream is: its milliseconds and its number within them. */
export interface StreamId {
  readonly text: string;
  readonly ms: number;
  readonly sequence: number;
}

/** Before all entries of a stream. */
export const beforeAll: StreamId = { text: '0-0', ms: 0, sequence: 0 };

/** The reply of XADD. */
export function streamId(reply: unknown): StreamId {
  const text = textOf(reply);
  const [, ms, sequence] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (ms === undefined || sequence === undefined) throw new ReplyError('the id of a stream entry');
  return { text, ms: Number(ms), sequence: Number(sequence) };
}

export const isBefore = (a: StreamId, b: StreamId): boolean =>
  a.ms < b.ms || (a.ms === b.ms && a.sequence < b.sequence);

/** An entry of a stream. */
export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: ReadonlyMap<string, string>;
}

/** The reply of XRANGE. */
export function streamEntries(reply: unknown): readonly StreamEntry[] {
  return listOf(reply).map((one) => {
    const [id, flat] = listOf(one);
    const texts = listOf(flat).map(textOf);
    const fields = new Map<string, string>();
    for (let at = 0; at + 1 < texts.length; at += 2)
      fields.set(texts[at] ?? '', texts[at + 1] ?? '');
    return { id: streamId(id), fields };
  });
}
