import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { GRAINS } from '../../base/time.ts'
import { metricsOfDraft } from '../draft.ts'
import { readVariant, type VariantText } from '../variant.ts'
import { unknownUnits } from '../variantUnits.ts'
import type { Rule } from './rule.ts'

/** Periods and offsets are told in grains or in calendars that have a file. */
export const spans: Rule = (draft) => {
  const calendars = draft.calendars.map(({ value }) => value.calendar)
  return metricsOfDraft(draft).flatMap(({ file, path, value }) => {
    const variants: [VariantText, readonly PropertyKey[]][] = [
      [value, path],
      ...Object.entries(value.inputs ?? {}).map(([name, input]): [VariantText, readonly PropertyKey[]] => [
        input,
        [...path, 'inputs', name],
      ]),
    ]
    return variants.flatMap(([variant, at]) =>
      unknownUnits(readVariant(variant), calendars).map(({ key, unit }) => {
        const near = nearest(unit, [...GRAINS, ...calendars])
        const message = `"${unit}" is neither a grain (${GRAINS.join(', ')}) nor a calendar.${didYouMean(near)}`
        return file.fault([...at, key], 'INVALID_VALUE', message, near)
      }),
    )
  })
}
