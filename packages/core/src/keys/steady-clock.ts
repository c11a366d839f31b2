/**
 * A clock that never runs backwards, made of one that may: where the operator's clock is set back, this one goes on from
 * where it was. Moments compared by it are reached in time, so that nothing is kept until a future that was a mistake,
 * and nothing is fetched again and again. Where the clock is set forward, things merely become due early.
 */
export function steadyClock(now: () => number): () => number {
  let latest = -Infinity;
  let ahead = 0;
  return () => {
    const time = now() + ahead;
    if (time < latest) {
      ahead += latest - time;
      return latest;
    }
    latest = time;
    return time;
  };
}
