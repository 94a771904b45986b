import type { Bound, DimensionModel, Fact, ProcessModel, Town } from '../model.ts'
import { tokensIn } from '../tokens.ts'
import { fieldOf } from './filters.ts'
import { type Visible, visibleIn } from './visible.ts'

/** What one caller may see of a town: names, rows, and the tokens of both. */
export interface View {
  readonly town: Town
  readonly bound: Bound
  readonly visible: Visible
  readonly dimensions: ReadonlyMap<string, DimensionModel>
  /** The caller's own facts of a process. */
  readonly factsOf: (process: ProcessModel) => readonly Fact[]
  /** Every token that may stand in a reply to the caller. */
  readonly allowed: ReadonlySet<string>
}

/** What who is bound may see of a town. An admin is bound to nothing and sees all. */
export function viewOf(town: Town, bound: Bound): View {
  const visible = visibleIn(town, bound)
  const dimensions = new Map(town.dimensions.map((dimension) => [dimension.name, dimension]))
  const facts = new Map([...visible.processes.values()].map((process) => [process.name, ownFacts(process, bound)]))
  const factsOf = (process: ProcessModel): readonly Fact[] => facts.get(process.name) ?? []
  const names = [
    ...visible.processes.keys(),
    ...[...visible.sources.values()].flatMap((sources) => sources.map(({ name }) => name)),
    ...visible.modifiers,
    ...visible.metrics.keys(),
    ...visible.dimensions,
    ...visible.domains,
  ]
  const open = [...visible.processes.values()]
  const filters = open.flatMap(({ modifiers }) => modifiers.filter(({ name }) => visible.modifiers.has(name)))
  const values = open.flatMap((process) => factsOf(process).flatMap((fact) => valuesIn(fact, process, dimensions)))
  // Who knows that it is bound to a key may be told of the key.
  const own = Object.values(bound).flat()
  return {
    town,
    bound,
    visible,
    dimensions,
    factsOf,
    allowed: tokensIn(
      [...names, ...filters.map((each) => JSON.stringify(each)), ...new Set(values), ...own].join('\n'),
    ),
  }
}

function ownFacts({ facts }: ProcessModel, bound: Bound): Fact[] {
  const all = Object.entries(bound)
  return facts.filter(({ keys }) => all.every(([name, own]) => own.includes(keys[name] ?? '')))
}

/** The keys of a fact and what they are called. */
function valuesIn(fact: Fact, { dimensions: carried }: ProcessModel, dimensions: View['dimensions']): string[] {
  return carried.flatMap((name) => {
    const key = fact.keys[name] ?? ''
    const declared = dimensions.get(name)?.declared?.find(({ value }) => String(value) === key)
    return [key, declared?.label ?? '', fieldOf(fact, `${name}.name`, dimensions) ?? '']
  })
}
