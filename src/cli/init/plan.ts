import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../base/faults.ts'
import type { CatalogText } from '../../catalog/position.ts'
import type { ColumnDescription, Store } from '../../stores/port.ts'
import { draftProcess, type ProcessDraft } from './draft.ts'
import { readExisting, requireCatalog } from './existing.ts'
import { freePath, schemaPath } from './files.ts'
import { type Guesses, guess } from './guess.ts'
import { near } from './near.ts'
import type { Wish } from './wish.ts'
import { dimensionText, processText } from './yamlText.ts'

/** What will be written. */
export interface Plan {
  readonly draft: ProcessDraft
  readonly files: readonly CatalogText[]
}

/** The files that will be written: checked together with those that stand there, before anything is. */
export async function planFiles(wish: Wish, guesses: Guesses, store: Store, home: string): Promise<Plan> {
  const { folder, process, force } = wish
  const path = `metrics/${process}.yaml`
  if (!force && existsSync(join(folder, path))) {
    throw new Fault(
      'CONFLICT',
      `${near(join(folder, path))} exists; name another --process, or write it anew with --force.`,
    )
  }
  const { texts, catalog } = await readExisting(folder, path)
  if (catalog?.processes.has(process) === true) {
    throw new Fault('CONFLICT', `The catalog has a process "${process}" already; name another with --process.`)
  }
  const draft = draftProcess(wish, guesses, catalog)
  const files = [
    { path, text: processText(draft, store.dialect, schemaPath(home, folder, 'metrics', 'process')) },
    ...draft.dimensions.flatMap((dimension): CatalogText[] => {
      if (dimension.exists) return []
      const schema = schemaPath(home, folder, 'dimensions', 'dimension')
      return [{ path: freePath(folder, 'dimensions', dimension.name), text: dimensionText(dimension, process, schema) }]
    }),
  ]
  requireCatalog([...texts, ...files], folder)
  return { draft, files }
}

/** The guesses, which need a time. Faults with INVALID_REQUEST. */
export function requireTime(columns: readonly ColumnDescription[], store: Store, wish: Wish): Guesses {
  const guesses = guess(columns, store.dialect, wish.process, wish.time)
  if (guesses !== undefined) return guesses
  const there = columns.map(({ name, type }) => `${name} (${type})`).join(', ')
  if (wish.time === undefined) {
    const message = `"${wish.table}" has no column of date or time, and a metric needs one. It has ${there}.`
    throw new Fault('INVALID_REQUEST', message)
  }
  const asked = columns.find(({ name }) => name === wish.time)
  const message =
    asked === undefined
      ? `"${wish.table}" has no column "${wish.time}". It has ${there}.`
      : `"${wish.time}" is of type ${asked.type}; the time is a date or a timestamp. A view can turn it into one.`
  throw new Fault('INVALID_REQUEST', message)
}
