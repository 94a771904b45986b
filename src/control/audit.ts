import { Fault, type FaultDetail, faultDetail } from '../base/faults.ts'
import { parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import {
  readTable,
  readVersions,
  sourceHash,
  type TableColumns,
  type TableFacts,
  type VersionFacts,
} from '../stores/audit.ts'
import type { Store } from '../stores/port.ts'
import { auditKey } from '../stores/sql/audit.ts'

/** A version of a day, and what it must be. */
export interface Audited {
  readonly source: Source
  readonly day: string
  readonly version: number
  /** What was said or recorded of it. */
  readonly expected: Partial<VersionFacts> & { readonly columns?: TableColumns; readonly sourceHash?: string }
  /** It may have no rows. */
  readonly mayBeEmpty: boolean
  readonly pointer: string
}

/** What the audit found of one version. */
export interface AuditResult extends VersionFacts {
  readonly audited: Audited
  /** The columns that the rows were summed over. */
  readonly columns: TableColumns
  readonly sourceHash: string
}

interface Verdict {
  readonly result: AuditResult
  readonly fault: FaultDetail | undefined
}

/**
 * Looks at the rows of versions in their stores. Faults: AUDIT_FAILED with every version that is not what it must be,
 * and those of the stores.
 */
export async function audit(
  versions: readonly Audited[],
  stores: ReadonlyMap<string, Store>,
  catalog: Catalog,
): Promise<AuditResult[]> {
  const bySource = [...Map.groupBy(versions, ({ source }) => source)]
  const verdicts = (await Promise.all(bySource.map(([source, of]) => auditSource(source, of, stores, catalog)))).flat()
  const faults = verdicts.flatMap(({ fault }) => fault ?? [])
  if (faults.length > 0) throw Fault.at(faults.slice(0, 20))
  return verdicts.map(({ result }) => result)
}

async function auditSource(
  source: Source,
  versions: readonly Audited[],
  stores: ReadonlyMap<string, Store>,
  catalog: Catalog,
): Promise<Verdict[]> {
  const store = stores.get(source.store)
  if (store === undefined) throw new Fault('STORE_DOWN', `The store ${source.store} is not connected.`)
  const table = await readTable(source, store)
  // A version is summed over the columns it had when it was staged: a column that came later changes nothing.
  const alike = [...Map.groupBy(versions, ({ expected }) => JSON.stringify(expected.columns ?? table.columns)).values()]
  const verdicts = await Promise.all(
    alike.map((of) => auditAlike(of, of[0]?.expected.columns ?? table.columns ?? [], table, store, catalog)),
  )
  return verdicts.flat()
}

async function auditAlike(
  versions: readonly Audited[],
  columns: TableColumns,
  table: TableFacts,
  store: Store,
  catalog: Catalog,
): Promise<Verdict[]> {
  const [first] = versions
  if (first === undefined) return []
  const { source } = first
  const broken = tableFault(table, columns, source)
  const days = versions.map((each) => ({ day: parseDay(each.day) ?? 0, version: each.version }))
  const facts = broken === undefined ? await readVersions(source, days, columns, store, catalog) : NO_FACTS
  const hash = sourceHash(source)
  return versions.map((audited, i) => {
    const day = days[i]
    const found = (day && facts.get(auditKey(day))) ?? { rowCount: 0, checksum: '' }
    const result = { ...found, audited, columns, sourceHash: hash }
    const message = broken ?? complaint(result)
    return { result, fault: message === undefined ? undefined : faultDetail('AUDIT_FAILED', audited.pointer, message) }
  })
}

const NO_FACTS: ReadonlyMap<string, VersionFacts> = new Map()

function tableFault(table: TableFacts, columns: TableColumns, source: Source): string | undefined {
  if (table.columns === undefined) return `The table of ${source.name} is not there.`
  if (table.lacking.length > 0)
    return `The table of ${source.name} lacks columns that the catalog names: ${table.lacking.join(', ')}.`
  const now = new Map(table.columns)
  const changed = columns.filter(([name, type]) => now.get(name) !== type).map(([name]) => name)
  if (changed.length === 0) return undefined
  return `Columns of the table of ${source.name} are not what they were when it was staged: ${changed.join(', ')}. Write the day as a new version.`
}

/** What is wrong with a version, in words; the first thing that is. */
function complaint({ audited, rowCount, checksum, sourceHash: hash }: AuditResult): string | undefined {
  const { source, day, version, expected, mayBeEmpty } = audited
  const which =
    source.version === undefined ? `${source.name} of ${day}` : `Version ${version} of ${source.name} of ${day}`
  if (expected.rowCount !== undefined && expected.rowCount !== rowCount)
    return `${which} has ${rowCount} rows and should have ${expected.rowCount}.`
  if (rowCount === 0 && !mayBeEmpty) return `${which} has no rows. Write them first, or say that the day is empty.`
  if (expected.checksum !== undefined && expected.checksum !== checksum)
    return `${which} has other rows than when it was staged. Write changed rows as a new version.`
  if (expected.sourceHash !== undefined && expected.sourceHash !== hash)
    return `The catalog reads ${source.name} otherwise than when ${day} was staged. Stage the day again.`
  return undefined
}
