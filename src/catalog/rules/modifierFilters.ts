import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { metricsOfDraft } from '../draft.ts'
import type { FilterInput } from '../filterSchema.ts'
import { checkFilterValues } from '../filterValues.ts'
import type { CatalogFault, LocatedFile } from '../position.ts'
import { type DraftField, fieldsOfDraft } from './draftFields.ts'
import type { Rule } from './rule.ts'

/** Modifiers filter by fields that their process carries, with values of the right type. */
export const modifierFilters: Rule = (draft) => {
  const metrics = new Set(metricsOfDraft(draft).map(({ value }) => value.metric))
  return draft.processes.flatMap(({ file, value }) => {
    const place: Place = { file, process: value.process, fields: fieldsOfDraft(value, draft), metrics }
    const ofModifiers = value.modifiers.flatMap(({ filters }, i) =>
      filters.flatMap((filter, j) => check(filter, ['modifiers', i, 'filters', j], place)),
    )
    // A metric derived from another process's is checked when it is asked.
    const own = new Set(value.metrics.map(({ metric }) => metric))
    const ofMetrics = value.metrics.flatMap(({ from, filters = [] }, i) =>
      from === undefined || !own.has(from)
        ? []
        : filters.flatMap((filter, j) => check(filter, ['metrics', i, 'filters', j], place)),
    )
    return [...ofModifiers, ...ofMetrics]
  })
}

interface Place {
  readonly file: LocatedFile
  readonly process: string
  readonly fields: ReadonlyMap<string, DraftField>
  readonly metrics: ReadonlySet<string>
}

function check(filter: FilterInput, path: readonly PropertyKey[], place: Place): CatalogFault[] {
  const parts = [
    ...(filter.and ?? []).map((each, i) => [each, [...path, 'and', i]] as const),
    ...(filter.or ?? []).map((each, i) => [each, [...path, 'or', i]] as const),
    ...(filter.not === undefined ? [] : [[filter.not, [...path, 'not']] as const]),
  ]
  if (parts.length > 0) return parts.flatMap(([each, at]) => check(each, at, place))
  return filter.metric === undefined ? checkField(filter, path, place) : checkEntity(filter, path, place)
}

function checkField(filter: FilterInput, path: readonly PropertyKey[], { file, process, fields }: Place) {
  const name = filter.field ?? ''
  const field = fields.get(name)
  if (field === undefined) {
    const near = nearest(name, fields.keys())
    const message = `The process "${process}" has no field "${name}".${didYouMean(near)}`
    return [file.fault([...path, 'field'], 'UNKNOWN_DIMENSION', message, near)]
  }
  // Instants are read as the ends of a range are, when they are asked.
  if (filter.op === undefined || (field.isTime && filter.part === undefined)) return []
  const type = filter.part === undefined ? field.type : 'integer'
  return checkFilterValues(filter.op, filter.values ?? [], type).map((fault) =>
    file.fault(
      [...path, 'values', ...(fault.index === undefined ? [] : [fault.index])],
      'INVALID_VALUE',
      fault.message,
    ),
  )
}

function checkEntity({ metric = '', per = '' }: FilterInput, path: readonly PropertyKey[], place: Place) {
  const faults: CatalogFault[] = []
  if (!place.metrics.has(metric)) {
    const near = nearest(metric, place.metrics)
    const message = `There is no metric "${metric}".${didYouMean(near)}`
    faults.push(place.file.fault([...path, 'metric'], 'UNKNOWN_METRIC', message, near))
  }
  if (!place.fields.has(per)) {
    const near = nearest(per, place.fields.keys())
    const message = `The process "${place.process}" has no field "${per}".${didYouMean(near)}`
    faults.push(place.file.fault([...path, 'per'], 'UNKNOWN_DIMENSION', message, near))
  }
  return faults
}

/** Every metric that a filter compares per entity. */
export function* metricsInFilter(filter: FilterInput): Generator<string> {
  if (filter.metric !== undefined) yield filter.metric
  for (const each of [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.filters ?? [])])
    yield* metricsInFilter(each)
  if (filter.not !== undefined) yield* metricsInFilter(filter.not)
}
