import type { Day } from '../base/time.ts'
import type { Catalog } from '../catalog/catalog.ts'

/** A period of a custom calendar: its days in order, not always one after the other. */
export interface CalendarPeriod {
  readonly label: string
  readonly days: readonly Day[]
}

/**
 * The days of a custom calendar: fiscal months, promotion seasons. A day belongs to at most one period; periods are in
 * the order of their first days.
 */
export class CalendarDays {
  readonly name: string
  /** Tells two contents of one calendar apart. */
  readonly version: string
  readonly periods: readonly CalendarPeriod[]
  readonly #places = new Map<Day, { readonly period: number; readonly place: number }>()

  constructor(name: string, version: string, labels: Iterable<readonly [Day, string]>) {
    this.name = name
    this.version = version
    const days = new Map<string, Day[]>()
    for (const [day, label] of [...new Map(labels)].toSorted(([a], [b]) => a - b)) {
      const known = days.get(label)
      if (known === undefined) days.set(label, [day])
      else known.push(day)
    }
    this.periods = [...days].map(([label, of]) => ({ label, days: of }))
    for (const [period, { days: of }] of this.periods.entries())
      for (const [place, day] of of.entries()) this.#places.set(day, { period, place })
  }

  /** The first day of the period that holds a day; undefined for a day in none. */
  start(day: Day): Day | undefined {
    const at = this.#places.get(day)
    return at === undefined ? undefined : this.periods[at.period]?.days[0]
  }

  /** The label of the period that holds a day. */
  label(day: Day): string | undefined {
    const at = this.#places.get(day)
    return at === undefined ? undefined : this.periods[at.period]?.label
  }

  /** The day of the same place `count` periods later, clamped to the last; undefined outside of the calendar. */
  add(day: Day, count: number): Day | undefined {
    const at = this.#places.get(day)
    const days = at === undefined ? undefined : this.periods[at.period + count]?.days
    return days?.[Math.min(at?.place ?? 0, days.length - 1)]
  }

  /** The first and the last day of the period that holds a day. */
  bounds(day: Day): { readonly first: Day; readonly last: Day } | undefined {
    const at = this.#places.get(day)
    const days = at === undefined ? undefined : this.periods[at.period]?.days
    const [first] = days ?? []
    const last = days?.at(-1)
    return first === undefined || last === undefined ? undefined : { first, last }
  }
}

/** The calendars that a question may name, with their days. */
export type Calendars = ReadonlyMap<string, CalendarDays>

const written = new WeakMap<Catalog['calendars'], Calendars>()

/** The calendars whose periods the catalog itself says. */
export function writtenCalendars({ calendars }: Pick<Catalog, 'calendars'>): Calendars {
  const known = written.get(calendars)
  if (known !== undefined) return known
  const days = new Map<string, CalendarDays>()
  for (const { name, periods } of calendars.values()) {
    if (periods === undefined) continue
    const labels = periods.flatMap(({ label, from, to }) =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => [from + i, label] as const),
    )
    days.set(name, new CalendarDays(name, 'as written', labels))
  }
  written.set(calendars, days)
  return days
}
