import { type Day, formatDay, parseDay } from '../base/time.ts'
import type { Store } from '../stores/port.ts'
import type { Progress } from './context.ts'
import type { Sample } from './day.ts'
import { batchRows, columnsOf } from './rows.ts'
import type { SampleState } from './state.ts'
import { OFFLINE, type Table } from './tables.ts'

/** The one version of a day that the sample writes; corrections are left to whoever tries them out. */
export const VERSION = 1
/** Whole days that are there at the first start. */
export const FIRST_DAYS = 90
/** Days written at a time: bounds memory, and a ClickHouse insert may touch 100 partitions. */
const DAYS_AT_A_TIME = 10

/** The nightly batch. */
export interface Batches {
  /** First and last business day that is written; undefined before the first. */
  written(): { readonly from: Day; readonly through: Day } | undefined
  /** Writes the days that are missing through `last`. A day is written whole or, after a kill, once more. */
  writeThrough(last: Day, progress: Progress): Promise<void>
}

/** Reads how far earlier runs have come; `firstDays` are written where there was none. */
export async function openBatches(
  store: Store,
  state: SampleState,
  sample: Sample,
  firstDays: number = FIRST_DAYS,
): Promise<Batches> {
  let from = dayIn(await state.read('batch_from'))
  let through = dayIn(await state.read('batch_through'))
  return {
    written: () => (from === undefined || through === undefined ? undefined : { from, through }),
    async writeThrough(last, progress) {
      if (from === undefined) {
        await state.write('batch_from', formatDay(last - firstDays + 1))
        from = last - firstDays + 1
      }
      const first = through === undefined ? from : through + 1
      for (let day = first; day <= last; day += DAYS_AT_A_TIME) {
        const end = Math.min(day + DAYS_AT_A_TIME - 1, last)
        progress((day - first) / (last - first + 1), `writing ${formatDay(day)} to ${formatDay(end)}`)
        await writeDays(store, sample, day, end)
        await state.write('batch_through', formatDay(end))
        through = end
      }
    },
  }
}

/** A day as it stands in the state. */
export function dayIn(text: string | undefined): Day | undefined {
  return text === undefined ? undefined : parseDay(text)
}

async function writeDays(store: Store, sample: Sample, first: Day, last: Day): Promise<void> {
  for (const table of Object.values(OFFLINE)) await removeDays(store, table, first, last)
  await loadEvents(store, sample, first, last)
  await store.execute(aggregateAds(first, last))
  await store.execute(aggregateOrders(first, last))
}

async function loadEvents(store: Store, sample: Sample, first: Day, last: Day): Promise<void> {
  const days = Array.from({ length: last - first + 1 }, (_, at) => {
    const day = first + at
    const { ads, consultations, orders, payments } = sample.eventsOf(day)
    const of = { day, version: VERSION, dialect: store.dialect }
    return {
      // The nightly job has taken out what clients sent twice.
      ads: batchRows(
        'ads',
        ads.filter((ad) => !ad.retry),
        of,
      ),
      consultations: batchRows('consultations', consultations, of),
      orders: batchRows('orders', orders, of),
      payments: batchRows('payments', payments, of),
    }
  })
  for (const kind of ['ads', 'consultations', 'orders', 'payments'] as const) {
    const table = OFFLINE[kind]
    await store.load(
      table.name,
      columnsOf(table),
      days.flatMap((day) => day[kind]),
    )
  }
}

/** Takes out what a killed run may have left of days that are not recorded as written. */
async function removeDays(store: Store, table: Table, first: Day, last: Day): Promise<void> {
  if (store.dialect === 'postgres') {
    await store.execute(`DELETE FROM ${table.name} WHERE ${between(first, last)}`)
    return
  }
  const text = `SELECT DISTINCT day FROM ${table.name} WHERE ${between(first, last)}`
  const { rows } = await store.query({ dialect: store.dialect, text, params: [] })
  for (const [day] of rows) await store.execute(`ALTER TABLE ${table.name} DROP PARTITION ('${day}', ${VERSION})`)
}

/** Rows of each written day of a table. */
export async function countByDay(store: Store, table: Table, first: Day, last: Day): Promise<Map<string, number>> {
  const text = `SELECT day, count(*) FROM ${table.name} WHERE ${between(first, last)} GROUP BY day`
  const { rows } = await store.query({ dialect: store.dialect, text, params: [] })
  return new Map(rows.map(([day, count]) => [String(day), Number(count)]))
}

const AD_GROUP = 'day, pv, advertiser_id, campaign_id, channel, product_id, region_code'
const ORDER_GROUP = `${AD_GROUP}, attribution, buyer_type`

function aggregateAds(first: Day, last: Day): string {
  return `
    INSERT INTO ${OFFLINE.adDays.name} (${columnsOf(OFFLINE.adDays).join(', ')})
    SELECT ${AD_GROUP},
      sum(CASE WHEN kind = 'exposure' THEN 1 ELSE 0 END), sum(CASE WHEN kind = 'click' THEN 1 ELSE 0 END), sum(cost)
    FROM ${OFFLINE.ads.name} WHERE ${between(first, last)} GROUP BY ${AD_GROUP}`
}

function aggregateOrders(first: Day, last: Day): string {
  return `
    INSERT INTO ${OFFLINE.orderDays.name} (${columnsOf(OFFLINE.orderDays).join(', ')})
    SELECT ${ORDER_GROUP}, count(*), sum(amount), max(amount), min(amount)
    FROM ${OFFLINE.orders.name} WHERE ${between(first, last)} GROUP BY ${ORDER_GROUP}`
}

function between(first: Day, last: Day): string {
  return `pv = ${VERSION} AND day BETWEEN '${formatDay(first)}' AND '${formatDay(last)}'`
}
