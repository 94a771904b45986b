import { Fault, type FaultDetail, faultDetail } from '../base/faults.ts'
import { parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import { readTable, readVersions, sourceHash, type TableFacts, type VersionFacts } from '../stores/audit.ts'
import type { Store } from '../stores/port.ts'
import { auditKey } from '../stores/sql/audit.ts'

/** A version of a day, and what it must be. */
export interface Audited {
  readonly source: Source
  readonly day: string
  readonly version: number
  /** What was said or recorded of it; null where nothing was. */
  readonly expected: Partial<VersionFacts> & { readonly schemaHash?: string; readonly sourceHash?: string }
  /** It may have no rows. */
  readonly mayBeEmpty: boolean
  readonly pointer: string
}

/** What the audit found of one version. */
export interface AuditResult extends VersionFacts {
  readonly audited: Audited
  readonly schemaHash: string | undefined
  readonly sourceHash: string
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
  const results = await Promise.all(bySource.map(([source, of]) => auditSource(source, of, stores, catalog)))
  const faults = results.flatMap((each) => each.flatMap(({ fault }) => fault ?? []))
  if (faults.length > 0) throw Fault.at(faults.slice(0, 20))
  return results.flatMap((each) => each.map(({ result }) => result))
}

async function auditSource(
  source: Source,
  versions: readonly Audited[],
  stores: ReadonlyMap<string, Store>,
  catalog: Catalog,
): Promise<{ readonly result: AuditResult; readonly fault: FaultDetail | undefined }[]> {
  const store = stores.get(source.store)
  if (store === undefined) throw new Fault('STORE_DOWN', `The store ${source.store} is not connected.`)
  const table = await readTable(source, store)
  const days = versions.map((each) => ({ day: parseDay(each.day) ?? 0, version: each.version }))
  const broken = tableFault(table, source)
  const facts = broken === undefined ? await readVersions(source, days, store, catalog) : NO_FACTS
  const hash = sourceHash(source)
  return versions.map((audited, i) => {
    const day = days[i]
    const found = (day && facts.get(auditKey(day))) ?? { rowCount: 0, checksum: '' }
    const result = { ...found, audited, schemaHash: table.schemaHash, sourceHash: hash }
    const message = broken ?? complaint(result)
    const fault = message === undefined ? undefined : faultDetail('AUDIT_FAILED', audited.pointer, message)
    return { result, fault }
  })
}

const NO_FACTS: ReadonlyMap<string, VersionFacts> = new Map()

function tableFault({ schemaHash, lacking }: TableFacts, source: Source): string | undefined {
  if (schemaHash === undefined) return `The table of ${source.name} is not there.`
  if (lacking.length === 0) return undefined
  return `The table of ${source.name} lacks columns that the catalog names: ${lacking.join(', ')}.`
}

/** What is wrong with a version, in words; the first thing that is. */
function complaint({ audited, rowCount, checksum, schemaHash, sourceHash: hash }: AuditResult): string | undefined {
  const { source, day, version, expected, mayBeEmpty } = audited
  const which =
    source.version === undefined ? `${source.name} of ${day}` : `Version ${version} of ${source.name} of ${day}`
  if (expected.rowCount !== undefined && expected.rowCount !== rowCount)
    return `${which} has ${rowCount} rows and should have ${expected.rowCount}.`
  if (rowCount === 0 && !mayBeEmpty) return `${which} has no rows. Write them first, or say that the day is empty.`
  if (expected.checksum !== undefined && expected.checksum !== checksum)
    return `${which} has other rows than when it was staged. Write changed rows as a new version.`
  if (expected.schemaHash !== undefined && expected.schemaHash !== schemaHash)
    return `The table of ${source.name} has other columns than when ${day} was staged. Stage the day again.`
  if (expected.sourceHash !== undefined && expected.sourceHash !== hash)
    return `The catalog reads ${source.name} otherwise than when ${day} was staged. Stage the day again.`
  return undefined
}
