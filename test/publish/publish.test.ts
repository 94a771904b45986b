import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from '../../src/api/server.ts'
import { Snapshots } from '../../src/control/snapshots.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Composed } from '../support/composed.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { ADMIN_KEY, DAYS, fillMint, openMint, QUESTION, SOURCES, stateOf, VERSIONS } from './mint.ts'

const READERS = 8

let server: TestServer
let mint: Composed
let second: Composed
let app: FastifyInstance

beforeAll(async () => {
  server = await startPostgres()
  mint = await openMint(server.url)
  await fillMint(mint)
  app = await buildServer(mint.composition.api, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  second = await openMint(server.url)
})
afterAll(async () => {
  await second.close()
  await app.close()
  await mint.close()
  await server.stop()
})

const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown, key: string | undefined = ADMIN_KEY) =>
  app.inject({
    method,
    url,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  })

interface Reading {
  readonly rows: unknown[]
  readonly epoch: number
}

async function read(): Promise<Reading> {
  const response = await send('POST', '/v1/query?shape=rows', QUESTION, '')
  if (response.statusCode !== 200) throw new Error(response.body)
  const { rows, receipt } = response.json<{ rows: unknown[]; receipt: { epoch: number } }>()
  return { rows, epoch: receipt.epoch }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 2))
const epochNow = (of: Composed): number => of.composition.gateway.snapshot().epoch
const publishBoth = (version: number) =>
  mint.composition.publications.publish(SOURCES.map((source) => ({ source, days: DAYS, version })))
async function withdrawAll(): Promise<void> {
  for (const source of SOURCES) for (const day of DAYS) await mint.composition.publications.withdraw(source, day)
}

describe('publishing two sources and two days at once', () => {
  it('shows the old state whole or the new state whole, and the new one to whoever asks afterwards', async () => {
    const legal = new Map<number, unknown[]>([[epochNow(mint), stateOf(0, 0)]])
    const reached = (version: number): void => void legal.set(epochNow(mint), stateOf(version, version))
    let done = false
    let floor = epochNow(mint)
    const readings: { readonly reading: Reading; readonly floor: number }[] = []
    const readers = Array.from({ length: READERS }, async () => {
      while (!done) {
        const known = floor
        readings.push({ reading: await read(), floor: known })
      }
    })
    const write = async (): Promise<void> => {
      for (let version = 1; version <= VERSIONS; version++) {
        await publishBoth(version)
        reached(version)
        floor = epochNow(mint)
        expect((await read()).rows).toEqual(stateOf(version, version))
        // Back to an older version, and forth again.
        if (version % 10 === 0) {
          await publishBoth(version - 5)
          reached(version - 5)
          floor = epochNow(mint)
        }
      }
    }
    await write().finally(() => {
      done = true
    })
    await Promise.all(readers)
    for (const { reading, floor: least } of readings) {
      expect(reading.epoch).toBeGreaterThanOrEqual(least)
      expect(reading.rows).toEqual(legal.get(reading.epoch))
    }
    expect(new Set(readings.map(({ reading }) => reading.epoch)).size).toBeGreaterThan(VERSIONS / 2)
    expect(readings.length).toBeGreaterThan(200)
  })

  it('withdraws day by day: each answer is one of the steps, and the last is real time', async () => {
    await publishBoth(1)
    const steps = Array.from({ length: SOURCES.length * DAYS.length + 1 }, (_, step) => JSON.stringify(withdrawn(step)))
    let done = false
    const seen = new Set<string>()
    const readers = Array.from({ length: READERS }, async () => {
      while (!done) seen.add(JSON.stringify((await read()).rows))
    })
    const write = async (): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        await withdrawAll()
        expect((await read()).rows).toEqual(stateOf(0, 0))
        await publishBoth(1)
        expect((await read()).rows).toEqual(stateOf(1, 1))
      }
    }
    await write().finally(() => {
      done = true
    })
    await Promise.all(readers)
    expect([...seen].filter((rows) => !steps.includes(rows))).toEqual([])
    expect(seen.size).toBeGreaterThanOrEqual(2)
    await withdrawAll()
  })
})

/** Rows of both days when `step` of the four withdrawals have been made, in the order of withdrawAll. */
function withdrawn(step: number): unknown[] {
  return DAYS.flatMap((_, day) => {
    const coin = step > day ? 0 : 1
    const note = step > DAYS.length + day ? 0 : 1
    const rows = stateOf(coin, note)
    const half = rows.length / DAYS.length
    return rows.slice(day * half, (day + 1) * half)
  })
}

