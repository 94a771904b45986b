import { metricsOfDraft } from '../draft.ts'
import type { Rule } from './rule.ts'

/** Names that stand beside metrics and dimensions in an answer's row or in GraphQL, and so belong to nobody. */
export const RESERVED = [
  'time',
  'finality',
  'key',
  'rows',
  'columns',
  'totals',
  'freshness',
  'notices',
  'receipt',
  'truncated',
]

/** A metric named like a dimension would be two columns of one name in a row. */
export const reservedNames: Rule = (draft) => {
  const dimensions = new Set(draft.dimensions.map(({ value }) => value.dimension))
  return [
    ...metricsOfDraft(draft).flatMap(({ file, path, value }) => {
      if (RESERVED.includes(value.metric)) {
        return [
          file.fault([...path, 'metric'], 'RESERVED_NAME', `"${value.metric}" has a meaning of its own in answers.`),
        ]
      }
      if (value.metric.includes('__')) {
        const message = `"${value.metric}": two underscores are kept for columns like ${value.metric.split('__')[0]}__finality.`
        return [file.fault([...path, 'metric'], 'RESERVED_NAME', message)]
      }
      if (!dimensions.has(value.metric)) return []
      return [file.fault([...path, 'metric'], 'RESERVED_NAME', `"${value.metric}" is a dimension already.`)]
    }),
    ...draft.dimensions.flatMap(({ file, value }) => [
      ...(RESERVED.includes(value.dimension)
        ? [file.fault(['dimension'], 'RESERVED_NAME', `"${value.dimension}" has a meaning of its own in answers.`)]
        : []),
      ...value.attributes.flatMap((attribute, i) =>
        attribute.attribute === 'key'
          ? [file.fault(['attributes', i, 'attribute'], 'RESERVED_NAME', '"key" is the key of the dimension itself.')]
          : [],
      ),
    ]),
  ]
}
