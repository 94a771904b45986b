import type { Random } from '../../support/random.ts'
import { type Asked, type AskedMetric, fieldsOf } from '../asked.ts'
import { PAST, TODAY } from '../calendar.ts'
import type { DimensionModel, MetricModel, ProcessModel } from '../model.ts'
import type { View } from '../oracle/view.ts'
import { makeFilter } from './filters.ts'

/** Whom a question is made for: mostly it asks what the first of two callers sees, now and then what neither may. */
export interface Asking {
  readonly view: View
  readonly other: View
}

/** A question to one process, or to two by what both carry. */
export function makeAsked(random: Random, asking: Asking): Asked {
  const { town, visible } = asking.view
  const open = town.processes.filter(({ name }) => visible.processes.has(name))
  const process = random.chance(0.94) && open.length > 0 ? random.pick(open) : random.pick(town.processes)
  const ratio = random.chance(0.2) ? town.spanning[0] : undefined
  const read = ratio === undefined ? [process] : processesOf(ratio, town.processes)
  const metrics = [
    ...askedMetrics(random, process.metrics, asking),
    ...(ratio === undefined ? [] : [plain(ratio.name)]),
  ].slice(ratio === undefined ? 0 : -1)
  const carried = town.dimensions.filter(({ name }) => read.every(({ dimensions }) => dimensions.includes(name)))
  const dimensions = askedDimensions(random, carried)
  const filters = Array.from(
    {
      length: random.weighted([
        [5, 0],
        [4, 1],
        [2, 2],
      ]),
    },
    () => makeFilter(random, carried, asking),
  )
  const shown = [...dimensions, ...metrics.map(({ as }) => as)]
  const modified = random.chance(0.15) ? withModifiers(random, metrics, process) : metrics
  const cut = random.chance(0.25)
  return {
    metrics: modified,
    dimensions,
    range: makeRange(random),
    byDay: random.chance(0.5),
    filters: carried.length === 0 ? [] : filters.filter((filter) => fieldsOf(filter).length > 0),
    having: random.chance(0.15)
      ? [{ field: metrics[0]?.as ?? '', op: random.pick(['gte', 'lt']), value: random.int(0, 500) }]
      : [],
    order: cut || random.chance(0.2) ? [{ field: random.pick(shown), direction: random.pick(['asc', 'desc']) }] : [],
    limit: cut ? random.int(1, 6) : undefined,
    totals: random.chance(0.4),
    maxStaleness: random.chance(0.25) ? 60 : 0,
  }
}

function processesOf(
  { above, below }: { above: string; below: string },
  processes: readonly ProcessModel[],
): ProcessModel[] {
  return processes.filter(({ metrics }) => metrics.some(({ name }) => name === above || name === below))
}

function plain(metric: string): AskedMetric {
  return { metric, modifiers: [], as: metric }
}

function askedMetrics(random: Random, all: readonly MetricModel[], { view }: Asking): AskedMetric[] {
  const seen = all.filter(({ name }) => view.visible.metrics.has(name))
  const from = random.chance(0.95) && seen.length > 0 ? seen : all
  return random.sample(from, random.int(1, 3)).map(({ name }) => plain(name))
}

/** The first metric once more under modifiers, which may be some that name a tenant. */
function withModifiers(
  random: Random,
  metrics: readonly AskedMetric[],
  { modifiers, metrics: all }: ProcessModel,
): AskedMetric[] {
  const [first] = metrics
  const isSingle = all.find(({ name }) => name === first?.metric)?.kind !== 'ratio'
  if (first === undefined || !isSingle || modifiers.length === 0) return [...metrics]
  return [...metrics, { metric: first.metric, modifiers: [random.pick(modifiers).name], as: 'variant' }]
}

function askedDimensions(random: Random, carried: readonly DimensionModel[]): string[] {
  const fields = carried.flatMap(({ name, table }) =>
    table === undefined ? [name] : [name, ...random.some([`${name}.name`, `${name}.tier`], 0.5)],
  )
  return random.sample(
    fields,
    random.weighted([
      [3, 0],
      [4, 1],
      [3, 2],
      [1, 3],
    ]),
  )
}

function makeRange(random: Random): Asked['range'] {
  const days = [...PAST, TODAY]
  const from = random.int(0, days.length - 1)
  return random.weighted<Asked['range']>([
    [2, undefined],
    [3, 'last 3 days and today'],
    [1, 'last 30 days and today'],
    [1, 'last 2 days'],
    [1, 'today'],
    [1, 'yesterday'],
    [3, [days[from] ?? TODAY, days[random.int(from, days.length - 1)] ?? TODAY]],
  ])
}