describe('publishing over HTTP', () => {
  const body = { source: 'coin_day', days: ['yesterday'], version: 3 }

  it('needs the admin key', async () => {
    const refused = await Promise.all([
      send('POST', '/v1/publications', body, ''),
      send('POST', '/v1/publications', body, 'another-key'),
      send('DELETE', '/v1/publications/coin_day/2026-11-19', undefined, ''),
    ])
    for (const response of refused) {
      expect([response.statusCode, response.json().code]).toEqual([401, 'UNAUTHENTICATED'])
      expect(response.headers['www-authenticate']).toBe('Bearer')
    }
    expect((await read()).rows).toEqual(stateOf(0, 0))
  })

  it.each([
    [{ source: 'coin_day', days: ['2026-11-20'] }, 409, 'DAY_NOT_OVER', '/days/0'],
    [{ source: 'coin_day', days: ['2026-11-18', '2027-01-01'] }, 409, 'DAY_NOT_OVER', '/days/1'],
    [{ source: 'coin_day', days: ['2026-11-05'] }, 409, 'NOTHING_STAGED', '/days'],
    [{ source: 'coin_day', days: ['2026-11-18', '2026-11-05'] }, 409, 'NOTHING_STAGED', '/days'],
    [{ source: 'coin_day', days: ['2026-11-18'], version: 999 }, 409, 'NOTHING_STAGED', '/days'],
    [{ source: 'coin_dya', days: ['2026-11-18'] }, 400, 'UNKNOWN_SOURCE', '/source'],
    [{ source: 'coin_event', days: ['2026-11-18'] }, 400, 'INVALID_VALUE', '/source'],
    [{ source: 'coin_day', days: [] }, 400, 'INVALID_REQUEST', '/days'],
  ])('refuses %j', async (wanted, status, code, pointer) => {
    const before = epochNow(mint)
    const response = await send('POST', '/v1/publications', wanted)
    expect([response.statusCode, response.json().code, response.json().errors[0].pointer]).toEqual([
      status,
      code,
      pointer,
    ])
    expect(epochNow(mint)).toBe(before)
    expect((await read()).rows).toEqual(stateOf(0, 0))
  })

  it('suggests the source that was meant', async () => {
    const response = await send('POST', '/v1/publications', { source: 'coin_dya', days: ['2026-11-18'] })
    expect(response.json().errors[0].suggestions).toContain('coin_day')
  })

  it('publishes yesterday of every staged source for the very next question', async () => {
    for (const day of DAYS) {
      const days = day === DAYS[1] ? ['yesterday'] : [day]
      const response = await send('POST', '/v1/publications', { days })
      expect(response.statusCode).toBe(200)
      expect(response.json().published).toHaveLength(SOURCES.length)
    }
    // Versions that were out before are superseded; the one that was withdrawn is the newest that is staged.
    expect((await read()).rows).toEqual(stateOf(1, 1))
  })

  it('may be repeated: the same version again changes nothing', async () => {
    const again = { source: 'coin_day', days: [...DAYS], version: 1 }
    const before = epochNow(mint)
    const response = await send('POST', '/v1/publications', again)
    const published = DAYS.map((day) => ({ source: 'coin_day', day, version: 1 }))
    expect([response.statusCode, response.json()]).toEqual([200, { published, epoch: before }])
    expect(epochNow(mint)).toBe(before)
  })

  it('lists what is out, and withdraws it once', async () => {
    const listed = (await send('GET', `/v1/publications?source=coin_day&from=2026-11-19`, undefined, '')).json()
    const out = listed.publications.filter(({ state }: { state: string }) => state === 'published')
    expect(out).toMatchObject([{ source: 'coin_day', day: '2026-11-19', version: 1 }])
    expect(listed.publications).toHaveLength(VERSIONS)
    const gone = []
    for (const source of SOURCES)
      for (const day of [...DAYS, DAYS[0]])
        gone.push((await send('DELETE', `/v1/publications/${source}/${day}`)).json().withdrawn)
    expect(gone).toEqual([true, true, false, true, true, false])
    expect((await read()).rows).toEqual(stateOf(0, 0))
  })
})

describe('a second gateway over the same control database', () => {
  const versionOf = (of: Composed): number | undefined =>
    of.composition.gateway
      .snapshot()
      .sources.get('coin_day')
      ?.versions.get(Date.parse(DAYS[1]) / 86_400_000)

  it('sees every publication within a second', async () => {
    const waits: number[] = []
    for (let version = 1; version <= 10; version++) {
      await publishBoth(version)
      const start = performance.now()
      while (versionOf(second) !== version && performance.now() - start < 5000) await pause()
      expect(versionOf(second)).toBe(version)
      waits.push(performance.now() - start)
    }
    expect(Math.max(...waits)).toBeLessThan(1000)
  })

  it('sees them by its poll alone too', async () => {
    const { catalog } = mint.composition
    const control = await openStore('control', server.url)
    const readWatermark = async () => ({ last: undefined, days: undefined })
    const snapshots = new Snapshots({
      control,
      catalog: () => catalog,
      readWatermark,
      onError: () => undefined,
      trustMs: 60_000,
    })
    await snapshots.refresh()
    snapshots.start(100)
    await publishBoth(20)
    const start = performance.now()
    while (snapshots.current.epoch < epochNow(mint) && performance.now() - start < 5000) await pause()
    expect(performance.now() - start).toBeLessThan(1000)
    await snapshots.stop()
    await control.close()
  })
})
