import { didYouMean, nearest } from '../../base/didYouMean.ts'
import type { Located } from '../draft.ts'
import type { CatalogFault } from '../position.ts'
import type { ProcessFile, SourceFile } from '../schema.ts'
import type { Rule } from './rule.ts'

/** What is asked of versions before they are published, and how long they are kept, fits a source that has them. */
export const audits: Rule = (draft) =>
  draft.processes.flatMap((process) =>
    process.value.sources.flatMap((source, i) =>
      check(
        process,
        source,
        i,
        draft.processes.flatMap((each) => each.value.sources),
      ),
    ),
  )

function isShared(source: SourceFile, all: readonly SourceFile[]): boolean {
  return all.some((other) => other !== source && other.store === source.store && other.table === source.table)
}

function check(
  { file, value }: Located<ProcessFile>,
  source: SourceFile,
  index: number,
  all: readonly SourceFile[],
): CatalogFault[] {
  const faults: CatalogFault[] = []
  const at = (...path: PropertyKey[]) => ['sources', index, ...path]
  if (source.audit !== undefined && source.complete !== 'published')
    faults.push(file.fault(at('audit'), 'CONTRADICTION', 'An "audit" belongs to "complete: published".'))
  if (source.keep !== undefined && source.version === undefined)
    faults.push(file.fault(at('keep'), 'CONTRADICTION', '"keep" is of versions; name the "version" column.'))
  if (source.keep !== undefined && isShared(source, all))
    faults.push(
      file.fault(at('keep'), 'CONTRADICTION', 'Other sources read this table: rows that one lets go another may show.'),
    )
  // Of other kinds a day's value is made of several days, or of several metrics that may each have a tolerance.
  const metrics = value.metrics.flatMap(({ metric, agg, time }) =>
    agg === undefined || time !== undefined ? [] : [metric],
  )
  for (const name of Object.keys(source.audit?.tolerance ?? {})) {
    if (value.metrics.some(({ metric }) => metric === name) && !metrics.includes(name)) {
      const message = `A tolerance is of a metric with an "agg" over the process's own time; "${name}" is none.`
      faults.push(file.fault(at('audit', 'tolerance', name), 'CONTRADICTION', message, [], { atKey: true }))
    }
    if (value.metrics.some(({ metric }) => metric === name)) continue
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
