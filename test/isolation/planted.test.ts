import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { LEAKS } from './planted.ts'

const PLANT = fileURLToPath(new URL('./plant.ts', import.meta.url))
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url))
const SEED = '1'
const WORLDS = '240'

let server: TestServer
/** Where the processes keep what they have compiled: most of it is the same in all of them. */
let compiled: string

beforeAll(async () => {
  server = await startPostgres()
  compiled = mkdtempSync(join(tmpdir(), 'oneservice-compiled-'))
})

afterAll(async () => {
  await server.stop()
  rmSync(compiled, { recursive: true, force: true })
})

/** Asks worlds in a process and a database of its own, until something of a kind has leaked. */
async function run(worlds: string, planted?: (typeof LEAKS)[number]): Promise<{ code: number; said: string }> {
  const hook = planted === undefined ? [] : ['--import', PLANT]
  const until = planted === undefined ? [] : ['--until', planted.shows]
  const child = spawn(process.execPath, [...hook, RUN, '--seed', SEED, '--worlds', worlds, ...until], {
    env: {
      ...process.env,
      ISOLATION_POSTGRES: server.url,
      ...(planted === undefined ? {} : { PLANTED: planted.name }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)))
  const [code] = await once(child, 'close')
  return { code: Number(code), said }
}

describe.concurrent('planted leaks', () => {
  it.each(LEAKS)('finds $name', { timeout: 180_000 }, async (leak) => {
    const { code, said } = await run(WORLDS, leak)
    expect(code, said.slice(-4000)).toBe(1)
    expect(said).toContain(`leak of ${leak.shows}:`)
  })

  it('finds nothing where nothing is planted', { timeout: 180_000 }, async () => {
    const { code, said } = await run('60')
    expect(code, said.slice(-4000)).toBe(0)
  })
})
