import type { Random } from '../../support/random.ts'
import type {
  AtomicModel,
  Dataset,
  DayKind,
  DimensionName,
  EngineName,
  FactStyle,
  ProcessModel,
  SourceModel,
  StoreName,
} from '../model.ts'
import { type Day, plus } from '../oracle/calendar.ts'
import type { Filter } from '../question.ts'
import { makeFacts } from './facts.ts'
import { atomicMetrics, compositeMetrics, derivedMetrics, MODIFIERS } from './metrics.ts'
import { choosePools, type Pools, TIERS, ZONES } from './pools.ts'

/** First days of datasets: around changes of the clocks in New York and London, a leap day, ends of years, anything. */
const STARTS: readonly Day[] = [
  '2026-10-24',
  '2026-10-17',
  '2026-03-01',
  '2026-03-21',
  '2024-02-20',
  '2025-12-22',
  '2026-11-04',
  '2026-06-19',
]
const LENGTH = 16
/** Days before this one may be of kind `late`, so that they are over whatever the moment and the zone. */
const LATE_DAYS = 8

/** Which sources a process has. */
const SHAPES = [
  [8, ['event', 'stream']],
  [6, ['day', 'event', 'stream']],
  [3, ['day', 'stream']],
  [1, ['stream']],
  [1, ['day', 'event']],
  [1, ['day']],
  [1, ['event']],
] as const satisfies readonly (readonly [number, readonly SourceModel['role'][]])[]

/** Everything but the moment and the question. `id` is part of the tables' names. */
export function makeDataset(random: Random, id: string): Dataset {
  const first = random.pick(STARTS)
  const days = Array.from({ length: LENGTH }, (_, i) => plus(first, i))
  const pools = choosePools(random)
  const names = ['a', 'b', 'c'].slice(
    0,
    random.weighted([
      [4, 2],
      [1, 3],
      [2, 1],
    ]),
  )
  // Where no stream holds what is not true, questions may be aligned.
  const late = random.chance(0.6) ? LATE_DAYS : 0
  const made = names.map((name) => makeProcess(random.fork(), id, name, days, late, pools))
  return {
    id,
    engines: { offline: engine(random), realtime: engine(random) },
    truthStore: random.pick<StoreName>(['offline', 'realtime']),
    days,
    firstToday: plus(first, LATE_DAYS + 1),
    processes: made.map(({ process }) => process),
    metrics: [
      ...made.flatMap(({ metrics }) => metrics),
      ...made.flatMap(({ process }) => derivedMetrics(random, process.name, Object.keys(process.modifiers))),
      ...compositeMetrics(random, names),
    ],
    advertisers: pools.advertisers,
  }
}

function engine(random: Random): EngineName {
  return random.pick<EngineName>(['clickhouse', 'postgres'])
}

function makeProcess(random: Random, id: string, name: string, days: readonly Day[], late: number, pools: Pools) {
  const zone = random.pick(ZONES)
  const all: readonly DimensionName[] = ['channel', 'advertiser', 'due', 'trial']
  const dimensions = all.filter((each) => random.chance(each === 'channel' ? 0.95 : each === 'advertiser' ? 0.9 : 0.4))
  const viewerType = random.pick(['string', 'integer'] as const)
  const style: FactStyle = {
    zone,
    dimensions,
    keys: pools.keys,
    viewers: viewersOf(random, viewerType),
    huge: random.chance(0.4),
  }
  const metrics = atomicMetrics(name)
  const roles = random.weighted<readonly SourceModel['role'][]>(SHAPES)
  const sources = roles.map((role) =>
    makeSource(random, role, { id, name, dimensions, metrics, only: roles.length === 1, days }),
  )
  const kinds = new Map(days.map((day, i) => [day, kindOf(random, roles, i < late)]))
  const process: ProcessModel = {
    name,
    zone,
    dimensions,
    modifiers: modifiersOf(random, dimensions, pools),
    sources,
    kinds,
    facts: days.flatMap((day) => makeFacts(random, style, day, countOn(random), `${name}-${day}`)),
    viewerType,
    style,
  }
  return { process, metrics }
}

/** Many days have a handful of facts, some have none. */
export function countOn(random: Random): number {
  return random.chance(0.12) ? 0 : random.int(1, 22)
}

/** A day of which the stream holds garbage must never be read from it: some event table has to be published for it. */
function kindOf(random: Random, roles: readonly SourceModel['role'][], mayBeLate: boolean): DayKind {
  if (random.chance(0.07)) return roles.some((role) => role !== 'stream') ? 'staged' : 'same'
  return mayBeLate && roles.includes('event') && random.chance(0.3) ? 'late' : 'same'
}

interface SourceContext {
  readonly id: string
  readonly name: string
  readonly dimensions: readonly DimensionName[]
  readonly metrics: readonly AtomicModel[]
  readonly only: boolean
  readonly days: readonly Day[]
}

function makeSource(random: Random, role: SourceModel['role'], context: SourceContext): SourceModel {
  const { id, name, dimensions, metrics, only, days } = context
  const whole = role !== 'day' || only
  const keyed = role === 'day' && (only || random.chance(0.4))
  const held = metrics.filter(
    ({ aggregation }) => (aggregation !== 'count_distinct' || keyed || role !== 'day') && (whole || random.chance(0.8)),
  )
  return {
    name: `${name}_${role}`,
    role,
    store: role === 'stream' ? 'realtime' : 'offline',
    table: `crown_${id}_${name}_${role}`,
    dimensions: whole || random.chance(0.7) ? dimensions : random.sample(dimensions, dimensions.length - 1),
    holds: new Set(held.map((metric) => metric.name)),
    unique: role !== 'day' && random.chance(role === 'stream' ? 0.5 : 0.2),
    dayColumn: role === 'event' && random.chance(0.5),
    keyed,
    versions: new Map(days.map((day) => [day, random.int(1, 3)])),
  }
}

function viewersOf(random: Random, type: 'string' | 'integer'): (string | null)[] {
  const strings = ['v1', 'V1', 'v2', 'ü', 'U', '', 'v 3', '007', '7', 'ſ']
  const pool = type === 'string' ? strings : ['1', '2', '7', '-3', '0', '9007199254740993', '9007199254740992', '11']
  return [...random.sample(pool, random.int(3, 8)), null]
}

function modifiersOf(random: Random, dimensions: readonly DimensionName[], pools: Pools): Record<string, Filter[]> {
  const channels = pools.keys.channel.map((key) => (typeof key === 'string' ? key : null))
  const named = channels.filter((channel) => channel !== null)
  const picked = random.pick<Filter>([
    { field: 'channel', op: 'in', values: random.sample(channels, 2) },
    { field: 'channel', op: 'notIn', values: random.sample(channels, 2) },
    { field: 'channel', op: 'ne', values: [random.pick(named)] },
    { field: 'channel', op: 'startsWith', values: ['f'] },
  ])
  const tier = random.pick(TIERS.filter((each) => each !== null))
  const tiered = random.pick<Filter>([
    { field: 'advertiser.tier', op: 'eq', values: [tier] },
    { field: 'advertiser.tier', op: 'notIn', values: [tier, null] },
    { field: 'advertiser.tier', op: 'isNull' },
    { field: 'advertiser.active', op: 'ne', values: [true] },
  ])
  const filters: Record<string, Filter[]> = { picked: [picked], tiered: [tiered] }
  return Object.fromEntries(
    Object.entries(MODIFIERS).flatMap(([name, dimension]) =>
      dimensions.includes(dimension) ? [[name, filters[name] ?? []] as const] : [],
    ),
  )
}
