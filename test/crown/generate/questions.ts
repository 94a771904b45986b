import type { Random } from '../../support/random.ts'
import type { Dataset, MetricModel, ProcessModel } from '../model.ts'
import { type Day, type Grain, isSkipped, plus } from '../oracle/calendar.ts'
import { processesOf } from '../oracle/requests.ts'
import type { Asked, AskedMetric } from '../question.ts'
import { fieldsOf, makeFilter, makeHaving } from './filters.ts'
import { ZONES } from './pools.ts'

/** A question that the catalog of the dataset understands. */
export function makeQuestion(random: Random, dataset: Dataset): Asked {
  const metrics = chooseMetrics(random, dataset)
  const processes = processesOf(
    metrics.map((each) => (typeof each === 'string' ? each : each.metric)),
    dataset,
  )
  const names = metrics.map((each) => (typeof each === 'string' ? each : (each.as ?? each.metric)))
  const fields = fieldsOf(dataset, sharedDimensions(processes))
  const dimensions = random
    .sample(
      fields,
      random.weighted([
        [4, 0],
        [4, 1],
        [3, 2],
        [1, 3],
      ]),
    )
    .map(({ name }) => name)
  const asked = random.weighted<Grain | undefined>([
    [5, undefined],
    [4, 'hour'],
    [9, 'day'],
    [4, 'week'],
    [3, 'month'],
    [1, random.pick(['quarter', 'year'])],
  ])
  const zone = random.chance(0.3) ? random.pick(ZONES) : undefined
  const range = chooseRange(random, dataset, zone === undefined ? processes.map((each) => each.zone) : [zone])
  // Every hour since 1970 may be missing.
  const grain = range === undefined && asked === 'hour' ? 'day' : asked
  const columns = [...(grain === undefined ? [] : ['time']), ...dimensions, ...names, 'finality']
  return {
    metrics,
    ...(dimensions.length === 0 ? {} : { dimensions }),
    time: {
      ...(range === undefined ? {} : { range }),
      ...(grain === undefined ? {} : { grain }),
      ...(zone === undefined ? {} : { zone }),
    },
    ...(fields.length > 0 && random.chance(0.5)
      ? { filters: Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => makeFilter(random, fields, 2)) }
      : {}),
    ...(random.chance(0.15) ? { having: [makeHaving(random, names, 1)] } : {}),
    ...(random.chance(0.4)
      ? {
          order: random
            .sample(columns, random.int(1, 2))
            .map((field) =>
              random.chance(0.3) ? { field } : { field, direction: random.pick(['asc', 'desc'] as const) },
            ),
        }
      : {}),
    ...(random.chance(0.3) ? { limit: random.chance(0.05) ? 0 : random.int(1, 12) } : {}),
    ...(random.chance(0.15) ? { finality: random.pick(['final', 'finalOnly', 'finalOnly', 'any'] as const) } : {}),
    ...(random.chance(0.35) ? { totals: true } : {}),
    ...(mayAlign(processes) && random.chance(0.5) ? { align: true } : {}),
  }
}

/** Published days may be read from real time then, so that its rows must be true on every day. */
function mayAlign(processes: readonly ProcessModel[]): boolean {
  return processes.length > 1 && processes.every(({ kinds }) => ![...kinds.values()].includes('late'))
}

/** One to five, most of them of one process; some as variants under a modifier. */
function chooseMetrics(random: Random, dataset: Dataset): (string | AskedMetric)[] {
  const { name } = random.pick(dataset.processes)
  const own = dataset.metrics.filter((metric) => metric.name.startsWith(`${name}_`))
  // Distinct counts travel in their own way, alone too.
  const viewers = own.filter((metric) => /viewers|others/.test(metric.name))
  const spanning = dataset.metrics.filter((metric) => processesOf([metric.name], dataset).length > 1)
  const offered = random.weighted([
    [1, viewers],
    [9, own],
    [3, dataset.metrics],
    ...(spanning.length === 0 ? [] : [[1, spanning] as [number, MetricModel[]]]),
  ])
  const chosen = random.sample(
    offered,
    random.weighted([
      [2, 1],
      [3, 2],
      [3, 3],
      [1, 4],
      [1, 5],
    ]),
  )
  return chosen.map((metric, i) => (random.chance(0.15) ? variant(random, metric, i, dataset) : metric.name))
}

function variant(random: Random, metric: MetricModel, index: number, dataset: Dataset): string | AskedMetric {
  const processes = processesOf([metric.name], dataset)
  const modifiers = ['picked', 'tiered'].filter((each) =>
    processes.every((process) => Object.hasOwn(process.modifiers, each)),
  )
  if (modifiers.length === 0) return metric.name
  return { metric: metric.name, modifiers: random.sample(modifiers, random.int(1, 2)), as: `variant_${index}` }
}

function sharedDimensions([first, ...rest]: readonly ProcessModel[]) {
  return (first?.dimensions ?? []).filter((each) => rest.every(({ dimensions }) => dimensions.includes(each)))
}

const PHRASES = [
  'today',
  'yesterday',
  'last 7 days',
  'last 7 days and today',
  'last 3 days and today',
  'last 5 days',
  'last 24 hours',
  'last week',
  'this week',
  'this month',
  'week to date',
  'month to date',
  'Last  2 weeks and today',
]

function chooseRange(random: Random, dataset: Dataset, zones: readonly string[]): string | string[] | undefined {
  const [from, to] = twoDays(random, dataset.days)
  const within = (day: Day) => timeWithin(random, day, zones)
  return random.weighted<() => string | string[] | undefined>([
    [2, () => undefined],
    [7, () => [from, to]],
    [1, () => random.pick([from, [from]])],
    [2, () => inOrder(within(from), to)],
    [2, () => inOrder(from, within(to))],
    [1, () => inOrder(within(from), within(to))],
    [1, () => `${from.slice(0, 7)}`],
    [1, () => [from.slice(0, 7), to]],
    [5, () => random.pick(PHRASES)],
  ])()
}

function twoDays(random: Random, days: readonly Day[]): [Day, Day] {
  const [a, b] = [random.pick(days), random.pick(days)]
  return a <= b ? [a, b] : [b, a]
}

/** An hour or a minute of a day that the clocks of every zone do show. */
function timeWithin(random: Random, day: Day, zones: readonly string[]): string {
  const hour = String(random.int(0, 23)).padStart(2, '0')
  const text = random.pick([
    `${day}T${hour}`,
    `${day}T${hour}:30`,
    `${day}T${hour}:59:59`,
    `${day}T${hour}:00Z`,
    `${day}T${hour}:15+05:30`,
  ])
  const minute = /T\d\d$/.test(text) ? `${text}:00` : text.slice(0, 16)
  return zones.some((zone) => isSkipped(minute, zone)) ? day : text
}

/** Ends that name moments of other zones are in order for certain only where they lie two days apart. */
function inOrder(a: string, b: string): string[] {
  const [from, to] = [a.slice(0, 10), b.slice(0, 10)]
  return plus(from, 1) < to ? [a, b] : [from, to]
}
