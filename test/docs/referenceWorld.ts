import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { prepareSample } from '../../src/sample/seed.ts'
import { createSmallTables, SMALL_CATALOG } from './smallCatalog.ts'

export const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** A Friday morning in Shanghai; the reference tells no other moment. */
export const NOW = '2026-11-20T10:31:00+08:00'
/** As many days as the windows of the examples look back. */
const FIRST_DAYS = 24

/** The sample business and the small catalog in embedded engines, at a clock that stands still. */
export interface ReferenceWorld {
  readonly composition: Composition
  /** Where the files of the catalog are. */
  readonly catalogFolder: string
  close(): Promise<void>
}

export async function openReferenceWorld(): Promise<ReferenceWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-reference-'))
  for (const part of ['metrics', 'dimensions']) cpSync(join(HOME, part), join(folder, part), { recursive: true })
  for (const [path, text] of Object.entries(SMALL_CATALOG)) writeFileSync(join(folder, path), text)
  const environment = {
    ONESERVICE_CATALOG: folder,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_STORE_OFFLINE: `chdb://${join(folder, 'offline')}`,
    ONESERVICE_STORE_REALTIME: `pglite://${join(folder, 'realtime')}`,
    ONESERVICE_NOW: NOW,
    ONESERVICE_LOG: 'silent',
  }
  const composition = await compose(readConfig(environment, HOME, HOME), join(HOME, 'migrations'))
  const { stores, publications, clock } = composition
  const [offline, realtime] = [stores.get('offline'), stores.get('realtime')]
  if (offline === undefined || realtime === undefined) throw new Error('the sample has two stores')
  const progress = (): void => undefined
  await prepareSample({ offline, realtime, publisher: publications, now: clock, firstDays: FIRST_DAYS, progress })
  await createSmallTables(offline, realtime)
  return {
    composition,
    catalogFolder: folder,
    async close() {
      await composition.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
