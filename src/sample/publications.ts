import { Fault } from '../base/faults.ts'
import { type Day, formatDay } from '../base/time.ts'
import type { Publisher, StagedDay } from '../control/port.ts'
import type { Store } from '../stores/port.ts'
import { countByDay, dayIn, VERSION } from './batches.ts'
import type { SampleState } from './state.ts'
import { OFFLINE, type Table } from './tables.ts'

/** The batch sources of the sample's catalog, with their tables. */
export const BATCH_SOURCES: Readonly<Record<string, Table>> = {
  ad_delivery_day: OFFLINE.adDays,
  ad_event_detail: OFFLINE.ads,
  consultation_detail: OFFLINE.consultations,
  order_day: OFFLINE.orderDays,
  order_detail: OFFLINE.orders,
  payment_detail: OFFLINE.payments,
}

/** Tells the publisher which days are written, and which of them readers shall see. */
export interface Publications {
  /** Stages the written days that it has not staged yet. */
  stage(written: { readonly from: Day; readonly through: Day }): Promise<void>
  /** Publishes every staged day through `last`, all sources in one transaction. */
  publishThrough(last: Day, written: { readonly from: Day }): Promise<void>
}

/** Reads how far earlier runs have come. */
export async function openPublications(store: Store, publisher: Publisher, state: SampleState): Promise<Publications> {
  let staged = dayIn(await state.read('staged_through'))
  let published = dayIn(await state.read('published_through'))
  return {
    async stage({ from, through }) {
      const first = staged === undefined ? from : staged + 1
      if (first > through) return
      for (const [source, table] of Object.entries(BATCH_SOURCES)) {
        await publisher.stage(await writtenDays(store, source, table, first, through))
      }
      await state.write('staged_through', formatDay(through))
      staged = through
    },
    async publishThrough(last, { from }) {
      const first = published === undefined ? from : published + 1
      if (first > last) return
      const days = Array.from({ length: last - first + 1 }, (_, at) => formatDay(first + at))
      await publishStaged(
        publisher,
        Object.keys(BATCH_SOURCES).flatMap((source) => days.map((day) => ({ source, day }))),
      )
      await state.write('published_through', formatDay(last))
      published = last
    },
  }
}

async function writtenDays(store: Store, source: string, table: Table, first: Day, last: Day): Promise<StagedDay[]> {
  const counts = await countByDay(store, table, first, last)
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const day = formatDay(first + at)
    return { source, day, version: VERSION, rowCount: counts.get(day) ?? 0 }
  })
}

/**
 * Publishes all of them at once. Where someone has published a part already (or a killed run has), the publisher
 * refuses because nothing is staged there: then each half is tried by itself, down to the single day.
 */
async function publishStaged(publisher: Publisher, days: readonly { source: string; day: string }[]): Promise<void> {
  const bySource = Map.groupBy(days, (one) => one.source)
  try {
    await publisher.publish([...bySource].map(([source, of]) => ({ source, days: of.map((one) => one.day) })))
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'NOTHING_STAGED')) throw error
    if (days.length === 1) return
    const middle = Math.ceil(days.length / 2)
    await publishStaged(publisher, days.slice(0, middle))
    await publishStaged(publisher, days.slice(middle))
  }
}
