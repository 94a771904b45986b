import { hash } from 'node:crypto'
import { parseDay } from '../base/time.ts'
import type { Catalog, Source, SourceExpression } from '../catalog/catalog.ts'
import type { Store } from './port.ts'
import { auditKey, auditsManyDays, buildAudit, type VersionedDay } from './sql/audit.ts'

/** What a source's table holds of one version of a day. */
export interface VersionFacts {
  readonly rowCount: number
  /** Sum of a hash of each row; of the engine that it names. */
  readonly checksum: string
}

/** Names and types of columns, in the store's own words. */
export type TableColumns = readonly (readonly [name: string, type: string])[]

/** What a source's table looks like. */
export interface TableFacts {
  /** undefined where there is no such table. */
  readonly columns: TableColumns | undefined
  /** Columns that the catalog names and the table lacks. */
  readonly lacking: readonly string[]
}

/** Days that one statement is of: bounds its text. */
const DAYS_A_STATEMENT = 100
const AUDIT_MS = 300_000

/**
 * Counts versions and sums up their rows over columns, by `auditKey`; versions without rows have zero. Faults are those
 * of the store.
 */
export async function readVersions(
  source: Source,
  days: readonly VersionedDay[],
  columns: TableColumns,
  store: Store,
  catalog: Catalog,
): Promise<ReadonlyMap<string, VersionFacts>> {
  const zone = catalog.processes.get(source.process)?.zone ?? 'UTC'
  const names = columns.map(([name]) => name)
  const facts = new Map<string, VersionFacts>(
    days.map((each) => [auditKey(each), { rowCount: 0, checksum: `${store.dialect}:0` }]),
  )
  for (const part of parts(days, auditsManyDays(source) ? DAYS_A_STATEMENT : 1)) {
    const statement = buildAudit(source, part, names, zone, store.dialect)
    const { rows } = await store.query(statement, { timeout: AUDIT_MS })
    for (const [date, version, count, sum] of rows) {
      const day = parseDay(String(date).slice(0, 10))
      const wanted = part.find(
        (each) => each.day === day && (source.version === undefined || each.version === Number(version)),
      )
      // Of nothing, an aggregate without groups is one row all the same.
      if (wanted === undefined || Number(count) === 0) continue
      facts.set(auditKey(wanted), { rowCount: Number(count), checksum: `${store.dialect}:${sum}` })
    }
  }
  return facts
}

function* parts<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** Looks at the columns of a source's table. */
export async function readTable(source: Source, store: Store): Promise<TableFacts> {
  const columns = await store.describe(source.table)
  if (columns === undefined) return { columns: undefined, lacking: [] }
  const names = new Set(columns.map(({ name }) => name))
  return {
    columns: columns.map(({ name, type }) => [name, type] as const),
    lacking: [...new Set(columnsOf(source))].filter((name) => !names.has(name)),
  }
}

/** Hash of all that the catalog says of how a source is read. */
export function sourceHash(source: Source): string {
  const { description: _, upstream: __, audit: ___, keep: ____, since: _____, ...read } = source
  return short(JSON.stringify(read, (_key, value: unknown) => (value instanceof Map ? [...value].toSorted() : value)))
}

function short(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 16)
}

/** The columns that the catalog names; those inside SQL are the store's to know. */
function* columnsOf(source: Source): Generator<string> {
  const expressions: (SourceExpression | undefined)[] = [
    source.time.expression,
    ...[...source.times.values()].map(({ expression }) => expression),
    ...source.dimensions.values(),
    ...[...source.furtherKeys.values()].flat(),
    ...[...source.measures.values()].flatMap((measure) =>
      measure.kind === 'average' ? [measure.sum, measure.count] : [measure.expression],
    ),
  ]
  for (const each of expressions) if (each?.kind === 'column') yield each.column
  for (const name of [source.version, source.unique, source.time.day]) if (name !== undefined) yield name
}
