import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/stores/open.ts'
import { startPostgres, type TestServer } from '../../support/servers.ts'
import type { Engines } from '../gatewayOf.ts'
import { reportOf } from './report.ts'
import { runAlgebra } from './worlds.ts'

const FIXED_SEED = 1
const FRESH_SEED = Math.floor(Math.random() * 1_000_000)
const WORLDS = 1500

let server: TestServer
let engines: Engines

beforeAll(async () => {
  server = await startPostgres()
  engines = {
    postgres: await openStore('postgres', server.url),
    clickhouse: await openStore('clickhouse', 'chdb://memory'),
  }
})

afterAll(async () => {
  await Promise.all([engines.postgres.close(), engines.clickhouse.close()])
  await server.stop()
})

describe('the crown over the metric algebra', () => {
  it.each([
    ['the fixed seed', FIXED_SEED],
    [`the fresh seed ${FRESH_SEED}`, FRESH_SEED],
  ])('with %s', { timeout: 300_000 }, async (_, seed) => {
    const reports: string[] = []
    const tally = await runAlgebra({
      seed,
      worlds: WORLDS,
      engines,
      prefix: `${seed}_`,
      onFailure: (failure) => reports.push(reportOf(failure)) > 0,
    })
    expect(reports.join('\n')).toBe('')
    expect(tally.worlds).toBeGreaterThanOrEqual(WORLDS)
    // A generator that only made questions without an answer would find nothing.
    expect(tally.refusals).toBeLessThan(tally.worlds / 10)
    expect(tally.open).toBeLessThan(tally.worlds / 10)
    expect(tally.rows).toBeGreaterThan(5 * tally.worlds)
    expect(tally.cells).toBeGreaterThan(2 * tally.rows)
  })
})
