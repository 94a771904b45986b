import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { readLock } from '../stores/lock.ts'
import type { CliContext } from './context.ts'
import type { Door } from './door.ts'
import { openRemoteDoor } from './remoteDoor.ts'

/** Milliseconds to wait for a process that holds the data folder and does not listen yet, or not for long. */
const PATIENCE = 60_000
const PAUSE = 200

/**
 * ONESERVICE_URL names the gateway; else the one that holds the data folder is asked; else one is put together here.
 * Embedded engines belong to one process, so there is no fourth way.
 */
export async function openDoor(config: Config, context: CliContext): Promise<Door> {
  if (config.gatewayUrl !== undefined) return openRemoteDoor(config.gatewayUrl, config.adminKey)
  const running = await findGateway(config, context)
  if (running !== undefined) return openRemoteDoor(running.url, running.key)
  // A gateway is much to load; who asks a running one need not wait for it.
  const { openLocalDoor } = await import('./localDoor.ts')
  return openLocalDoor(config, context)
}

interface Running {
  readonly url: string
  readonly key: string | undefined
}

async function findGateway(config: Config, context: CliContext): Promise<Running | undefined> {
  const until = performance.now() + PATIENCE
  let told = false
  while (performance.now() < until) {
    const lock = readLock(config.dataFolder)
    if (lock === undefined) return undefined
    const { url, key, catalog, pid } = lock
    if (typeof url === 'string') {
      // A gateway of another catalog can't answer; whether the stores can be shared, opening them will tell.
      if (catalog !== undefined && catalog !== config.catalogFolder) return undefined
      return { url, key: typeof key === 'string' ? key : undefined }
    }
    if (!told) context.stderr.write(`waiting for process ${pid}, which holds ${config.dataFolder} ...\n`)
    told = true
    await sleep(PAUSE)
  }
  return undefined
}
