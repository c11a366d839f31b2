import { isRecord, type Members } from '../json.js';
import type { ConnectionsEnd, RevocationEntry } from './store.js';

/** How long a value of an entry may be, in characters: a claim is at most as long as its token. */
export const longestValue = 4096;
/** How long the reason of a closed socket may be, in characters; a close frame holds 123 bytes. */
const longestReason = 1024;

/** Whether a value is a text that an entry may hold. */
export function isEntryText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestValue;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const isAbsent = (value: unknown): value is undefined | null =>
  value === undefined || value === null;

const isOptionalText = (value: unknown): value is string | undefined | null =>
  isAbsent(value) || isEntryText(value);

/** Whether a number is a close code that a server may send (RFC 6455, section 7.4.2; `ws` and browsers allow no other). */
export function isCloseCode(code: unknown): code is number {
  return (
    Number.isInteger(code) && (code === 1000 || (Number(code) >= 3000 && Number(code) <= 4999))
  );
}

function readConnectionsEnd(entry: Members, until: number): ConnectionsEnd | undefined {
  const { from, role, variable, token, code, reason } = entry;
  if (!isEntryText(from) || !isOptionalText(role) || !isOptionalText(token)) return undefined;
  if (!isCloseCode(code)) return undefined;
  if (typeof reason !== 'string' || reason.length > longestReason) return undefined;
  const criteria = { role: role ?? undefined, token: token ?? undefined };
  if (isAbsent(variable))
    return isAbsent(role) && isAbsent(token)
      ? undefined // it would close every connection
      : { by: 'connections', from, ...criteria, code, reason, until };
  if (!isRecord(variable)) return undefined;
  const { name, value } = variable;
  if (!isEntryText(name) || !isEntryText(value)) return undefined;
  return { by: 'connections', from, ...criteria, variable: { name, value }, code, reason, until };
}

/**
 * Reads an entry that came from a store, which is outside: its known members only, each of its type. Undefined if it is
 * malformed.
 */
export function readEntry(entry: unknown): RevocationEntry | undefined {
  if (!isRecord(entry)) return undefined;
  const { by, until, value, before, iss, withoutSid } = entry;
  if (!isTime(until)) return undefined;
  if (by === 'connections') return readConnectionsEnd(entry, until);
  if (!isEntryText(value) || !isOptionalText(iss)) return undefined;
  switch (by) {
    case 'token':
      return { by, value, until };
    case 'jti':
    case 'sid':
      return { by, iss: iss ?? undefined, value, until };
    case 'sub':
      if (!isTime(before) || !(isAbsent(withoutSid) || typeof withoutSid === 'boolean'))
        return undefined;
      return { by, iss: iss ?? undefined, value, before, withoutSid: withoutSid === true, until };
    case 'issuer':
      return isTime(before) ? { by, value, before, until } : undefined;
    default:
      return undefined;
  }
}
