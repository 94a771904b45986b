import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../base/faults.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { compileCatalog, formatFault } from '../catalog/compile.ts'
import type { CatalogText } from '../catalog/position.ts'

/** Reads every .yaml file under metrics/ and dimensions/ of a folder, folders inside them included. */
export async function readCatalogTexts(folder: string): Promise<CatalogText[]> {
  const texts: CatalogText[] = []
  for (const path of await yamlFilesIn(folder)) texts.push({ path, text: await readFile(join(folder, path), 'utf8') })
  return texts
}

/** Paths of a catalog's files in its folder, in order. */
export async function yamlFilesIn(folder: string): Promise<string[]> {
  const parts = ['dimensions', 'metrics'].map(async (part) => {
    const paths = await yamlFiles(join(folder, part))
    return paths.map((path) => `${part}/${path}`)
  })
  return (await Promise.all(parts)).flat()
}

async function yamlFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true })
    return names.filter((name) => /\.ya?ml$/.test(name)).toSorted()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** The compiled catalog of a folder. Faults with INVALID_CATALOG, every fault on a line of its own. */
export async function loadCatalog(folder: string): Promise<Catalog> {
  const compiled = compileCatalog(await readCatalogTexts(folder))
  if (compiled.ok) return compiled.catalog
  const lines = compiled.faults.map((fault) => `  ${formatFault(fault)}`)
  throw new Fault(
    'INVALID_CATALOG',
    `The catalog in ${folder} has ${lines.length} fault${lines.length === 1 ? '' : 's'}:\n${lines.join('\n')}`,
  )
}
