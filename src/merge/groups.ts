import type { AtomicRequest } from '../query/resolved.ts'
import type { Aggregate } from './aggregates/aggregate.ts'
import { aggregateFor } from './aggregates/index.ts'
import type { PartialTable } from './partial.ts'
import type { Key } from './value.ts'

/** The states of one request over the merged groups; undefined where the request has no row in a group. */
export interface StateColumn {
  readonly aggregate: Aggregate<unknown>
  readonly cells: readonly unknown[]
}

/** Merged groups: the full outer join of everything that was read, on all keys; a null key matches a null key. */
export interface GroupTable {
  readonly keys: readonly (readonly Key[])[]
  readonly size: number
  readonly states: ReadonlyMap<string, StateColumn>
}

/**
 * Merges partial tables. `width` is the number of keys; with none there is always exactly one group. Every request has
 * a column, also one that nothing was read for. Moments of a snapshot are kept although no state stands at them.
 */
export function mergeGroups(
  partials: readonly PartialTable[],
  width: number,
  requests: readonly AtomicRequest[],
  keepsEmpty = false,
): GroupTable {
  const [only] = partials
  // Groups of one statement are distinct already: there is nothing to look up.
  if (only?.distinctGroups === true && partials.length === 1 && width > 0)
    return keepsEmpty ? asGroups(only, requests) : dropEmpty(asGroups(only, requests), width)
  const keys: Key[][] = Array.from({ length: width }, () => [])
  const groups = new Map<unknown, number>()
  const states = emptyStates(requests)
  let size = 0
  if (width === 0) size = 1
  for (const partial of partials) {
    const rowGroups = new Array<number>(partial.size)
    for (let row = 0; row < partial.size; row++) {
      const identity = width === 0 ? '' : identityOf(partial.keys, row)
      let group = width === 0 ? 0 : groups.get(identity)
      if (group === undefined) {
        group = size++
        groups.set(identity, group)
        for (let key = 0; key < width; key++) keys[key]?.push(partial.keys[key]?.[row] ?? null)
      }
      rowGroups[row] = group
    }
    for (const { request, aggregate, cells } of partial.states) {
      const column = { aggregate, cells: [...(states.get(request)?.cells ?? [])] }
      states.set(request, column)
      for (let row = 0; row < partial.size; row++) addState(column, rowGroups[row] ?? 0, cells[row])
    }
  }
  return keepsEmpty ? { keys, size, states } : dropEmpty({ keys, size, states }, width)
}

/** A column for every request, also for one that nothing was read for. */
function emptyStates(requests: readonly AtomicRequest[]): Map<string, StateColumn> {
  return new Map(
    requests.map(({ id, metric }) => {
      const aggregate = aggregateFor(metric, false)
      return [id, { aggregate, cells: [] }]
    }),
  )
}

function asGroups({ size, keys, states }: PartialTable, requests: readonly AtomicRequest[]): GroupTable {
  const columns = emptyStates(requests)
  for (const { request, aggregate, cells } of states) columns.set(request, { aggregate, cells })
  return { keys, size, states: columns }
}

function addState(
  column: { aggregate: StateColumn['aggregate']; cells: unknown[] },
  group: number,
  state: unknown,
): void {
  if (state === undefined) return
  const before = column.cells[group]
  column.cells[group] = before === undefined ? state : column.aggregate.merge(before, state)
}

/** Tells groups apart. One key is its own identity; several are written behind each other with their lengths' worth of separators. */
export function identityOf(keys: readonly (readonly Key[])[], row: number): unknown {
  if (keys.length === 1) return keys[0]?.[row] ?? null
  let identity = ''
  for (const column of keys) {
    const key = column[row] ?? null
    const text = key === null ? '' : String(key)
    identity += key === null ? 'n;' : `${text.length}:${text};`
  }
  return identity
}

/** A group in which no request has a row is no group; modifiers can leave such behind. */
function dropEmpty(table: GroupTable, width: number): GroupTable {
  if (width === 0) return table
  const columns = [...table.states.values()]
  if (columns.some(({ cells }) => cells.length === table.size && !cells.includes(undefined))) return table
  const kept: number[] = []
  for (let group = 0; group < table.size; group++) {
    if (columns.some((column) => column.cells[group] !== undefined)) kept.push(group)
  }
  if (kept.length === table.size) return table
  return {
    keys: table.keys.map((column) => kept.map((group) => column[group] ?? null)),
    size: kept.length,
    states: new Map(
      [...table.states].map(([request, { aggregate, cells }]) => [
        request,
        { aggregate, cells: kept.map((group) => cells[group]) },
      ]),
    ),
  }
}
