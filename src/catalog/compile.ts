import { createHash } from 'node:crypto'
import { buildCatalog } from './build.ts'
import type { Catalog } from './catalog.ts'
import { type Draft, readDraft } from './draft.ts'
import type { CatalogFault, CatalogText } from './position.ts'
import { RULES } from './rules/index.ts'

export type Compiled =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly faults: readonly CatalogFault[] }

/**
 * Texts -> Catalog, or every fault at once in the order of files and lines. Rules run also when some files are
 * malformed, but then only what the well-formed files say for themselves is told: names that stand in a malformed file
 * would look unknown.
 */
export function compileCatalog(texts: readonly CatalogText[]): Compiled {
  const { draft, faults } = readDraft(texts)
  if (faults.length === 0) {
    if (texts.length === 0) faults.push(emptyCatalog())
    for (const rule of RULES) faults.push(...rule(draft))
  }
  if (faults.length > 0) return { ok: false, faults: faults.toSorted(byPlace) }
  return { ok: true, catalog: Object.freeze(buildCatalog(draft, hashOf(draft))) }
}

function emptyCatalog(): CatalogFault {
  const message = 'There is no .yaml file under metrics/ or dimensions/.'
  return { file: 'metrics', line: 1, column: 1, code: 'EMPTY_CATALOG', message, suggestions: [] }
}

function byPlace(a: CatalogFault, b: CatalogFault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

/** The first 16 hex digits of SHA-256 over what the files mean, files in order of their names. */
function hashOf(draft: Draft): string {
  const parts = [
    ...draft.processes.map(({ value }) => [`process ${value.process}`, value] as const),
    ...draft.composites.map(({ value }) => [`metrics ${value.metrics[0]?.metric}`, value] as const),
    ...draft.dimensions.map(({ value }) => [`dimension ${value.dimension}`, value] as const),
    ...draft.calendars.map(({ value }) => [`calendar ${value.calendar}`, value] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** `metrics/ad.yaml:12:7 UNKNOWN_DIMENSION ...`: one line that editors and terminals can follow. */
export function formatFault(fault: CatalogFault): string {
  return `${fault.file}:${fault.line}:${fault.column} ${fault.code} ${fault.message}`
}
