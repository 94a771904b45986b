import { describe, expect, it } from 'vitest'
import type { Finality } from '../../src/base/finality.ts'
import type { Fill } from '../../src/catalog/catalog.ts'
import type { Bucket } from '../../src/merge/buckets.ts'
import { addSpine, type FillContext, fillCells, groupsOf } from '../../src/merge/fill.ts'
import { Rows } from '../../src/merge/rows.ts'
import type { Key, Value } from '../../src/merge/value.ts'
import type { Predicate, QuestionKey } from '../../src/query/resolved.ts'
import { DAY, field, fieldKey, MONTH } from './answerKeys.ts'

function rowsWith(width: number, tuples: readonly (readonly Key[])[]): Rows {
  const rows = new Rows(width)
  for (const tuple of tuples) rows.at(tuple)
  return rows
}

function tuplesOf(rows: Rows): Key[][] {
  return Array.from({ length: rows.size }, (_, row) => rows.keysOf(row))
}

const days = (...all: number[]): Bucket[] => all.map((day) => ({ keys: [day], positions: [day] }))
const each = { spine: true, value: '0', groups: 'each' } as const
const flat = { spine: true, value: '0', groups: null } as const
const country = fieldKey('country')

/** A spine over the groups that stand there before it. */
function putSpine(fill: Fill, has: (row: number) => boolean, context: Omit<FillContext, 'occurring'>): void {
  addSpine(fill, has, { ...context, occurring: groupsOf(context.rows, context.keys) })
}

describe('a spine', () => {
  it('of each group puts every bucket for every group that occurs', () => {
    const rows = rowsWith(2, [
      ['JP', 2],
      [null, 1],
    ])
    putSpine(each, () => true, { rows, keys: [country, DAY], buckets: days(1, 2, 3), conditions: [] })
    expect(tuplesOf(rows)).toEqual([
      ['JP', 2],
      [null, 1],
      ['JP', 1],
      [null, 2],
      ['JP', 3],
      [null, 3],
    ])
  })

  it('of each group has no rows where no group occurs', () => {
    const rows = rowsWith(2, [])
    putSpine(each, () => true, { rows, keys: [country, DAY], buckets: days(1, 2), conditions: [] })
    expect(rows.size).toBe(0)
  })

  it('puts the keys of buckets and groups where the question has them', () => {
    const keys = [MONTH, country, DAY, fieldKey('size', 'integer')]
    const rows = rowsWith(4, [[30, 'JP', 31, 5]])
    const buckets = [
      { keys: [60, 61], positions: [61] },
      { keys: [60, 62], positions: [62] },
    ]
    putSpine(each, () => true, { rows, keys, buckets, conditions: [] })
    expect(tuplesOf(rows).slice(1)).toEqual([
      [60, 'JP', 61, 5],
      [60, 'JP', 62, 5],
    ])
  })

  it('without groups has every bucket though nothing occurs', () => {
    const rows = rowsWith(1, [])
    putSpine(each, () => true, { rows, keys: [DAY], buckets: days(1, 2), conditions: [] })
    expect(tuplesOf(rows)).toEqual([[1], [2]])
  })

  it('without groups puts every bucket, whichever it is to be of', () => {
    for (const fill of [each, flat]) {
      const rows = rowsWith(1, [[2]])
      putSpine(fill, () => true, {
        rows,
        keys: [DAY],
        buckets: days(1, 2),
        conditions: [{ kind: 'null', field: field('size'), negated: true }],
      })
      expect(tuplesOf(rows)).toEqual([[2], [1]])
    }
  })

  it('of nobody puts one row of nulls for a bucket in which the metric itself has none', () => {
    // The rows of the 1st and the 4th are another metric's.
    const rows = rowsWith(3, [
      [1, 'JP', 5],
      [2, 'JP', 5],
      [2, 'US', 6],
      [4, null, null],
    ])
    const keys = [DAY, country, fieldKey('size', 'integer')]
    putSpine(flat, (row) => row === 1 || row === 2, { rows, keys, buckets: days(1, 2, 3, 4), conditions: [] })
    expect(tuplesOf(rows).slice(4)).toEqual([
      [1, null, null],
      [3, null, null],
    ])
  })

  it('counts the first row as the others', () => {
    const rows = rowsWith(2, [
      [1, 'JP'],
      [2, 'US'],
    ])
    putSpine(flat, (row) => row === 0, { rows, keys: [DAY, country], buckets: days(1, 2), conditions: [] })
    expect(tuplesOf(rows)).toEqual([
      [1, 'JP'],
      [2, 'US'],
      [2, null],
    ])
  })
})

const ofCountry = field('country')
const ofSize = field('size')
const isNull = (of = ofCountry, negated = false): Predicate => ({ kind: 'null', field: of, negated })
const isJapan = (of = ofCountry): Predicate => ({ kind: 'compare', field: of, op: 'eq', value: 'JP' })
const listed = (kind: 'oneOf' | 'noneOf', matchNull: boolean): Predicate => ({
  kind,
  field: ofCountry,
  values: ['JP'],
  matchNull,
})
const text: Predicate = { kind: 'text', field: ofCountry, op: 'contains', value: 'J', negated: true }
const during: Predicate = { kind: 'during', field: ofCountry, from: 0, to: 1, negated: true }
const all = (...items: Predicate[]): Predicate => ({ kind: 'all', items })
const any = (...items: Predicate[]): Predicate => ({ kind: 'any', items })

