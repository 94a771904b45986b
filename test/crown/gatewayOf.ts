import { fixedClock } from '../../src/base/clock.ts'
import { parseDay } from '../../src/base/time.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import type { CatalogText } from '../../src/catalog/position.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { StoreHealth } from '../../src/gateway/health.ts'
import { completenessOf, type Snapshot } from '../../src/route/snapshot.ts'
import type { Store } from '../../src/stores/port.ts'
import type { Dataset, EngineName, Moment, StoreName } from './model.ts'

/** One connected store of each engine; either of them, or both in one, may stand behind a store's name. */
export type Engines = Readonly<Record<EngineName, Store>>

const DEADLINE_MS = 60_000

/** A gateway that stands at a moment, with the stores' names given to the dataset's engines. */
export function gatewayAt(texts: readonly CatalogText[], dataset: Dataset, moment: Moment, engines: Engines): Gateway {
  const clock = fixedClock(moment.now)
  const health = new StoreHealth(clock)
  if (moment.realtimeDown) health.markDown('realtime')
  const names: readonly StoreName[] = ['offline', 'realtime']
  const stores = new Map(names.map((name) => [name as string, engines[dataset.engines[name]]]))
  const snapshot = snapshotAt(moment)
  const catalog = compiled(texts)
  return createGateway({
    catalog: () => catalog,
    stores,
    clock,
    snapshot: () => snapshot,
    health,
    deadline: DEADLINE_MS,
  })
}

function compiled(texts: readonly CatalogText[]): Catalog {
  const result = compileCatalog(texts)
  if (result.ok) return result.catalog
  throw new Error(result.faults.map(formatFault).join('\n'))
}

function snapshotAt({ published }: Moment): Snapshot {
  const sources = [...published].map(([source, days]) => {
    const versions = [...days].map(([day, version]) => [parseDay(day) ?? Number.NaN, version] as const)
    return [source, completenessOf(new Map(versions))] as const
  })
  return { epoch: 1, sources: new Map(sources) }
}
