import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PLANTED } from './planted.ts'

const PLANT = fileURLToPath(new URL('./plant.ts', import.meta.url))
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url))
const STEPS = '3000'
const SEED = '5'

/** Runs the machine in a process of its own, with stores of its own, until it finds something. */
async function run(planted: string): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ['--import', PLANT, RUN, '--seed', SEED, '--steps', STEPS], {
    env: { ...process.env, PLANTED: planted },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)))
  const [code] = await once(child, 'close')
  return { code: Number(code), said }
}

describe('bugs planted into publishing', () => {
  it.each(PLANTED.map(({ name }) => name))('are found: %s', async (name) => {
    const { code, said } = await run(name)
    expect(code, said.slice(-4000)).toBe(1)
    expect(said).toContain(`failed with seed ${SEED}`)
  })
})
