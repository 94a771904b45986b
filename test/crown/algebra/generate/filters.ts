import type { Random } from '../../../support/random.ts'
import type { Filter, Scalar } from '../model.ts'

const VALUES: Readonly<Record<string, readonly Scalar[]>> = {
  channel: ['feed', 'Feed', "o'b", '日本', 'none'],
  region: ['n', 's'],
  user: [1, 2, 3, 4, 5, 6],
  'user.tier': ['gold', 'Gold', ''],
  flag: [true, false],
  size: [-2, 0, 1, 3, 5],
}
const ORDERED = ['gt', 'gte', 'lt', 'lte', 'between']

export function makeFilter(random: Random, fields: readonly string[], depth: number): Filter {
  if (depth > 0 && random.chance(0.2)) {
    const inner = () => makeFilter(random, fields, depth - 1)
    return random.pick([
      () => ({ or: [inner(), inner()] }),
      () => ({ and: [inner(), inner()] }),
      () => ({ not: inner() }),
    ])()
  }
  const field = random.pick(fields)
  const values = VALUES[field] ?? []
  const op = random.pick(['eq', 'ne', 'in', 'in', 'notIn', 'isNull', 'notNull', ...(field === 'size' ? ORDERED : [])])
  if (op === 'isNull' || op === 'notNull') return { field, op }
  if (op === 'in' || op === 'notIn') {
    const some = random.sample(values, random.int(1, 3))
    return { field, op, values: random.chance(0.3) ? [...some, null] : some }
  }
  if (op === 'between') return { field, op, values: [random.int(-2, 1), random.int(1, 4)] }
  return { field, op, values: [random.pick(values)] }
}
