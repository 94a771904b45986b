/** A value, or the promise of it: what is known at once need not wait for a turn of the event loop. */
export type Soon<T> = T | Promise<T>

/** Goes on with a value now, or when it is there. */
export function whenThere<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
