import type { RedisConnection } from './client.js';
import { textOf } from './replies.js';

/** A line of the reply of INFO. */
const infoOf = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/**
 * The policy by which the server evicts keys when its memory is full; undefined if it does not. An entry is evicted as any
 * other key, and what it has revoked is then accepted by processes that start later.
 */
export async function evictionPolicy(connection: RedisConnection): Promise<string | undefined> {
  const info = textOf(await connection.send(['INFO', 'memory']));
  const policy = infoOf(info, 'maxmemory_policy');
  if (infoOf(info, 'maxmemory') === '0' || policy === 'noeviction') return undefined;
  return policy;
}
