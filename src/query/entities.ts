import type { Finality } from '../base/finality.ts'
import type { FilterInput } from '../catalog/filterSchema.ts'
import type { Field, NormalValue } from './resolved.ts'

/**
 * A metric that a filter compares per entity. Neither the filters nor the range of the question enter it; the caller's
 * scope does. It is asked as a question of its own first, and its answer becomes a list of keys.
 */
export interface EntityNeed {
  /** Equal needs have equal ids. */
  readonly id: string
  readonly metric: string
  readonly per: string
  readonly modifiers: readonly string[]
  readonly filters: readonly FilterInput[]
  readonly op: NonNullable<FilterInput['op']>
  readonly values: NonNullable<FilterInput['values']>
  readonly negated: boolean
}

/** The entities that a need holds for, as a list of those in or those out. */
export interface EntityKeys {
  readonly kind: 'oneOf' | 'noneOf'
  readonly values: readonly NormalValue[]
  readonly finality: Finality
}

/** By the id of the need. */
export type Entities = ReadonlyMap<string, EntityKeys>

/** What a filter over a metric per entity needs to know. */
export function entityNeed(filter: FilterInput, per: Field, negated: boolean): EntityNeed {
  const { metric = '', modifiers = [], filters = [], op = 'eq', values = [] } = filter
  const need = { metric, per: per.name, modifiers, filters, op, values, negated }
  return { id: JSON.stringify(need), ...need }
}
