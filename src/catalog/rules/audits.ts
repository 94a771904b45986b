import { didYouMean, nearest } from '../../base/didYouMean.ts'
import type { Located } from '../draft.ts'
import type { CatalogFault } from '../position.ts'
import type { ProcessFile, SourceFile } from '../schema.ts'
import type { Rule } from './rule.ts'

/** What is asked of versions before they are published, and how long they are kept, fits a source that has them. */
export const audits: Rule = (draft) =>
  draft.processes.flatMap((process) => process.value.sources.flatMap((source, i) => check(process, source, i)))

function check({ file, value }: Located<ProcessFile>, source: SourceFile, index: number): CatalogFault[] {
  const faults: CatalogFault[] = []
  const at = (...path: PropertyKey[]) => ['sources', index, ...path]
  if (source.audit !== undefined && source.complete !== 'published')
    faults.push(file.fault(at('audit'), 'CONTRADICTION', 'An "audit" belongs to "complete: published".'))
  if (source.keep !== undefined && source.version === undefined)
    faults.push(file.fault(at('keep'), 'CONTRADICTION', '"keep" is of versions; name the "version" column.'))
  const metrics = value.metrics.map(({ metric }) => metric)
  for (const name of Object.keys(source.audit?.tolerance ?? {})) {
    if (metrics.includes(name)) continue
    const near = nearest(name, metrics)
    const message = `The process "${value.process}" has no metric "${name}".${didYouMean(near)}`
    faults.push(file.fault(at('audit', 'tolerance', name), 'UNKNOWN_METRIC', message, near, { atKey: true }))
  }
  const by = source.audit?.by
  const carried = Object.keys(source.dimensions)
  if (by !== undefined && !carried.includes(by)) {
    const near = nearest(by, carried)
    const message = `The source "${source.source}" has no dimension "${by}".${didYouMean(near)}`
    faults.push(file.fault(at('audit', 'by'), 'UNKNOWN_DIMENSION', message, near))
  }
  return faults
}
