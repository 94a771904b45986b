import type { Cell } from '../../src/stores/port.ts'
import { Random } from '../support/random.ts'
import { PAST, TODAY } from './calendar.ts'
import type { Fact, ProcessModel, SourceModel, Town } from './model.ts'
import { columnOf, TABLES } from './tables.ts'

type Row = readonly Cell[]

/** Rows for the tables of facts, by the role of their sources. */
export type Rows = Readonly<Record<SourceModel['role'], Row[]>>

interface Versioned {
  readonly fact: Fact
  readonly version: number
}

/** The rows of every source of some towns. Each source holds all days; versions besides the true one hold what is not true. */
export function rowsOf(towns: readonly Town[], seed: number): Rows {
  const rows: Rows = { live: [], events: [], days: [] }
  for (const town of towns) {
    const random = new Random(seed * 104_729 + town.id)
    for (const process of town.processes) {
      for (const source of process.sources) rows[source.role].push(...sourceRows(random, source, process, town))
    }
  }
  return rows
}

function sourceRows(random: Random, source: SourceModel, process: ProcessModel, town: Town): Row[] {
  const names = TABLES[source.role].columns.map(([name]) => name)
  const place = { place: source.place }
  const keysOf = (fact: Fact) =>
    Object.fromEntries(source.dimensions.map((name) => [columnOf(name, town), fact.keys[name] ?? null]))
  const row = (cells: Record<string, Cell>): Row => names.map((name) => cells[name] ?? null)
  switch (source.role) {
    case 'live':
      return process.facts.map((fact) => row({ ...place, ...keysOf(fact), ...eventCells(fact) }))
    case 'events':
      return versioned(random, source, process).map(({ fact, version }) =>
        row({ ...place, day: fact.day, pv: version, ...keysOf(fact), ...eventCells(fact) }),
      )
    case 'days': {
      const identity = ({ fact, version }: Versioned) => JSON.stringify([fact.day, version, keysOf(fact)])
      return [...Map.groupBy(versioned(random, source, process), identity).values()].map((group) => {
        const [{ fact, version }] = group as [Versioned]
        return row({ ...place, day: fact.day, pv: version, ...keysOf(fact), ...dayCells(group) })
      })
    }
  }
}

/** The past days under their true versions, and now and then untrue rows under another. */
function versioned(random: Random, { versions }: SourceModel, { facts }: ProcessModel): Versioned[] {
  const truth = facts
    .filter(({ day }) => day < TODAY)
    .map((fact): Versioned => ({ fact, version: versions.get(fact.day) ?? 1 }))
  const untrue = PAST.filter(() => random.chance(0.2)).map((day): Versioned => {
    const version = ((versions.get(day) ?? 1) % 3) + 1
    return { fact: { ...random.pick(facts), day, cost: 7_777_777, units: 7777 }, version }
  })
  return [...truth, ...untrue]
}

function eventCells({ at, viewer, cost, units }: Fact): Record<string, Cell> {
  return { at: new Date(at).toISOString(), viewer, cost: money(cost), units }
}

function dayCells(group: readonly Versioned[]): Record<string, Cell> {
  const costs = group.map(({ fact }) => fact.cost)
  return {
    row_count: group.length,
    cost_sum: money(costs.reduce((sum, cost) => sum + cost, 0)),
    cost_min: money(Math.min(...costs)),
    cost_max: money(Math.max(...costs)),
    units_sum: group.reduce((sum, { fact }) => sum + fact.units, 0),
  }
}

function money(hundredths: number): string {
  return (hundredths / 100).toFixed(2)
}
