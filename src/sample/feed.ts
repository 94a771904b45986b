import { LRUCache } from 'lru-cache'
import { type Day, dayOf, formatDay, HOUR, type Instant, startOfDay } from '../base/time.ts'
import type { Store } from '../stores/port.ts'
import type { Progress } from './context.ts'
import { type Sample, ZONE } from './day.ts'
import type { DayEvents } from './events.ts'
import { columnsOf, formatAt, streamRows } from './rows.ts'
import { MOST_LATE } from './shape.ts'
import type { SampleState } from './state.ts'
import { REALTIME, STREAM_PARTITION } from './tables.ts'

/** Business days before today that the real-time tables hold; a day more than the catalog's retention needs. */
const DAYS_KEPT = 7
const KINDS = ['ads', 'consultations', 'orders', 'payments'] as const

/** The real-time stream. */
export interface Feed {
  /** Appends everything that arrived since the last time, up to and including `now`, and drops old days. */
  fillTo(now: Instant, progress: Progress): Promise<void>
}

/**
 * Reads how far earlier runs have come; where there was none, `firstDays` before today are filled. The mark moves after the rows are written; rows above it are what a killed or
 * failed run has left, and are taken out before anything is appended.
 */
export async function openFeed(
  store: Store,
  state: SampleState,
  sample: Sample,
  firstDays: number = DAYS_KEPT,
): Promise<Feed> {
  const text = await state.read('stream_through')
  let mark: Instant | undefined = text === undefined ? undefined : Number(text)
  let clean = false
  let cleared: Day | undefined
  const eventsOf = rememberDays(sample)
  return {
    async fillTo(now, progress) {
      if (mark !== undefined && now <= mark) return
      if (!clean) await removeAfter(store, mark)
      clean = false
      const today = dayOf(now, ZONE)
      const oldest = today - (mark === undefined ? Math.min(firstDays, DAYS_KEPT) : DAYS_KEPT)
      const first = mark === undefined ? oldest : Math.max(oldest, earliestOf(mark))
      for (let day = first; day <= today; day++) {
        progress((day - first) / (today - first + 1), `replaying ${formatDay(day)}`)
        await append(store, eventsOf(day), mark ?? Number.NEGATIVE_INFINITY, now)
      }
      await state.write('stream_through', String(now))
      mark = now
      clean = true
      if (cleared !== today) await removeBefore(store, startOfDay(today - DAYS_KEPT, ZONE))
      cleared = today
    },
  }
}

/** The earliest day with events that may arrive after an instant; retries come a little later still. */
function earliestOf(mark: Instant): Day {
  return dayOf(mark - MOST_LATE - HOUR, ZONE)
}

async function append(store: Store, events: DayEvents, after: Instant, to: Instant): Promise<void> {
  const arrived = ({ arrivesAt }: { arrivesAt: Instant }) => arrivesAt > after && arrivesAt <= to
  const { dialect } = store
  const rows = {
    ads: streamRows('ads', events.ads.filter(arrived), dialect),
    consultations: streamRows('consultations', events.consultations.filter(arrived), dialect),
    orders: streamRows('orders', events.orders.filter(arrived), dialect),
    payments: streamRows('payments', events.payments.filter(arrived), dialect),
  }
  for (const kind of KINDS) {
    if (rows[kind].length > 0) await store.load(REALTIME[kind].name, columnsOf(REALTIME[kind]), rows[kind])
  }
}

async function removeAfter(store: Store, mark: Instant | undefined): Promise<void> {
  for (const { name } of Object.values(REALTIME)) {
    if (mark === undefined) await store.execute(`TRUNCATE TABLE ${name}`)
    else await removeWhere(store, name, `arrived_at > ${instantText(mark, store)}`)
  }
}

async function removeBefore(store: Store, oldest: Instant): Promise<void> {
  const condition = `occurred_at < ${instantText(oldest, store)}`
  for (const { name } of Object.values(REALTIME)) {
    if (store.dialect === 'postgres') await removeWhere(store, name, condition)
    else await dropPartitions(store, name, condition)
  }
}

/** Looks first: a DELETE of nothing still takes ClickHouse a second. */
async function removeWhere(store: Store, table: string, condition: string): Promise<void> {
  const text = `SELECT count(*) FROM ${table} WHERE ${condition}`
  const { rows } = await store.query({ dialect: store.dialect, text, params: [] })
  if (Number(rows[0]?.[0]) > 0) await store.execute(`DELETE FROM ${table} WHERE ${condition}`)
}

/** Real-time tables are partitioned by business day in ClickHouse, so whole days go at once. */
async function dropPartitions(store: Store, table: string, condition: string): Promise<void> {
  const text = `SELECT DISTINCT ${STREAM_PARTITION} FROM ${table} WHERE ${condition}`
  const { rows } = await store.query({ dialect: store.dialect, text, params: [] })
  for (const [day] of rows) await store.execute(`ALTER TABLE ${table} DROP PARTITION '${day}'`)
}

function instantText(instant: Instant, { dialect }: Store): string {
  const text = `'${formatAt(instant, dialect)}'`
  return dialect === 'postgres' ? text : `toDateTime64(${text}, 3, 'UTC')`
}

/** Today and yesterday are asked for again and again. */
function rememberDays(sample: Sample): (day: Day) => DayEvents {
  const known = new LRUCache<Day, DayEvents>({ max: 2 })
  return (day) => {
    const events = known.get(day) ?? sample.eventsOf(day)
    known.set(day, events)
    return events
  }
}
