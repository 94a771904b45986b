import { createHash } from 'node:crypto'
import { parseDay } from '../base/time.ts'
import type { Calendar, Catalog } from '../catalog/catalog.ts'
import { CalendarDays, type Calendars, writtenCalendars } from '../query/calendar.ts'
import type { Store } from '../stores/port.ts'
import { buildCalendar } from '../stores/sql/calendar.ts'

const LOOK_MS = 60_000

/**
 * The days of the catalog's calendars. Those that are tables are read when the catalog comes into force, and looked at
 * again every minute; what can't be read stays as it was.
 */
export class CalendarBook {
  readonly #stores: ReadonlyMap<string, Store>
  readonly #known = new WeakMap<Catalog['calendars'], Calendars>()
  #timer: NodeJS.Timeout | undefined

  constructor(stores: ReadonlyMap<string, Store>) {
    this.#stores = stores
  }

  /** The calendars of a catalog, as they were last read. */
  of(catalog: Pick<Catalog, 'calendars'>): Calendars {
    return this.#known.get(catalog.calendars) ?? writtenCalendars(catalog)
  }

  /** Looks for calendars that could not be read yet; undefined when all are known. */
  missing(catalog: Pick<Catalog, 'calendars'>): Promise<void> | undefined {
    if (this.#known.has(catalog.calendars)) return undefined
    if ([...catalog.calendars.values()].every(({ table }) => table === undefined)) return undefined
    return this.load(catalog).catch(() => undefined)
  }

  /** Reads the tables of a catalog's calendars. Rejects as their stores do. */
  async load(catalog: Pick<Catalog, 'calendars'>): Promise<void> {
    const tables = [...catalog.calendars.values()].filter(({ table }) => table !== undefined)
    if (tables.length === 0) return
    const read = await Promise.all(tables.map(async (each) => [each.name, await this.#read(each)] as const))
    this.#known.set(catalog.calendars, new Map([...writtenCalendars(catalog), ...read]))
  }

  /** Looks again and again until stop(). */
  watch(catalog: () => Catalog): void {
    this.#timer = setInterval(() => void this.load(catalog()).catch(() => undefined), LOOK_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #read({ name, table }: Calendar): Promise<CalendarDays> {
    const store = this.#stores.get(table?.store ?? '')
    if (table === undefined || store === undefined) throw new TypeError(`the calendar ${name} has no store`)
    const { rows } = await store.query(buildCalendar(table, store.dialect), { timeout: 30_000 })
    const labels = rows.flatMap(([day, label]) => {
      const number = parseDay(String(day).slice(0, 10))
      return number === undefined || label === null || label === undefined ? [] : [[number, String(label)] as const]
    })
    const version = createHash('sha256').update(JSON.stringify(labels)).digest('base64url')
    return new CalendarDays(name, version, labels)
  }
}
