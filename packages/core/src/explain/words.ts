import type { TokenPlace } from '../facts.js';

/** How much of a name is shown: clients and issuers choose some. */
const longestName = 80;
const mostListed = 8;

/** A name in quotes, cut, and without what would disturb a line. */
export function quoted(name: string): string {
  return `"${name.slice(0, longestName).replaceAll(/["\\\p{C}\p{Zl}\p{Zp}]/gu, '?')}${name.length > longestName ? '…' : ''}"`;
}

/** Names in quotes as a list in a sentence; cut if there are many. */
export function listed(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  const shown = names.slice(0, mostListed).map(quoted);
  if (names.length > mostListed)
    return `${shown.join(', ')} ${last} ${String(names.length - mostListed)} more`;
  return joined(shown, last);
}

/** Texts as a list in a sentence. */
export function joined(texts: readonly string[], last: 'and' | 'or' = 'and'): string {
  return texts.length < 2
    ? texts.join('')
    : `${texts.slice(0, -1).join(', ')} ${last} ${texts.slice(-1).join('')}`;
}

/** A location of a token in words. */
export function placeName({ kind, name = '' }: TokenPlace): string {
  switch (kind) {
    case 'authorization':
      return 'the header Authorization';
    case 'cookie':
      return `the cookie ${quoted(name)}`;
    case 'header':
      return `the header ${quoted(name)}`;
  }
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** How long something lasts, in the largest unit of which there are two: `90 minutes`, `2 hours`. */
export function duration(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= 2 * each) ?? ['second', 1000];
  const count = Math.max(1, Math.floor(ms / length));
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** The first letter in upper case, as a sentence begins. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
