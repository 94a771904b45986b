import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { prepareSample } from '../../src/sample/seed.ts'
import type { Store } from '../../src/stores/port.ts'
import { copyTables } from './copyTables.ts'
import type { SetUp } from './setUps.ts'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
const TRUTH = join(HOME, 'test/answers/truth.sql')

/** A Friday morning in Shanghai. */
const NOW = '2026-11-20T10:31:00+08:00'
/** From the 29th of September on, so that a month and a quarter begin within. */
const FIRST_DAYS = 52

/** The sample business in a set-up, with the accidents of a real warehouse, and the truth about it. */
export interface SampleWorld {
  readonly composition: Composition
  readonly truth: Store
  stop(): Promise<void>
}

/**
 * Seeds the sample and then lets things happen to its publications, which run through the 18th of November:
 *
 *   2026-11-15  ad delivery is withdrawn: a hole that real time fills, with the retries that clients sent
 *   2026-11-12  the day table of ad delivery alone is withdrawn: its detail table answers
 *   2026-11-10  orders are out in a second version, a yuan dearer each
 *   2026-11-11  orders have a second version that waits to be published, and must not be seen
 *   2026-11-03  consultations are withdrawn, and real time no longer holds them: missing
 */
export async function openSampleWorld(setUp: SetUp): Promise<SampleWorld> {
  const environment = {
    ONESERVICE_DATA_DIR: setUp.folder,
    ONESERVICE_STORE_OFFLINE: setUp.offline,
    ONESERVICE_STORE_REALTIME: setUp.realtime,
    ONESERVICE_NOW: NOW,
    ONESERVICE_LOG: 'silent',
  }
  const composition = await compose(readConfig(environment, HOME, HOME), join(HOME, 'migrations'))
  const { stores, publications, clock } = composition
  const [offline, realtime] = [storeOf(stores, 'offline'), storeOf(stores, 'realtime')]
  const progress = (): void => undefined
  await prepareSample({ offline, realtime, publisher: publications, now: clock, firstDays: FIRST_DAYS, progress })
  await composition.streams.look()
  await haveAccidents(composition, offline)
  await copyTables(offline, setUp.truth, OFFLINE_TABLES)
  await copyTables(realtime, setUp.truth, REALTIME_TABLES)
  for (const statement of statementsOf(TRUTH)) await setUp.truth.execute(statement)
  return {
    composition,
    truth: setUp.truth,
    async stop() {
      await composition.close()
      await setUp.stop()
    },
  }
}

/** The physical tables whose rows make up the truth. */
const OFFLINE_TABLES = [
  'dwd_ad_event',
  'dwd_consultation',
  'dwd_order',
  'dwd_payment',
  'dim_advertiser',
  'dim_campaign',
  'dim_product',
]
const REALTIME_TABLES = ['ad_event', 'consultation_event', 'order_event', 'payment_event']

async function haveAccidents({ publications }: Composition, offline: Store): Promise<void> {
  for (const day of ['2026-11-10', '2026-11-11']) await writeSecondVersion(offline, day)
  for (const source of ['order_day', 'order_detail']) {
    await publications.publish([{ source, days: ['2026-11-10'], version: 2 }])
    await publications.stage([{ source, day: '2026-11-11', version: 2 }])
  }
  await publications.withdraw('ad_delivery_day', '2026-11-15')
  await publications.withdraw('ad_event_detail', '2026-11-15')
  await publications.withdraw('ad_delivery_day', '2026-11-12')
  await publications.withdraw('consultation_detail', '2026-11-03')
}

/** Every order of a day a yuan dearer, as its version 2, in both tables of orders. */
async function writeSecondVersion(offline: Store, day: string): Promise<void> {
  const keys = 'advertiser_id, campaign_id, channel, product_id, region_code, attribution, buyer_type'
  const of = `day = '${day}' AND pv = 1`
  await offline.execute(
    `INSERT INTO dwd_order (day, pv, occurred_at, order_id, buyer_id, ${keys}, amount) ` +
      `SELECT day, 2, occurred_at, order_id, buyer_id, ${keys}, amount + 1 FROM dwd_order WHERE ${of}`,
  )
  await offline.execute(
    `INSERT INTO dws_order_day (day, pv, ${keys}, orders, gmv, largest_amount, smallest_amount) ` +
      `SELECT day, 2, ${keys}, orders, gmv + orders, largest_amount + 1, smallest_amount + 1 ` +
      `FROM dws_order_day WHERE ${of}`,
  )
}

function storeOf(stores: ReadonlyMap<string, Store>, name: string): Store {
  const store = stores.get(name)
  if (store === undefined) throw new Error(`the sample has a store ${name}`)
  return store
}

/** Comments go first: one may hold a semicolon. */
function statementsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*--.*$/gm, '')
  return text.split(';').filter((statement) => statement.trim() !== '')
}
