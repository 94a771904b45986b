import type { Random } from '../../support/random.ts'
import { PAST, ZONES } from '../calendar.ts'
import type { AtomicModel, DimensionModel, MetricModel, ProcessModel, SourceModel } from '../model.ts'
import type { Tokens } from '../tokens.ts'
import { makeFacts, type Style } from './facts.ts'
import { makeMetrics, makeModifiers } from './metrics.ts'

/** What the parts of a town are made with. */
export interface Making {
  readonly random: Random
  readonly tokens: Tokens
  /** Gives every source rows of its own. */
  readonly nextPlace: () => number
}

/** What a process is, before it has sources and metrics. */
export interface Plan {
  readonly of: string
  readonly domain: string
  readonly dimensions: readonly DimensionModel[]
  /** Those that tenants are bound to. */
  readonly tenant: readonly string[]
  readonly keys: Style['keys']
  /** No source carries a dimension that tenants are bound to. */
  readonly hidden: boolean
}

/** Makes a process with its sources, metrics and facts. */
export function makeProcess(making: Making, { of, domain, dimensions, tenant, keys, hidden }: Plan): ProcessModel {
  const { random, tokens } = making
  const zone = random.pick(Object.keys(ZONES))
  const modifiers = makeModifiers(random, tokens, dimensions, of)
  const metrics = makeMetrics(random, tokens, modifiers, of, !hidden)
  const name = `process_${tokens.next(of)}`
  const names = dimensions.map((dimension) => dimension.name)
  const sources = hidden ? hiddenSources(making, names, metrics) : openSources(making, names, tenant, metrics)
  const facts = makeFacts(random, { zone, keys })
  return { name, domain, zone, dimensions: names, modifiers, sources, metrics, facts }
}

type Role = SourceModel['role']

function openSources(
  making: Making,
  dimensions: readonly string[],
  tenant: readonly string[],
  metrics: readonly MetricModel[],
): SourceModel[] {
  const { random } = making
  const lacking = random.chance(0.5) ? tenant : random.sample(tenant, 1)
  const left = dimensions.filter((name) => !lacking.includes(name))
  const source = (role: Role, carried: readonly string[], blind: boolean) =>
    makeSource(making, role, carried, metrics, blind)
  const hasDaysOnly = metrics.some((metric) => metric.kind === 'atomic' && metric.daysOnly)
  return random.shuffled([
    source('live', dimensions, false),
    ...(random.chance(0.8) ? [source('events', dimensions, false)] : []),
    ...(random.chance(0.5) ? [source('days', dimensions, false)] : []),
    ...(hasDaysOnly || random.chance(0.5) ? [source('days', left, true)] : []),
    ...(random.chance(0.2) ? [source('live', left, true)] : []),
  ])
}

function hiddenSources(making: Making, dimensions: readonly string[], metrics: readonly MetricModel[]): SourceModel[] {
  const { random } = making
  const roles: readonly Role[] = random.chance(0.5) ? ['live'] : ['live', random.pick(['days', 'events'])]
  return roles.map((role) => makeSource(making, role, dimensions, metrics, true))
}

function makeSource(
  { random, tokens, nextPlace }: Making,
  role: Role,
  dimensions: readonly string[],
  metrics: readonly MetricModel[],
  lacks: boolean,
): SourceModel {
  const atomic = metrics.filter((metric): metric is AtomicModel => metric.kind === 'atomic')
  const held = atomic.filter((metric) =>
    role === 'days' ? metric.aggregation !== 'count_distinct' && (lacks || !metric.daysOnly) : !metric.daysOnly,
  )
  return {
    name: `${role}_${tokens.next(`a source of ${role}${lacks ? ' without what tenants are bound to' : ''}`)}`,
    role,
    place: nextPlace(),
    dimensions,
    holds: new Set(held.map(({ name }) => name)),
    versions: new Map(PAST.map((day) => [day, random.int(1, 3)])),
  }
}
