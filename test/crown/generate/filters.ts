import type { Random } from '../../support/random.ts'
import type { Dataset, DimensionName, Key } from '../model.ts'
import type { Filter, Scalar } from '../question.ts'
import { DUES } from './pools.ts'

/** A field that questions may group or filter by, its type and values worth comparing it with. */
export interface FieldChoice {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly values: readonly Exclude<Scalar, null>[]
}

export function fieldsOf(dataset: Dataset, dimensions: readonly DimensionName[]): FieldChoice[] {
  const named: Readonly<Record<DimensionName, readonly FieldChoice[]>> = {
    channel: [{ name: 'channel', type: 'string', values: [...channelsOf(dataset), ...CHANNELS_BESIDES] }],
    advertiser: [
      { name: 'advertiser', type: 'integer', values: advertiserKeys(dataset) },
      { name: 'advertiser.tier', type: 'string', values: tiersOf(dataset) },
      { name: 'advertiser.active', type: 'boolean', values: [true, false] },
    ],
    due: [{ name: 'due', type: 'date', values: present(DUES) }],
    trial: [{ name: 'trial', type: 'boolean', values: [true, false] }],
  }
  return dimensions.flatMap((dimension) => named[dimension])
}

/** Not in every dataset: a filter may name what is not there. */
const CHANNELS_BESIDES = ['FEED', '']

function channelsOf({ processes }: Dataset): string[] {
  return [...new Set(processes.flatMap(({ style }) => style.keys.channel))].filter((key) => typeof key === 'string')
}

function tiersOf({ advertisers }: Dataset): string[] {
  return [...present(advertisers.map(({ tier }) => tier)), 'gold']
}

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null)
}

function advertiserKeys({ processes }: Dataset): Exclude<Scalar, null>[] {
  const keys = processes.flatMap(({ style }) => style.keys.advertiser)
  return [...new Set(keys.flatMap((key) => scalarsOf(key)))]
}

/** Integers beyond 2^53 are written as texts; small ones both ways. */
function scalarsOf(key: Key): Exclude<Scalar, null>[] {
  if (typeof key !== 'bigint') return []
  return Number.isSafeInteger(Number(key)) ? [Number(key), key.toString()] : [key.toString()]
}

/** A filter, nested at most `depth` deep. */
export function makeFilter(random: Random, fields: readonly FieldChoice[], depth: number): Filter {
  if (depth > 0 && random.chance(0.4)) {
    const items = () => Array.from({ length: random.int(1, 3) }, () => makeFilter(random, fields, depth - 1))
    return random.weighted<() => Filter>([
      [2, () => ({ and: items() })],
      [3, () => ({ or: items() })],
      [3, () => ({ not: makeFilter(random, fields, depth - 1) })],
    ])()
  }
  return comparison(random, random.pick(fields))
}

function comparison(random: Random, { name: field, type, values }: FieldChoice): Filter {
  const one = () => random.pick(values)
  const list = () => [...random.sample(values, random.int(0, 3)), ...(random.chance(0.4) ? [null] : [])]
  const any: (() => Filter)[] = [
    () => ({ field, op: 'eq', values: [one()] }),
    () => ({ field, op: 'ne', values: [one()] }),
    () => ({ field, op: 'in', values: list() }),
    () => ({ field, op: 'notIn', values: list() }),
    () => ({ field, op: random.pick(['isNull', 'notNull']) }),
  ]
  const ordered: (() => Filter)[] = [
    () => ({ field, op: random.pick(['gt', 'gte', 'lt', 'lte']), values: [one()] }),
    () => ({ field, op: 'between', values: [one(), one()] }),
  ]
  const texts: (() => Filter)[] = [
    () => ({ field, op: 'contains', values: [random.pick(['e', 'E', "'", '', 'ü', '🙂', '\\', '%', '_'])] }),
    () => ({ field, op: 'startsWith', values: [random.pick(['f', 'F', '', '日', 'back\\', 'g'])] }),
  ]
  const choices = [...any, ...(type === 'boolean' ? [] : ordered), ...(type === 'string' ? texts : [])]
  return random.pick(choices)()
}

/** A condition on metrics of the answer. */
export function makeHaving(random: Random, metrics: readonly string[], depth: number): Filter {
  if (depth > 0 && random.chance(0.3)) {
    const items = () => Array.from({ length: random.int(1, 2) }, () => makeHaving(random, metrics, depth - 1))
    return random.pick<() => Filter>([
      () => ({ or: items() }),
      () => ({ and: items() }),
      () => ({ not: makeHaving(random, metrics, 0) }),
    ])()
  }
  const field = random.pick(metrics)
  const number = () =>
    random.pick<string | number>([0, 1, 2, 3, 5, 10, 50, 100, -1, '17.25', 99.5, '9007199254740993', 1000])
  return random.weighted<() => Filter>([
    [5, () => ({ field, op: random.pick(['gt', 'gte', 'lt', 'lte']), values: [number()] })],
    [2, () => ({ field, op: random.pick(['ne', 'eq']), values: [number()] })],
    [1, () => ({ field, op: 'between', values: [random.pick([-1, 0, 2]), number()] })],
    [1, () => ({ field, op: 'in', values: [number(), number(), ...(random.chance(0.4) ? [null] : [])] })],
    [2, () => ({ field, op: 'notIn', values: [number(), number(), ...(random.chance(0.4) ? [null] : [])] })],
    [2, () => ({ field, op: random.pick(['isNull', 'notNull', 'notNull']) })],
  ])()
}
