import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CatalogText } from '../../src/catalog/position.ts'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import type { Store } from '../../src/stores/port.ts'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** A gateway over a catalog of the test's own, its files in a folder that goes away with it. */
export interface Composed {
  readonly composition: Composition
  readonly offline: Store
  readonly realtime: Store
  close(): Promise<void>
}

/** Composes a gateway with chDB in memory offline and `postgres` for real time and control. The tables are not made. */
export async function composed(
  texts: readonly CatalogText[],
  postgres: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Composed> {
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-composed-'))
  for (const { path, text } of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const variables = {
    ONESERVICE_CATALOG: folder,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_STORE_OFFLINE: 'chdb://memory',
    ONESERVICE_STORE_REALTIME: postgres,
    ONESERVICE_LOG: 'silent',
    ...environment,
  }
  const composition = await compose(readConfig(variables, HOME, HOME), join(HOME, 'migrations'))
  return {
    composition,
    offline: storeOf(composition, 'offline'),
    realtime: storeOf(composition, 'realtime'),
    async close() {
      await composition.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function storeOf({ stores }: Composition, name: string): Store {
  const store = stores.get(name)
  if (store === undefined) throw new Error(`the catalog names no store ${name}`)
  return store
}
