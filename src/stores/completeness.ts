import { type Day, dayOf, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Store } from './port.ts'
import { buildCountRows } from './sql/countRows.ts'

type Stores = ReadonlyMap<string, Store>

/** The last complete day that a source's own watermark query tells; undefined when it tells none. */
export async function readWatermark(source: Source, stores: Stores, catalog: Catalog): Promise<Day | undefined> {
  const store = stores.get(source.store)
  if (source.watermark === undefined || store === undefined) return undefined
  const statement = { dialect: store.dialect, text: source.watermark, params: [] }
  const { rows } = await store.query(statement, { timeout: 10_000 })
  const cell = rows[0]?.[0] ?? null
  if (cell === null) return undefined
  const text = String(cell)
  if (text.length === 10) return parseDay(text)
  // A moment: the days before the one that holds it are complete.
  const instant = Date.parse(`${text.replace(' ', 'T')}${/[zZ]|[+-]\d\d(:?\d\d)?$/.test(text) ? '' : 'Z'}`)
  return Number.isNaN(instant) ? undefined : dayOf(instant, zoneOf(source, catalog)) - 1
}

/** How many rows a source holds of a day's version. */
export async function countRows(
  source: Source,
  day: Day,
  version: number,
  stores: Stores,
  catalog: Catalog,
): Promise<number> {
  const store = stores.get(source.store)
  if (store === undefined) return 0
  const statement = buildCountRows(source, day, version, zoneOf(source, catalog), store.dialect)
  const { rows } = await store.query(statement, { timeout: 30_000 })
  return Number(rows[0]?.[0] ?? 0)
}

function zoneOf({ process }: Source, catalog: Catalog): string {
  return catalog.processes.get(process)?.zone ?? 'UTC'
}
