import { describe, expect, it } from 'vitest'
import { topGroups } from '../../src/merge/top.ts'
import type { Key, Value } from '../../src/merge/value.ts'
import { fieldKey, finished } from './answerKeys.ts'

const keys = [fieldKey('country'), fieldKey('size', 'integer')]
const groups: readonly (readonly Key[])[] = [
  ['JP', 2],
  ['JP', 1],
  [null, 1],
  ['US', null],
  ['DE', 7],
]

/** Which of the groups are kept, and what the others fold into. */
function kept(values: readonly Value[], n: number, direction: 'asc' | 'desc', others = false) {
  const columns = [0, 1].map((i) => groups.map((group) => group[i] ?? null))
  const fold = topGroups(finished(columns, ['sales', values]), keys, { n, by: 'sales', direction, others })
  return groups.map((group) => fold(group))
}

const [jp2, jp1, nobody, us, de] = groups

describe('top', () => {
  it('keeps the largest, or the smallest, and leaves the rest out', () => {
    expect(kept([1.5, 3, 2, 5, 4], 2, 'desc')).toEqual([undefined, undefined, undefined, us, de])
    expect(kept([1.5, 3, 2, 5, 4], 2, 'asc')).toEqual([jp2, undefined, nobody, undefined, undefined])
  })

  it('takes nulls last in both directions', () => {
    expect(kept([null, 3, null, 5, null], 3, 'desc')).toEqual([undefined, jp1, undefined, us, de])
    expect(kept([null, 3, null, 5, null], 3, 'asc')).toEqual([undefined, jp1, undefined, us, de])
  })

  it('breaks ties by the keys, ascending, nulls last', () => {
    const same = [7, 7, 7, 7, 7]
    expect(kept(same, 1, 'desc')).toEqual([undefined, undefined, undefined, undefined, de])
    expect(kept(same, 2, 'asc')).toEqual([undefined, jp1, undefined, undefined, de])
    expect(kept(same, 4, 'desc')).toEqual([jp2, jp1, undefined, us, de])
  })

  it('folds the rest into one group, whose texts say so', () => {
    expect(kept([1, 2, 3, 4, 5], 3, 'desc', true)).toEqual([['others', null], ['others', null], nobody, us, de])
  })
})
