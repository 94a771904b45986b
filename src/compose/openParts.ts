import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, systemClock } from '../base/clock.ts'
import { Fault } from '../base/faults.ts'
import type { Config } from '../config.ts'
import { CalendarBook } from '../control/calendars.ts'
import { Drops } from '../control/drops.ts'
import { Keys } from '../control/keys.ts'
import type { Landings } from '../control/landings.ts'
import { Snapshots } from '../control/snapshots.ts'
import { RedisLink } from '../gateway/redis.ts'
import { StreamWatch } from '../gateway/streamWatch.ts'
import { readWatermark } from '../stores/completeness.ts'
import type { Store } from '../stores/port.ts'
import { listen } from '../stores/postgres/listen.ts'
import { connect, controlUrl, storeUrls } from './openStores.ts'
import type { Closers, Parts, Tell } from './parts.ts'

/** Publications and keys are told by NOTIFY; these polls stand behind it, and see everything within a second. */
const POLL_MS = 400
const LOOK_MS = 250
/** How long a replica goes on with a snapshot while it can't ask for the next one; no version is dropped sooner. */
const SLOWEST_REPLICA_MS = 600_000
const DROP_EVERY_MS = 600_000
/** How long a start waits for Redis; it goes on without. */
const REDIS_MS = 1000
/** How long a start waits to hear how far the streams have come. */
const FIRST_LOOK_MS = 1000

export async function openSnapshots(
  { catalogs, stores, control, config, closers }: Parts,
  landings: Landings,
): Promise<Snapshots> {
  const snapshots = new Snapshots({
    control,
    catalog: () => catalogs.current,
    readWatermark: (source) => readWatermark(source, stores, catalogs.current),
    // The last snapshot stays in force; /readyz tells of a control database that can't be reached.
    onError: () => undefined,
    trustMs: SLOWEST_REPLICA_MS,
    onChange: () => landings.wake(),
  })
  await snapshots.refresh()
  snapshots.start(POLL_MS)
  closers.add(() => snapshots.stop())
  hear(config, control, 'oneservice_epoch', () => snapshots.refresh(), closers)
  return snapshots
}

export function openDrops({ catalogs, stores, control, config, closers, tell }: Parts): Drops {
  const drops = new Drops({
    control,
    stores,
    catalog: () => catalogs.current,
    least: config.deadline + SLOWEST_REPLICA_MS,
    onError: (error) =>
      tell('warn', `An old version could not be dropped yet. ${error instanceof Fault ? error.message : ''}`),
  })
  drops.start(DROP_EVERY_MS)
  closers.add(() => drops.stop())
  return drops
}

export async function openKeys({ control, config, closers }: Parts): Promise<Keys> {
  // An embedded control database belongs to this process alone.
  const keys = new Keys({ control, clock: systemClock, alone: control.engine !== 'postgres' })
  await keys.refresh()
  if (control.engine === 'postgres') keys.start(POLL_MS)
  closers.add(() => keys.stop())
  hear(config, control, 'oneservice_access', () => keys.refresh(), closers)
  return keys
}

/** Refreshes whenever a channel of the control database speaks. */
function hear(config: Config, control: Store, channel: string, refresh: () => Promise<void>, closers: Closers): void {
  if (control.engine !== 'postgres') return
  const hurry = (): void => void refresh().catch(() => undefined)
  const listening = listen(controlUrl(config), channel, hurry, hurry)
  closers.add(() => listening.close())
}

/** Calendars that are tables; one that can't be read yet is looked for again. */
export async function openCalendars({ catalogs, stores, closers, tell }: Parts): Promise<CalendarBook> {
  const calendars = new CalendarBook(stores)
  await calendars.load(catalogs.current).catch((error: unknown) => {
    tell('warn', `A calendar can not be read yet. ${error instanceof Fault ? error.message : ''}`)
  })
  calendars.watch(() => catalogs.current)
  closers.add(async () => calendars.stop())
  return calendars
}

/** A changed catalog comes into force when its stores are open and what is published of its sources is known. */
export function watchCatalog(
  { catalogs, config, stores, closers, tell }: Parts,
  snapshots: Snapshots,
  calendars: CalendarBook,
): void {
  catalogs.watch({
    everyMs: LOOK_MS,
    async prepare(next) {
      for (const [name, url] of storeUrls(config, next))
        if (!stores.has(name)) await connect(name, url, stores, closers)
      await snapshots.refreshFor(next)
      await calendars.load(next)
      tell('info', `The catalog ${next.version} is in force.`)
    },
    onRefused: (error) =>
      tell('warn', `The catalog was changed and stays as it was. ${error instanceof Fault ? error.message : ''}`),
  })
  closers.add(() => catalogs.stop())
}

/** The first questions know of silent streams too, unless a store is slow to say. */
export async function watchStreams({ catalogs, stores, closers }: Parts, clock: Clock): Promise<StreamWatch> {
  const streams = new StreamWatch({ catalog: () => catalogs.current, stores, clock })
  await Promise.race([streams.look(), sleep(FIRST_LOOK_MS, undefined, { ref: false })])
  streams.start()
  closers.add(() => streams.stop())
  return streams
}

export async function openRedis({ redisUrl }: Config, closers: Closers, tell: Tell): Promise<RedisLink | undefined> {
  if (redisUrl === undefined) return undefined
  const link = new RedisLink(redisUrl)
  closers.add(() => link.close())
  const up = await link.connected(REDIS_MS)
  if (!up) tell('warn', 'Redis does not answer yet; until it does this replica counts and keeps for itself.')
  return link
}
