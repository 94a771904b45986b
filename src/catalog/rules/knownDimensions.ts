import { didYouMean, nearest } from '../../base/didYouMean.ts'
import type { Rule } from './rule.ts'

/** A process carries dimensions that have a file; its sources map no others. */
export const knownDimensions: Rule = (draft) => {
  const known = draft.dimensions.map(({ value }) => value.dimension)
  return draft.processes.flatMap(({ file, value }) => [
    ...value.dimensions.flatMap((dimension, i) => {
      if (known.includes(dimension)) return []
      const near = nearest(dimension, known)
      const message = `There is no dimension "${dimension}".${didYouMean(near)}`
      return [file.fault(['dimensions', i], 'UNKNOWN_DIMENSION', message, near)]
    }),
    ...value.sources.flatMap((source, i) =>
      Object.keys(source.dimensions).flatMap((dimension) => {
        if (value.dimensions.includes(dimension)) return []
        const near = nearest(dimension, value.dimensions)
        const message = `The process "${value.process}" does not carry "${dimension}".${didYouMean(near)}`
        const path = ['sources', i, 'dimensions', dimension]
        return [file.fault(path, 'UNKNOWN_DIMENSION', message, near, { atKey: true })]
      }),
    ),
  ])
}
