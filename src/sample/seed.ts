import { dayOf } from '../base/time.ts'
import type { Store } from '../stores/port.ts'
import { openBatches } from './batches.ts'
import { type Progress, partOf, type SampleStores } from './context.ts'
import { createSample, type Sample, ZONE } from './day.ts'
import { openFeed } from './feed.ts'
import { openPublications } from './publications.ts'
import { columnsOf, DIMENSION_ROWS } from './rows.ts'
import { claimStore } from './state.ts'
import { createTables, DIMENSIONS, OFFLINE, REALTIME } from './tables.ts'

/** The sample's stores, and somebody who watches them being filled. */
export interface SampleContext extends SampleStores {
  readonly progress: Progress
}

/**
 * Fills the stores up to now: at the first start 90 days of batches and the last days of events, later what has
 * happened since. All batch days but yesterday are published, yesterday is staged. Safe to run again after a kill at
 * any moment, and again when there is nothing to do. Faults with CONFLICT when a store holds tables of our names that
 * are somebody else's.
 */
export async function prepareSample(context: SampleContext): Promise<void> {
  context.progress(0, 'looking at what is there')
  const advance = await openSample(context)
  await advance(context.progress)
  context.progress(1, 'the sample is up to date')
}

/** Brings everything up to the moment it is called. After a failure it may be called again. */
export type Advance = (progress: Progress) => Promise<void>

/** Makes the stores ready and gives what brings them up to date. */
export async function openSample(stores: SampleStores): Promise<Advance> {
  const { offline, realtime, publisher, now } = stores
  const sample = createSample()
  const offlineState = await claimStore(offline)
  const realtimeState = await claimStore(realtime)
  await createTables(offline, [...Object.values(OFFLINE), ...Object.values(DIMENSIONS)])
  await createTables(realtime, [...Object.values(REALTIME), ...Object.values(DIMENSIONS)])
  for (const store of [offline, realtime]) await fillDimensions(store, sample)

  const feed = await openFeed(realtime, realtimeState, sample, stores.firstDays)
  const batches = await openBatches(offline, offlineState, sample, stores.firstDays)
  const publications = await openPublications(offline, publisher, realtimeState)
  return async (progress) => {
    const moment = now()
    const yesterday = dayOf(moment, ZONE) - 1
    await feed.fillTo(moment, partOf(progress, 0.02, 0.25))
    await batches.writeThrough(yesterday, partOf(progress, 0.25, 0.96))
    const written = batches.written()
    if (written === undefined) return
    await publications.stage(written)
    await publications.publishThrough(yesterday - 1, written)
  }
}

/** Dimension tables never change, so the number of rows tells whether they are whole. */
async function fillDimensions(store: Store, { world }: Sample): Promise<void> {
  for (const kind of ['advertisers', 'campaigns', 'products'] as const) {
    const table = DIMENSIONS[kind]
    const rows = DIMENSION_ROWS[kind](world)
    const text = `SELECT count(*) FROM ${table.name}`
    const found = await store.query({ dialect: store.dialect, text, params: [] })
    if (Number(found.rows[0]?.[0]) === rows.length) continue
    await store.execute(`TRUNCATE TABLE ${table.name}`)
    await store.load(table.name, columnsOf(table), rows)
  }
}
