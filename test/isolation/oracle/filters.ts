import type { DimensionModel, Fact, Filter, Operator } from '../model.ts'

/** The value of a field of a fact: a key, or what the dimension's table says of it. */
export function fieldOf(fact: Fact, field: string, dimensions: ReadonlyMap<string, DimensionModel>): string | null {
  const [name = '', attribute] = field.split('.')
  const key = fact.keys[name] ?? null
  if (attribute === undefined) return key
  const { table, members = [] } = dimensions.get(name) ?? {}
  const member = members.find((each) => each.key === key)
  // Who has no name has no row in the table.
  if (table === undefined || member?.name === undefined) return null
  return attribute === 'name' ? member.name : member.tier
}

/** Whether a fact passes a filter. Nothing but isNull holds for null, negated or not. */
export function passes(read: (field: string) => string | null, filter: Filter, negated = false): boolean {
  if ('not' in filter) return passes(read, filter.not, !negated)
  if ('and' in filter || 'or' in filter) {
    const items = 'and' in filter ? filter.and : filter.or
    const each = (item: Filter): boolean => passes(read, item, negated)
    return 'and' in filter === negated ? items.some(each) : items.every(each)
  }
  const value = read(filter.field)
  const { op, values = [] } = filter
  if (op === 'isNull' || op === 'notNull') return (value === null) === ((op === 'isNull') !== negated)
  return value !== null && holds(value, op, values.map(String)) !== negated
}

function holds(value: string, op: Exclude<Operator, 'isNull' | 'notNull'>, values: readonly string[]): boolean {
  switch (op) {
    case 'eq':
    case 'in':
      return values.includes(value)
    case 'ne':
    case 'notIn':
      return !values.includes(value)
    case 'contains':
      return value.includes(values[0] ?? '')
  }
}
