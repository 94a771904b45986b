/** For filters that leave out what is not there. */
export function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined
}
