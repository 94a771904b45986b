import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allAt, bake, DAYS } from './bakery.ts'
import { ADMIN_KEY, listed, rowsNow, stageAll } from './doors.ts'
import { type SpawnedGateway, Victim } from './gateway.ts'
import { Relay, type Trap } from './relay.ts'
import { type KillWorld, openKillWorld } from './world.ts'

let world: KillWorld
let gateway: SpawnedGateway
let relay: Relay
let version = 0

beforeAll(async () => {
  world = await openKillWorld()
  gateway = await world.start()
  relay = await Relay.to(Number(new URL(gateway.url).port))
})

afterAll(async () => {
  await relay.close()
  await gateway.kill()
  await world.close()
})

/** `oneservice publish` of all staged days, through the relay. */
const publishing = (): Victim =>
  new Victim(['publish', '--day', ...DAYS, '--run-id', `run-${version}`], {
    ...world.environment,
    ONESERVICE_URL: `http://127.0.0.1:${relay.port}`,
    ONESERVICE_ADMIN_KEY: ADMIN_KEY,
  })

/** Kills the client over the first piece that one side sends. */
function killOver(client: Victim, side: 'client' | 'server', passes: boolean): Trap {
  return async (_, from) => {
    if (from !== side) return true
    if (passes) setImmediate(() => void client.kill())
    else await client.kill()
    return passes
  }
}

const MOMENTS: readonly (readonly [string, (client: Victim) => Promise<void>])[] = [
  ...[0, 60, 120, 200].map(
    (wait) => [`${wait} ms after it began`, (client: Victim) => sleep(wait, client).then(end)] as const,
  ),
  ['before its request is sent', (client) => over(client, killOver(client, 'client', false))],
  ['when its request has been sent', (client) => over(client, killOver(client, 'client', true))],
  ['before it hears the reply', (client) => over(client, killOver(client, 'server', false))],
]

const end = (client: Victim): Promise<void> => client.kill()

async function over(client: Victim, trap: Trap): Promise<void> {
  relay.trap = trap
  await client.gone
}

describe('a client that is killed while it publishes', () => {
  it.each(MOMENTS)('leaves all or nothing: %s', async (_, kill) => {
    await bake(world.store, ++version)
    await stageAll(gateway.url, version)
    await kill(publishing())
    relay.trap = undefined
    expect([allAt(version - 1), allAt(version)]).toContainEqual(await rowsNow(gateway.url))

    const again = publishing()
    await again.gone
    expect(again.child.exitCode, again.said).toBe(0)
    expect(await rowsNow(gateway.url)).toEqual(allAt(version))

    const records = await listed(gateway.url)
    const onceMore = publishing()
    await onceMore.gone
    expect(onceMore.child.exitCode, onceMore.said).toBe(0)
    expect(await rowsNow(gateway.url)).toEqual(allAt(version))
    expect(await listed(gateway.url)).toEqual(records)
  })
})
