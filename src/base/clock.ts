/** Where "now" comes from: milliseconds since the epoch. Passed in, never read from the side. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** A clock that stands still, for tests and demos. */
export function fixedClock(instant: number): Clock {
  return () => instant
}
