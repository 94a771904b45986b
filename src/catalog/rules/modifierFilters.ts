import { didYouMean, nearest } from '../../base/didYouMean.ts'
import type { Draft } from '../draft.ts'
import { checkFilterValues } from '../filterValues.ts'
import type { CatalogFault } from '../position.ts'
import type { ProcessFile, ValueType } from '../schema.ts'
import type { Rule } from './rule.ts'

/** Modifiers filter by dimensions that their process carries, with values of the right type. */
export const modifierFilters: Rule = (draft) =>
  draft.processes.flatMap(({ file, value }) => {
    const fields = fieldsOf(value, draft)
    return value.modifiers.flatMap((modifier, i) =>
      modifier.filters.flatMap((filter, j): CatalogFault[] => {
        const path = ['modifiers', i, 'filters', j]
        const type = fields.get(filter.field)
        if (type === undefined) {
          const near = nearest(filter.field, fields.keys())
          const message = `The process "${value.process}" has no field "${filter.field}".${didYouMean(near)}`
          return [file.fault([...path, 'field'], 'UNKNOWN_DIMENSION', message, near)]
        }
        return checkFilterValues(filter.op, filter.values, type).map((fault) =>
          file.fault(
            [...path, 'values', ...(fault.index === undefined ? [] : [fault.index])],
            'INVALID_VALUE',
            fault.message,
          ),
        )
      }),
    )
  })

function fieldsOf(process: ProcessFile, draft: Draft): Map<string, ValueType> {
  const fields = new Map<string, ValueType>()
  for (const { value } of draft.dimensions) {
    if (!process.dimensions.includes(value.dimension)) continue
    fields.set(value.dimension, value.type)
    for (const attribute of value.attributes) fields.set(`${value.dimension}.${attribute.attribute}`, attribute.type)
  }
  return fields
}
