import { Random } from '../../support/random.ts'
import { CAST } from '../cast.ts'
import type { DimensionModel, ProcessModel, RatioModel, Town } from '../model.ts'
import { TENANT_DIMENSIONS } from '../model.ts'
import { Tokens } from '../tokens.ts'
import { type PlainValues, plainDimension, plainValues, tenantDimension } from './dimensions.ts'
import type { Style } from './facts.ts'
import { type Making, makeProcess } from './processes.ts'
import { makeTenants } from './tenants.ts'

const MOST_PLACES = 100

/** A catalog of one or two processes that tenants see and one, mostly, that none of them may know of. */
export function makeTown(seed: number, id: number): Town {
  const random = new Random(seed * 7919 + id)
  const tokens = new Tokens(id)
  const types = {
    advertiser: random.pick(['string', 'integer'] as const),
    region: random.pick(['string', 'integer'] as const),
  }
  const carried = random.chance(0.5) ? TENANT_DIMENSIONS : (['advertiser'] as const)
  const tenants = makeTenants(random, carried, types)
  const keysOf = (name: (typeof carried)[number]): string[] => {
    const bound = tenants.flatMap((tenant) => tenant[name] ?? [])
    const others = CAST[name][types[name]].map(({ key }) => key).filter((key) => !bound.includes(key))
    return [...bound, ...others.slice(0, bound.length === 0 ? 4 : 1)]
  }
  const keys = new Map(carried.map((name) => [name, keysOf(name)]))
  const values = plainValues(tokens, keys.get('advertiser') ?? [])
  const channel = plainDimension(random, `channel_${tokens.next('a dimension of all')}`, values)
  const cells = plainValues(tokens, ['hidden facts'])
  const cell = plainDimension(random, `cell_${tokens.next('a dimension of hidden facts')}`, cells)
  const dimensions = carried.map((name) => tenantDimension(random, name, types))
  const open: Style['keys'] = new Map([
    ...[...keys].map(([name, all]) => [name, (by: Random) => (by.chance(0.06) ? null : by.pick(all))] as const),
    [channel.name, (by: Random, so: Readonly<Record<string, string | null>>) => channelOf(by, so, values)] as const,
  ])
  let place = id * MOST_PLACES
  const making: Making = { random, tokens, nextPlace: () => place++ }
  const domains = ['first', 'second'].map((word) => `domain_${tokens.next(`the ${word} domain`)}`)
  const plan = { dimensions: [...dimensions, channel], tenant: carried, keys: open, hidden: false }
  const first = makeProcess(making, { ...plan, of: 'the first process', domain: domains[0] ?? '' })
  const second = random.chance(0.5)
    ? [makeProcess(making, { ...plan, of: 'the second process', domain: random.pick(domains) })]
    : []
  const hidden = random.chance(0.8)
    ? [hiddenProcess(making, [cell, cells], [channel, values], random.pick(domains))]
    : []
  const processes = random.shuffled([first, ...second, ...hidden])
  return {
    id,
    dimensions: random.shuffled([...dimensions, channel, ...(hidden.length === 0 ? [] : [cell])]),
    processes,
    spanning: spanningRatios(making, processes),
    tenants,
  }
}

/** A value of an owner's own stands in no rows but the owner's. */
function channelOf(
  random: Random,
  so: Readonly<Record<string, string | null>>,
  { shared, own }: PlainValues,
): string | null {
  const mine = own.get(so.advertiser ?? '')
  if (mine !== undefined && random.chance(0.3)) return mine
  return random.chance(0.1) ? null : random.pick(shared)
}

function hiddenProcess(
  making: Making,
  [cell, cells]: readonly [DimensionModel, PlainValues],
  [channel, { shared }]: readonly [DimensionModel, PlainValues],
  domain: string,
): ProcessModel {
  const keys: Style['keys'] = new Map([
    [cell.name, (by: Random) => by.pick([...cells.own.values(), ...cells.shared])],
    [channel.name, (by: Random) => by.pick(shared)],
  ])
  const dimensions = [cell, channel]
  return makeProcess(making, { of: 'the hidden process', domain, dimensions, tenant: [], keys, hidden: true })
}

/** Ratios whose two parts stand in two processes; one that reads the hidden process is hidden. */
function spanningRatios({ random, tokens }: Making, processes: readonly ProcessModel[]): Town['spanning'] {
  const [one, other] = random.sample(processes, 2)
  if (one === undefined || other === undefined || random.chance(0.3)) return []
  const sumOf = ({ metrics }: ProcessModel): string =>
    metrics.find((metric) => metric.kind === 'atomic' && metric.aggregation === 'sum' && !metric.daysOnly)?.name ?? ''
  const name = `across_${tokens.next('a ratio over two processes')}`
  const ratio: RatioModel = { kind: 'ratio', name, above: sumOf(one), below: sumOf(other) }
  return [{ ...ratio, domain: one.domain }]
}