describe('a row of nulls', () => {
  // Whether null, by SQL's logic, lets the condition hold.
  it.each([
    [isNull(), true],
    [isNull(ofCountry, true), false],
    [isJapan(), false],
    [listed('oneOf', true), true],
    [listed('oneOf', false), false],
    [listed('noneOf', true), true],
    [listed('noneOf', false), false],
    [text, false],
    [during, false],
    [all(isNull(), isNull()), true],
    [all(isNull(), isJapan()), false],
    [all(isNull(), text), false],
    [all(isNull(), during), false],
    [all(isNull(), listed('oneOf', false)), false],
    [any(isJapan(), isNull()), true],
    [any(isJapan(), text), false],
    [any(listed('noneOf', true), isJapan()), true],
    // Conditions on what is not grouped by say nothing of the row, alone or beside others.
    [isJapan(ofSize), true],
    [any(isJapan(), isJapan(ofSize)), true],
  ] as const)('stands where the conditions hold for null', (condition: Predicate, stands: boolean) => {
    const rows = rowsWith(2, [[1, 'JP']])
    putSpine(flat, () => true, { rows, keys: [DAY, country], buckets: days(1, 2), conditions: [isNull(), condition] })
    expect(rows.size).toBe(stands ? 2 : 1)
  })
})

/** Fills the cells of a column; gives the values and how final they are. */
function filled(
  value: string | null,
  keys: readonly QuestionKey[],
  cells: readonly (readonly [readonly Key[], Value, Finality?])[],
  type: 'decimal' | 'float' = 'decimal',
  missing: 'null' | 'partial' = 'null',
): (readonly [Value, Finality])[] {
  const rows = rowsWith(
    keys.length,
    cells.map(([tuple]) => tuple),
  )
  const values = cells.map(([, of]) => of)
  const finality = cells.map(([, , of]) => of ?? 'final')
  fillCells({ spine: true, value, groups: 'each' }, type, { values, finality }, { rows, keys, missing })
  return values.map((of, row) => [of, finality[row] ?? 'final'])
}

describe('empty cells', () => {
  const exact = (units: bigint, scale = 0): Value => ({ units, scale })

  it('take a value, as a number of the type of their metric', () => {
    const cells = [
      [[1], null],
      [[2], 7],
      [[3], null, 'provisional'],
    ] as const
    expect(filled('-1.50', [DAY], cells)).toEqual([
      [exact(-150n, 2), 'final'],
      [7, 'final'],
      [exact(-150n, 2), 'provisional'],
    ])
    expect(filled('-1.50', [DAY], cells, 'float')).toEqual([
      [-1.5, 'final'],
      [7, 'final'],
      [-1.5, 'provisional'],
    ])
  })

  it('stay as they are by null, and where they are missing', () => {
    expect(
      filled(
        null,
        [DAY],
        [
          [[1], null],
          [[2], 7],
        ],
      ),
    ).toEqual([
      [null, 'final'],
      [7, 'final'],
    ])
    expect(filled('0', [DAY], [[[1], null, 'missing']], 'float')).toEqual([[null, 'missing']])
  })

  it('take the last value of their own group, in order of time', () => {
    const cells = [
      [['b', 3], null],
      [['a', 3], null],
      [['b', 1], 20],
      [['a', 2], 10],
      [['a', 1], null],
      [['b', 2], null],
      [['b', 10], null],
      [['b', 4], 30],
    ] as const
    expect(filled('previous', [country, DAY], cells).map(([value]) => value)).toEqual([
      20,
      10,
      20,
      10,
      null,
      20,
      30,
      30,
    ])
  })

  it('go by all times of a row, the first of them first; what has no time comes last', () => {
    const cells = [
      [[32, 33], null],
      [[1, 40], null],
      [[1, 2], 5],
      [[32, 32], 6],
      [[1, null], null],
      [[null, 1], null],
    ] as const
    expect(filled('previous', [MONTH, DAY], cells).map(([value]) => value)).toEqual([6, 5, 5, 6, 5, 6])
  })

  it('are as final as what is carried and what it is carried over', () => {
    const cells = [
      [[1], null, 'provisional'],
      [[2], 1],
      [[3], null],
      [[4], null, 'provisional'],
      [[5], null],
      [[6], null, 'missing'],
      [[7], null],
      [[8], 2],
      [[9], null],
    ] as const
    const before: (readonly [Value, Finality])[] = [
      [null, 'provisional'],
      [1, 'final'],
      [1, 'final'],
      [1, 'provisional'],
      [1, 'provisional'],
      [null, 'missing'],
    ]
    const after: (readonly [Value, Finality])[] = [
      [2, 'final'],
      [2, 'final'],
    ]
    expect(filled('previous', [DAY], cells)).toEqual([...before, [null, 'missing'], ...after])
    expect(filled('previous', [DAY], cells, 'decimal', 'partial')).toEqual([...before, [1, 'missing'], ...after])
  })

  it('are those of the groups before anything is filled', () => {
    const rows = rowsWith(2, [['JP', 1]])
    const occurring = groupsOf(rows, [country, DAY])
    addSpine(flat, () => false, { rows, keys: [country, DAY], buckets: days(1), conditions: [], occurring })
    addSpine(each, () => true, { rows, keys: [country, DAY], buckets: days(1, 2), conditions: [], occurring })
    expect(tuplesOf(rows)).toEqual([
      ['JP', 1],
      [null, 1],
      ['JP', 2],
    ])
  })
})
