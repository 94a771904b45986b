import type { Cell } from '../base/cell.ts'
import { isDayGrain, parseDay } from '../base/time.ts'
import type { ValueType } from '../catalog/schema.ts'
import type { Field, Window } from '../query/resolved.ts'
import type { Aggregate } from './aggregates/aggregate.ts'
import type { Key } from './value.ts'

/** What one statement gave: group keys and states, column by column. An absent state is undefined. */
export interface PartialTable {
  readonly size: number
  /** Each row is a group of its own; rows of (group, distinct key) are not. */
  readonly distinctGroups: boolean
  readonly keys: readonly (readonly Key[])[]
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
  readonly window: Window
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
  const { window, fields, measures } = layout
  const keys: Key[][] = []
  if (window.grain !== undefined) {
    const readTime = isDayGrain(window.grain) ? readDay : Number
    keys.push(rows.map((row) => readTime(row[0] ?? null)))
  }
  const offset = keys.length
  for (const [i, field] of fields.entries()) keys.push(rows.map((row) => readKey(row[offset + i] ?? null, field.type)))
  // Groups of a slice are whole: without keys there is one, and nothing aggregated is its identity.
  const grouped = keys.length > 0
  const states = measures.map(({ key, request, aggregate, presence, parts }) => ({
    key,
    request,
    aggregate,
    cells: readCells(rows, aggregate, grouped ? presence : undefined, parts),
  }))
  return { size: rows.length, distinctGroups: layout.distinctGroups, keys, states }
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
    for (let i = 0; i < parts.length; i++) cells[i] = row[parts[i] ?? 0] ?? null
    return aggregate.read(cells)
  })
}

function readDay(cell: Cell): Key {
  const day = typeof cell === 'string' ? parseDay(cell.slice(0, 10)) : undefined
  if (day === undefined) throw new TypeError('a store gave a bucket that is not a day')
  return day
}

/** Keys of both engines in one form, so that equal keys meet. */
export function readKey(cell: Cell, type: ValueType): Key {
  if (cell === null) return null
  switch (type) {
    case 'string':
      return String(cell)
    case 'date':
      return String(cell).slice(0, 10)
    case 'boolean':
      return cell === true || cell === 1 || cell === '1' || cell === 't' || cell === 'true'
    case 'integer': {
      const number = Number(cell)
      return Number.isSafeInteger(number) ? number : BigInt(String(cell))
    }
  }
}
