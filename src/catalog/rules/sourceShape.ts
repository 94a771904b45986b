import type { Located } from '../draft.ts'
import type { CatalogFault } from '../position.ts'
import type { ProcessFile, SourceFile } from '../schema.ts'
import type { Rule } from './rule.ts'

/** What a source says of itself fits together. */
export const sourceShape: Rule = (draft) =>
  draft.processes.flatMap((process) => process.value.sources.flatMap((source, i) => check(process, source, i)))

function check({ file }: Located<ProcessFile>, source: SourceFile, index: number): CatalogFault[] {
  const faults: CatalogFault[] = []
  const refuse = (key: string, message: string, path: readonly PropertyKey[] = [key]) =>
    faults.push(file.fault(['sources', index, ...path], 'CONTRADICTION', message))
  if (source.kind === 'stream') {
    if (source.complete !== undefined) refuse('complete', 'A stream is never complete; leave "complete" out.')
    if (source.version !== undefined) refuse('version', 'A stream has no versions; leave "version" out.')
    if (source.since !== undefined) refuse('since', '"since" belongs to a batch source; a stream has a retention.')
    if (!['instant', 'minute', 'hour'].includes(source.time.grain))
      refuse('time', 'A stream needs a time finer than a day.', ['time', 'grain'])
  } else {
    if (source.retention !== undefined)
      refuse('retention', '"retention" belongs to a stream; a batch source has "since".')
    if (source.lag !== undefined) refuse('lag', '"lag" belongs to a stream; a batch source is published.')
  }
  if (['week', 'month', 'quarter', 'year'].includes(source.time.grain) && source.complete === 'published') {
    refuse('complete', 'Publications are of days; a table of longer buckets is complete by a watermark, or always.')
  }
  if (source.complete === 'watermark' && source.watermark === undefined) {
    refuse('complete', '"complete: watermark" needs a "watermark" query for the last complete day.')
  }
  if (source.watermark !== undefined && source.complete !== 'watermark') {
    refuse('watermark', 'A "watermark" query is read only with "complete: watermark".')
  }
  if (source.version !== undefined && source.complete !== 'published') {
    refuse('version', 'A "version" column is read only with "complete: published".')
  }
  if ((source.time.column === undefined) === (source.time.sql === undefined)) {
    refuse('time', 'The time is either a "column" or "sql".', ['time'])
  }
  if (source.rows === 'aggregate' && source.unique !== undefined) {
    refuse('unique', '"unique" tells events apart; rows of an aggregate are not events.')
  }
  for (const [name, measure] of Object.entries(source.measures)) {
    if (typeof measure === 'string') continue
    const path = ['measures', name]
    if ('sum' in measure) {
      if (source.rows === 'event') refuse(name, 'The parts of an average stand in rows: aggregate only.', path)
    } else {
      if (source.rows === 'event' && measure.state !== undefined) {
        refuse(name, 'Rows that are events hold values, not states; leave "state" out.', path)
      }
      if (measure.column !== undefined && measure.sql !== undefined) {
        refuse(name, 'A measure is either a "column" or "sql".', path)
      }
    }
  }
  return faults
}
