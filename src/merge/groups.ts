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
  const isOne = only?.distinctGroups === true && partials.length === 1 && width > 0
  const table = isOne ? asGroups(only, requests) : joined(partials, width, requests)
  return keepsEmpty || width === 0 ? table : dropEmpty(table)
}

function joined(partials: readonly PartialTable[], width: number, requests: readonly AtomicRequest[]): GroupTable {
  const keys: Key[][] = Array.from({ length: width }, () => [])
  const groups = new Map<unknown, number>()
  const states = emptyStates(requests)
  if (width === 0) groups.set('', 0)
  for (const partial of partials) {
    const rowGroups = new Array<number>(partial.size)
    for (let row = 0; row < partial.size; row++) {
      const identity = identityOf(partial.keys, row)
      let group = groups.get(identity)
      if (group === undefined) {
        group = groups.size
        groups.set(identity, group)
        keys.forEach((column, key) => void column.push(partial.keys[key]?.[row] ?? null))
      }
      rowGroups[row] = group
    }
    for (const { request, aggregate, cells } of partial.states) {
      const merged = states.get(request)?.cells ?? []
      states.set(request, { aggregate, cells: merged })
      rowGroups.forEach((group, row) => {
        const state = cells[row]
        if (state === undefined) return
        const before = merged[group]
        merged[group] = before === undefined ? state : aggregate.merge(before, state)
      })
    }
  }
  settle(states)
  return { keys, size: groups.size, states }
}

/** Windows and totals merge what was merged here again and again. */
function settle(states: ReadonlyMap<string, { aggregate: Aggregate<unknown>; cells: unknown[] }>): void {
  for (const { aggregate, cells } of states.values()) {
    if (aggregate.settle === undefined) continue
    for (const [group, state] of cells.entries()) if (state !== undefined) cells[group] = aggregate.settle(state)
  }
}

/** A column for every request, also for one that nothing was read for. */
function emptyStates(
  requests: readonly AtomicRequest[],
): Map<string, { aggregate: Aggregate<unknown>; cells: unknown[] }> {
  return new Map(requests.map(({ id, metric }) => [id, { aggregate: aggregateFor(metric, false), cells: [] }]))
}

function asGroups({ size, keys, states }: PartialTable, requests: readonly AtomicRequest[]): GroupTable {
  const columns = new Map<string, StateColumn>(emptyStates(requests))
  for (const { request, aggregate, cells } of states) columns.set(request, { aggregate, cells })
  return { keys, size, states: columns }
}

/** Tells groups apart. One key is its own identity; several are written behind each other with their lengths' worth of separators. */
export function identityOf(keys: readonly (readonly Key[])[], row: number): unknown {
  if (keys.length === 1) return keys[0]?.[row] ?? null
  let identity = ''
  for (const column of keys) {
    const key = column[row] ?? null
    identity += key === null ? 'n;' : withLength(String(key))
  }
  return identity
}

function withLength(text: string): string {
  return `${text.length}:${text};`
}

/** A group in which no request has a row is no group; modifiers can leave such behind. */
function dropEmpty(table: GroupTable): GroupTable {
  const columns = [...table.states.values()]
  if (columns.some(({ cells }) => cells.length === table.size && !cells.includes(undefined))) return table
  const kept = [...Array(table.size).keys()].filter((group) => columns.some(({ cells }) => cells[group] !== undefined))
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
