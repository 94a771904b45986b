import { Fault } from '../../base/faults.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../catalog/compile.ts'
import type { CatalogText } from '../../catalog/position.ts'
import { readCatalogTexts } from '../../control/loadCatalog.ts'

/** What stands in a catalog folder already. */
export interface Existing {
  readonly texts: readonly CatalogText[]
  /** undefined for a folder without files. */
  readonly catalog: Catalog | undefined
}

/** Reads a folder; `replaced` is a file that will be written anew and so does not count. Faults: INVALID_CATALOG. */
export async function readExisting(folder: string, replaced: string | undefined): Promise<Existing> {
  const texts = (await readCatalogTexts(folder)).filter(({ path }) => path !== replaced)
  return { texts, catalog: texts.length === 0 ? undefined : requireCatalog(texts, folder) }
}

/** The catalog that texts make. Faults with INVALID_CATALOG. */
export function requireCatalog(texts: readonly CatalogText[], folder: string): Catalog {
  const compiled = compileCatalog(texts)
  if (compiled.ok) return compiled.catalog
  const lines = compiled.faults.map((fault) => `  ${formatFault(fault)}`)
  throw new Fault('INVALID_CATALOG', `The catalog in ${folder} has ${lines.length} faults:\n${lines.join('\n')}`)
}
