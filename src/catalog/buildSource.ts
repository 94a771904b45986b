import { parseDay, parseDuration } from '../base/time.ts'
import type { Audit, Measure, Source, SourceExpression, SourceTime } from './catalog.ts'
import type { ExpressionFile, MeasureFile, SourceFile } from './schema.ts'

/** A source of a process, as its file says. */
export function buildSource(file: SourceFile, process: string): Source {
  return {
    name: file.source,
    process,
    store: file.store,
    kind: file.kind,
    layer: file.layer,
    description: file.description,
    table: file.table,
    where: file.where,
    rows: file.rows,
    unique: file.unique,
    time: buildTime('time', file.time),
    times: new Map(Object.entries(file.times).map(([name, time]) => [name, buildTime(name, time)])),
    complete: file.kind === 'stream' ? undefined : (file.complete ?? 'always'),
    watermark: buildWatermark(file.watermark),
    audit: buildAudit(file.audit),
    keep: file.keep === undefined ? undefined : parseDuration(file.keep),
    version: file.version,
    since: file.since === undefined ? undefined : parseDay(file.since),
    retention: file.retention === undefined ? undefined : parseDuration(file.retention),
    lag: file.lag === undefined ? undefined : parseDuration(file.lag),
    dimensions: mapKeys(file, ([first]) => first),
    furtherKeys: mapKeys(file, ([, ...rest]) => (rest.length === 0 ? undefined : rest)),
    partitions: file.partitions,
    measures: new Map(Object.entries(file.measures).map(([name, of]) => [name, buildMeasure(name, of, file.rows)])),
    upstream: file.upstream,
  }
}

function buildWatermark(file: SourceFile['watermark']): Source['watermark'] {
  if (file === undefined) return undefined
  return typeof file === 'string' ? { kind: 'last', sql: file } : { kind: 'days', sql: file.days }
}

function buildAudit(file: SourceFile['audit']): Audit {
  const tolerance = Object.entries(file?.tolerance ?? {}).map(([metric, text]): [string, number] => [
    metric,
    Number.parseFloat(text) / 100,
  ])
  return { tolerance: new Map(tolerance), by: file?.by }
}

function buildTime(name: string, file: SourceFile['time']): SourceTime {
  const expression = columnOrSql(file, name)
  const { grain, day } = file
  switch (grain) {
    case 'week':
    case 'month':
    case 'quarter':
    case 'year':
      return { expression, grain: 'day', whole: grain, day }
    default:
      return { expression, grain, whole: undefined, day }
  }
}

/** Part of each dimension's key columns. */
function mapKeys<T>(
  { dimensions }: SourceFile,
  part: (columns: readonly SourceExpression[]) => T | undefined,
): Map<string, T> {
  return new Map(
    Object.entries(dimensions).flatMap(([name, of]) => {
      const columns = typeof of === 'object' && 'key' in of ? of.key : [of]
      const value = part(columns.map(buildExpression))
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Exported for the rules, which ask what a measure yields before the catalog stands. */
export function buildMeasure(name: string, file: MeasureFile, rows: SourceFile['rows']): Measure {
  if (typeof file === 'object' && 'sum' in file) {
    return { kind: 'average', sum: buildExpression(file.sum), count: buildExpression(file.count) }
  }
  const expression = typeof file === 'string' ? buildExpression(file) : columnOrSql(file, name)
  if (rows === 'event') return { kind: 'value', expression }
  return { kind: 'state', state: (typeof file === 'string' ? undefined : file.state) ?? 'sum', expression }
}

/** A column, or SQL that stands for one. */
export function buildExpression(file: ExpressionFile): SourceExpression {
  return typeof file === 'string' ? { kind: 'column', column: file } : { kind: 'sql', sql: file.sql }
}

function columnOrSql(
  file: { column?: string | undefined; sql?: string | undefined },
  fallback: string,
): SourceExpression {
  return file.sql === undefined ? { kind: 'column', column: file.column ?? fallback } : { kind: 'sql', sql: file.sql }
}
