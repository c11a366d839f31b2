/**
 * The same in another order, by chance. What one contender leaves to be done (collecting its garbage when it is idle again)
 * then burdens each of the others now and then, and not always the same one.
 */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
