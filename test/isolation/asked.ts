import type { Filter } from './model.ts'

/** A metric as asked: by name, or under further modifiers and a name of its own. */
export interface AskedMetric {
  readonly metric: string
  readonly modifiers: readonly string[]
  readonly as: string
}

/** A question in the words of a world; every door writes it in its own form. */
export interface Asked {
  readonly metrics: readonly AskedMetric[]
  /** Dimensions, or their attributes. */
  readonly dimensions: readonly string[]
  readonly range: string | readonly [string, string] | undefined
  readonly byDay: boolean
  readonly filters: readonly Filter[]
  readonly having: readonly { readonly field: string; readonly op: 'gte' | 'lt'; readonly value: number }[]
  readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[]
  readonly limit: number | undefined
  readonly totals: boolean
  readonly maxStaleness: number
}

/** The question as REST takes it. */
export function questionText(asked: Asked): string {
  return JSON.stringify({
    metrics: asked.metrics.map(({ metric, modifiers, as }) =>
      modifiers.length === 0 && as === metric ? metric : { metric, modifiers, as },
    ),
    dimensions: asked.dimensions,
    time: {
      ...(asked.range === undefined ? {} : { range: asked.range }),
      ...(asked.byDay ? { grain: 'day' } : {}),
    },
    filters: asked.filters,
    having: asked.having.map(({ field, op, value }) => ({ field, op, values: [value] })),
    order: asked.order,
    ...(asked.limit === undefined ? {} : { limit: asked.limit }),
    totals: asked.totals,
    ...(asked.maxStaleness === 0 ? {} : { maxStaleness: asked.maxStaleness }),
  })
}

/** The dimension that a field belongs to. */
export function dimensionOf(field: string): string {
  return field.split('.')[0] ?? field
}

/** Every field that a filter compares. */
export function fieldsOf(filter: Filter): string[] {
  if ('field' in filter) return [filter.field]
  if ('not' in filter) return fieldsOf(filter.not)
  return ('and' in filter ? filter.and : filter.or).flatMap(fieldsOf)
}
