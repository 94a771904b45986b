import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { PLANTED } from './planted.ts'

const PLANT = fileURLToPath(new URL('./plant.ts', import.meta.url))
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url))
const SEED = '7'
const WORLDS = '720'

let server: TestServer

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(() => server.stop())

/** Runs the crown in a process of its own, with a chDB of its own; the PostgreSQL server is shared. */
async function run(worlds: string, planted?: string): Promise<{ code: number; said: string }> {
  const hook = planted === undefined ? [] : ['--import', PLANT]
  const child = spawn(process.execPath, [...hook, RUN, '--seed', SEED, '--worlds', worlds], {
    env: { ...process.env, CROWN_POSTGRES: server.url, ...(planted === undefined ? {} : { PLANTED: planted }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)))
  const [code] = await once(child, 'close')
  return { code: Number(code), said }
}

describe.concurrent('planted bugs', () => {
  it.each(PLANTED.map(({ name }) => name))('finds %s', { timeout: 180_000 }, async (name) => {
    const { code, said } = await run(WORLDS, name)
    expect(code, said.slice(-4000)).toBe(1)
    expect(said).toContain('mismatch with seed')
  })

  it('finds nothing where nothing is planted', { timeout: 180_000 }, async () => {
    const { code, said } = await run('180')
    expect(code, said.slice(-4000)).toBe(0)
  })
})
