import type { Cell } from '../base/cell.ts'
import { type Day, type Grain, isDayGrain, parseDay } from '../base/time.ts'
import type { ValueType } from '../catalog/schema.ts'
import type { Field } from '../query/resolved.ts'
import type { Aggregate } from './aggregates/aggregate.ts'
import type { Key } from './value.ts'

/** What one statement gave: group keys and states, column by column. An absent state is undefined. */
export interface PartialTable {
  readonly size: number
  /** Each row is a group of its own; rows of (group, value) are not. */
  readonly distinctGroups: boolean
  /** The base bucket if there is one, for a snapshot the moment and what it is kept of, then the fields. */
  readonly keys: readonly (readonly Key[])[]
  /** True when rows bear the moment that was kept. */
  readonly isSnapshot: boolean
  readonly states: readonly {
    /** Tells states of one request apart that travelled differently. */
    readonly key: string
    readonly request: string
    readonly aggregate: Aggregate<unknown>
    readonly cells: readonly unknown[]
  }[]
}

/** How the rows of a statement are to be read. */
export interface PartialLayout {
  readonly distinctGroups: boolean
  readonly base: Grain | 'exact' | undefined
  /** The grain of moments, for a snapshot. */
  readonly moment: Grain | undefined
  readonly by: readonly Field[]
  readonly fields: readonly Field[]
  readonly measures: readonly {
    readonly key: string
    readonly request: string
    readonly aggregate: Aggregate<unknown>
    /** Column of the presence count; a group without rows under the modifiers has no state. */
    readonly presence: number | undefined
    readonly parts: readonly number[]
  }[]
}

/** Reads a statement's rows into typed keys and states. */
export function readPartial(rows: readonly (readonly Cell[])[], layout: PartialLayout): PartialTable {
  const { base, moment, by, fields, measures } = layout
  const keys: Key[][] = []
  const read = (reader: (cell: Cell) => Key): void => {
    const column = keys.length
    keys.push(rows.map((row) => reader(row[column] ?? null)))
  }
  if (base !== undefined) read(bucketReader(base))
  if (moment !== undefined) read(bucketReader(moment))
  for (const field of [...by, ...fields]) read(fieldReader(field))
  const states = measures.map(({ key, request, aggregate, presence, parts }) => ({
    key,
    request,
    aggregate,
    cells: readCells(rows, aggregate, presence, parts),
  }))
  return { size: rows.length, distinctGroups: layout.distinctGroups, isSnapshot: moment !== undefined, keys, states }
}

function readCells(
  rows: readonly (readonly Cell[])[],
  aggregate: Aggregate<unknown>,
  presence: number | undefined,
  parts: readonly number[],
): unknown[] {
  // One array serves all rows: an aggregate reads its parts and keeps none of them.
  const cells = new Array<Cell>(parts.length)
  return rows.map((row) => {
    if (presence !== undefined && Number(row[presence]) === 0) return undefined
    parts.forEach((part, i) => {
      cells[i] = row[part] ?? null
    })
    return aggregate.read(cells)
  })
}

function bucketReader(grain: Grain | 'exact'): (cell: Cell) => Key {
  const read = grain === 'exact' || !isDayGrain(grain) ? Number : readDay
  return (cell) => (cell === null ? null : read(cell))
}

function fieldReader({ bucket, part, type }: Field): (cell: Cell) => Key {
  return bucket !== undefined && part === undefined ? bucketReader(bucket) : (cell) => readKey(cell, type)
}

function readDay(cell: Cell): Day {
  const day = parseDay(String(cell).slice(0, 10))
  if (day === undefined) throw new TypeError('a store gave a bucket that is not a day')
  return day
}

/** How engines write true. */
const TRUE: ReadonlySet<string> = new Set(['true', 't', '1'])

/** Keys of both engines in one form, so that equal keys meet. */
export function readKey(cell: Cell, type: ValueType): Key {
  if (cell === null) return null
  switch (type) {
    case 'string':
      return String(cell)
    case 'date':
      return String(cell).slice(0, 10)
    case 'boolean':
      return TRUE.has(String(cell))
    case 'integer': {
      const number = Number(cell)
      return Number.isSafeInteger(number) ? number : BigInt(String(cell))
    }
  }
}
