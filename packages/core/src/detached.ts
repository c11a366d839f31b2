/** An ASCII text of its own: a part that is kept would keep the whole text in memory that it was cut from. */
export function detached(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1');
}
