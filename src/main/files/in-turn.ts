/**
 * Does work on one thing on the disk one after the other, in the order asked for: each finds what the last one left, and
 * what was asked last stands in the end. A piece of work that fails does not stop the next.
 */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
