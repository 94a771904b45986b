import type { Random } from '../../support/random.ts'
import type { DimensionModel, Filter } from '../model.ts'
import { TENANT_DIMENSIONS } from '../model.ts'
import { tokensIn } from '../tokens.ts'
import type { Asking } from './asked.ts'

/** A filter as somebody writes it who would like to see more than is his. */
export function makeFilter(random: Random, carried: readonly DimensionModel[], asking: Asking, depth = 0): Filter {
  const again = () => makeFilter(random, carried, asking, depth + 1)
  if (depth < 2 && random.chance(0.4)) {
    return random.weighted<() => Filter>([
      [3, () => ({ or: [again(), again()] })],
      [1, () => ({ and: [again(), again()] })],
      [2, () => ({ not: again() })],
    ])()
  }
  if (carried.length === 0) return { and: [] }
  return comparison(random, random.pick(carried), asking)
}

function comparison(random: Random, dimension: DimensionModel, asking: Asking): Filter {
  const { name, table, type } = dimension
  if (table !== undefined && random.chance(0.4)) return attributeFilter(random, dimension, asking)
  const keys = keysOf(random, dimension, asking).map((key) => (type === 'integer' ? Number(key) : key))
  const [key = ''] = keys
  return random.weighted<Filter>([
    [2, { field: name, op: 'eq', values: [key] }],
    [3, { field: name, op: 'in', values: keys }],
    [2, { field: name, op: 'ne', values: [key] }],
    [2, { field: name, op: 'notIn', values: keys }],
    [1, { field: name, op: 'isNull' }],
    [1, { field: name, op: 'notNull' }],
    ...(type === 'string' ? [[1, { field: name, op: 'contains', values: [partOf(String(key))] }] as const] : []),
  ])
}

function attributeFilter(random: Random, { name, members }: DimensionModel, { view, other }: Asking): Filter {
  const keys = [...boundTo(view, name), ...boundTo(other, name)]
  const named = members
    .filter(({ key }) => keys.length === 0 || keys.includes(key))
    .flatMap((member) => member.name ?? [])
  const one = named.length === 0 ? 'Name' : random.pick(named)
  return random.pick<Filter>([
    { field: `${name}.name`, op: 'eq', values: [one] },
    { field: `${name}.name`, op: 'ne', values: [one] },
    { field: `${name}.name`, op: 'contains', values: ['Name'] },
    { field: `${name}.tier`, op: 'in', values: ['gold', 'silver'] },
    { field: `${name}.tier`, op: 'isNull' },
  ])
}

/** One's own keys, the other's, and keys that nobody has. */
function keysOf(random: Random, { name, type, members, declared }: DimensionModel, { view, other }: Asking): string[] {
  const values = (declared ?? []).map(({ value }) => String(value))
  const known = members.length > 0 ? members.map(({ key }) => key) : ['web', ...values]
  // A stranger's keys are none here.
  const theirs = boundTo(other, name).filter((key) => type === 'string' || /^\d+$/.test(key))
  const keys = [
    ...random.some([...boundTo(view, name)], 0.5),
    ...random.some([...theirs], 0.6),
    ...random.sample(known, random.int(0, 2)),
  ]
  return keys.length > 0 ? keys : [theirs[0] ?? (type === 'integer' ? '12' : 'nobody')]
}

function boundTo({ bound }: { readonly bound: Asking['view']['bound'] }, name: string): readonly string[] {
  const dimension = TENANT_DIMENSIONS.find((each) => each === name)
  return (dimension && bound[dimension]) ?? []
}

/** The token alone, without what is written in front of it. */
function partOf(key: string): string {
  const [token] = tokensIn(key)
  return token ?? key.slice(0, 2)
}
