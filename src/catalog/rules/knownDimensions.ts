import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { dimensionNames } from '../build.ts'
import type { CatalogFault } from '../position.ts'
import type { Rule } from './rule.ts'

/** A process carries dimensions that have a file; its sources map no others. */
export const knownDimensions: Rule = (draft) => {
  const known = draft.dimensions.map(({ value }) => value.dimension)
  const unknown = (name: string, place: (message: string, near: readonly string[]) => CatalogFault) => {
    if (known.includes(name)) return []
    const near = nearest(name, known)
    return [place(`There is no dimension "${name}".${didYouMean(near)}`, near)]
  }
  const roles = new Map<string, string>()
  const ofLinks = draft.dimensions.flatMap(({ file, value }) =>
    value.links.flatMap(({ dimension }, i) =>
      unknown(dimension, (message, near) =>
        file.fault(['links', i, 'dimension'], 'UNKNOWN_DIMENSION', message, [...near]),
      ),
    ),
  )
  const ofProcesses = draft.processes.flatMap(({ file, value }) => [
    ...value.dimensions.flatMap((each, i) => {
      const [name, path] =
        typeof each === 'string' ? [each, ['dimensions', i]] : [each.dimension, ['dimensions', i, 'dimension']]
      return unknown(name, (message, near) => file.fault(path, 'UNKNOWN_DIMENSION', message, [...near]))
    }),
    ...value.dimensions.flatMap((each, i) => {
      if (typeof each === 'string') return []
      const means = known.includes(each.role) ? each.role : (roles.get(each.role) ?? each.dimension)
      roles.set(each.role, means)
      if (means === each.dimension) return []
      const message = `The role "${each.role}" means the dimension "${means}" elsewhere.`
      return [file.fault(['dimensions', i, 'role'], 'DUPLICATE_NAME', message)]
    }),
    ...value.sources.flatMap((source, i) =>
      Object.keys(source.dimensions).flatMap((dimension) => {
        const carried = dimensionNames(value)
        if (carried.includes(dimension)) return []
        const near = nearest(dimension, carried)
        const message = `The process "${value.process}" does not carry "${dimension}".${didYouMean(near)}`
        const path = ['sources', i, 'dimensions', dimension]
        return [file.fault(path, 'UNKNOWN_DIMENSION', message, near, { atKey: true })]
      }),
    ),
  ])
  return [...ofLinks, ...ofProcesses]
}
