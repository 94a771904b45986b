import { hash } from 'node:crypto'
import type { Cell } from '../base/cell.ts'
import { type Day, dayOf, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Store } from './port.ts'

type Stores = ReadonlyMap<string, Store>

/** What a source's own watermark tells of it. */
export interface Watermark {
  /** The last complete day; all before it are complete. */
  readonly last: Day | undefined
  /** Complete days, each with a number that changes when the day is written anew; undefined where none are listed. */
  readonly days: ReadonlyMap<Day, number> | undefined
}

/** Asks a source's watermark query. Faults are those of the store. */
export async function readWatermark(source: Source, stores: Stores, catalog: Catalog): Promise<Watermark> {
  const store = stores.get(source.store)
  if (source.watermark === undefined || store === undefined) return { last: undefined, days: undefined }
  const { kind, sql } = source.watermark
  const { rows } = await store.query({ dialect: store.dialect, text: sql, params: [] }, { timeout: 10_000 })
  const zone = zoneOf(source, catalog)
  if (kind === 'last') return { last: lastDay(rows[0]?.[0] ?? null, zone), days: undefined }
  const days = rows.flatMap(([cell = null, token = null]): [Day, number][] => {
    const day = cell === null ? undefined : parseDay(String(cell).slice(0, 10))
    return day === undefined ? [] : [[day, numberOf(token)]]
  })
  return { last: undefined, days: new Map(days) }
}

function lastDay(cell: Cell, zone: string): Day | undefined {
  if (cell === null) return undefined
  const text = String(cell)
  if (text.length === 10) return parseDay(text)
  // A moment: the days before the one that holds it are complete.
  const instant = Date.parse(`${text.replace(' ', 'T')}${/[zZ]|[+-]\d\d(:?\d\d)?$/.test(text) ? '' : 'Z'}`)
  return Number.isNaN(instant) ? undefined : dayOf(instant, zone) - 1
}

/** When a partition was written, or how often, as a number: texts by the first 48 bits of their hash. */
function numberOf(token: Cell): number {
  if (token === null) return 1
  const number = Number(token)
  return Number.isSafeInteger(number) ? number : Number.parseInt(hash('sha256', String(token), 'hex').slice(0, 12), 16)
}

function zoneOf({ process }: Source, catalog: Catalog): string {
  return catalog.processes.get(process)?.zone ?? 'UTC'
}
