import { compareValues, type Key } from './value.ts'

/** The least and the largest of some keys, nulls left out; nulls where there is none. */
export function extentOf(keys: readonly Key[]): readonly [Key, Key] {
  let least: Key = null
  let most: Key = null
  for (const key of keys) {
    if (key === null) continue
    if (least === null || compareValues(key, least) < 0) least = key
    if (most === null || compareValues(key, most) > 0) most = key
  }
  return [least, most]
}
